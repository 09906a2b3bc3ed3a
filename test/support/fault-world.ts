import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {commands} from '../../src/commands/table.ts';
import type {Json} from '../../src/core/json.ts';
import type {WrittenResource} from '../../src/core/resources.ts';
import {fieldAt} from '../../src/core/write.ts';
import {createClock} from '../../src/practice/clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';
import {type Ended, type OnCall, type OnDisk, runProcess} from './fault-process.ts';

/** Memory, where the machine has a folder of it: a journal is flushed to the disk line by line. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Monday noon: no `since` crosses a day's end in a test. */
const start = Date.UTC(2026, 10, 23, 12);

export const nodes = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'] as const;
export const reflectors = nodes.slice(0, 2);
/** The node that stays a client, which a test may lose. */
export const client = nodes[2];

const reach = ['--via', 'calicoctl', '--node-shell', 'node-exec {node} {command}'] as const;
export const applyArgs = ['apply', ...reach, '--reflectors', reflectors.join(','), '--yes', '--json'] as const;
export const rollbackArgs = ['rollback', ...reach, '--yes', '--json'] as const;
export const resumeArgs = ['resume', ...reach, '--yes', '--json'] as const;

/** Whether the program has `resume`: its column of the matrix is there as soon as the command is. */
export const hasResume = 'resume' in commands;

/** All resources a migration could touch, by `Kind/name`, without what the server counts and without the run's own note. */
export type Resources = ReadonlyMap<string, WrittenResource>;

/** A practice cluster that lives longer than the processes which change it. */
export type FaultWorld = {
	readonly practice: ReturnType<typeof createPracticeCluster>;
	readonly clock: ReturnType<typeof createClock>;
	readonly state: string;
	run(args: readonly string[], harm?: {onCall?: OnCall | undefined; onDisk?: OnDisk | undefined}): Promise<Ended>;
	resources(): Resources;
	/** Copies of routes on nodes, as `node destination`. */
	held(): readonly string[];
	journals(): readonly string[];
	dispose(): void;
};

/** Starts one with three nodes, two of them to become reflectors. */
export function createFaultWorld(): FaultWorld {
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({clock, nodes: nodeSeeds()});
	const state = mkdtempSync(join(scratch, 'calico-rr-fault-'));
	const env = {XDG_STATE_HOME: state, HOME: state, USER: 'tester', ETCD_ENDPOINTS: 'http://127.0.0.1:1'};
	const folder = (name: string) => join(state, 'calico-rr-wizard', name);
	const journals = () => list(folder('journals')).filter(path => path.endsWith('.jsonl'));
	return {
		practice,
		clock,
		state,
		journals,
		async run(args, {onCall, onDisk} = {}) {
			const ended = await runProcess(args, {exec: practice.exec, clock, env, onCall, onDisk});
			if (ended.exitCode === null) buryOwners(folder('locks'));
			return ended;
		},
		resources: () => {
			const {nodes: all, bgpPeers, bgpConfigurations} = practice.datastore.snapshot();
			return new Map(
				[...all, ...bgpPeers, ...bgpConfigurations].map(each => [`${each.kind}/${each.metadata.name}`, bare(each)]),
			);
		},
		held: () =>
			[...practice.network.added].flatMap(([table, routes]) =>
				routes.map(route => `${table.split('/')[0]} ${route.destination}`),
			),
		dispose: () => rmSync(state, {recursive: true, force: true}),
	};
}

function nodeSeeds() {
	return nodes.map((name, index) => ({
		name,
		ipv4Address: `${name.slice('ip-'.length).replaceAll('-', '.')}/20`,
		blocks: [`192.168.${index + 1}.0/26`, `192.168.${index + 1}.64/26`],
	}));
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder)
			.map(name => join(folder, name))
			.sort();
	} catch {
		return [];
	}
}

/** A process killed here still has this process's ID; its lock is made to name one that began at another time. */
function buryOwners(folder: string): void {
	for (const path of list(folder)) {
		const owner = JSON.parse(readFileSync(path, 'utf8'));
		writeFileSync(path, JSON.stringify({...owner, started: 'before this boot'}));
	}
}

function bare({metadata, ...rest}: WrittenResource): WrittenResource {
	const {name, labels, annotations} = metadata;
	const kept = Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== 'calico-rr-wizard/run'));
	return {
		...rest,
		metadata: {
			name,
			...(Object.keys(labels ?? {}).length > 0 && {labels}),
			...(Object.keys(kept).length > 0 && {annotations: kept}),
		},
	} as WrittenResource;
}

/** A change that another administrator makes in the middle of a run. */
export type Foreign = {
	readonly key: string;
	readonly path: readonly string[];
	readonly value: Json;
	readonly command: {argv: readonly string[]; input?: string};
};

/**
 * Whether everything is as in `wanted`, apart from what another administrator changed: that must have stayed, unless the
 * whole resource went with which this program had made it.
 */
export function isAs(now: Resources, wanted: Resources, foreign?: Foreign): boolean {
	for (const key of new Set([...now.keys(), ...wanted.keys()])) {
		const [found, expected] = [now.get(key), wanted.get(key)];
		if (foreign && key === foreign.key) {
			const kept = found !== undefined && equal(fieldAt(found, foreign.path), foreign.value);
			const wentWithUs = found === undefined && expected === undefined && foreign.path[0] === 'metadata';
			// Mesh on is what a `default` that is not there says too.
			const wasDeleted = key.startsWith('BGPConfiguration/') && found === undefined && expected === undefined;
			if (!kept && !wentWithUs && !wasDeleted) return false;
			continue;
		}
		if (!equal(found, expected)) return false;
	}
	return true;
}

function equal(left: unknown, right: unknown): boolean {
	return canonical(left) === canonical(right);
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_, each) =>
		each && typeof each === 'object' && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort()) : each,
	);
}
