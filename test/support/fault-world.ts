import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Clock} from '../../src/core/clock.ts';
import type {Json} from '../../src/core/json.ts';
import type {WrittenResource} from '../../src/core/resources.ts';
import {fieldAt} from '../../src/core/write.ts';
import {createClock} from '../../src/practice/clock.ts';
import {
	createPracticeCluster,
	type ModelCluster,
	type PracticeCluster,
	type PracticeOptions,
} from '../../src/practice/cluster.ts';
import {type Call, type Ended, type OnCall, type OnDisk, runProcess} from './fault-process.ts';

/** Memory, where the machine has a folder of it: a journal is flushed to the disk line by line. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Monday noon: no `since` crosses a day's end in a test. */
const start = Date.UTC(2026, 10, 23, 12);

const nodes = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'] as const;

/** What the program reaches the cluster through. */
export type Tool = {
	readonly name: string;
	readonly file: 'calicoctl' | 'kubectl';
	readonly datastore: NonNullable<PracticeOptions['datastore']>;
	readonly reach: readonly string[];
};

const viaKubectl = ['--via', 'kubectl'] as const;
export const tools = {
	calicoctl: {
		name: 'calicoctl',
		file: 'calicoctl',
		datastore: 'etcd',
		reach: ['--via', 'calicoctl', '--node-shell', 'node-exec {node} {command}'],
	},
	kubectl: {name: 'kubectl, crd.projectcalico.org/v1', file: 'kubectl', datastore: 'kubernetes-v1', reach: viaKubectl},
	aggregated: {
		name: 'kubectl, aggregated projectcalico.org/v3',
		file: 'kubectl',
		datastore: 'kubernetes-aggregated',
		reach: viaKubectl,
	},
	native: {
		name: 'kubectl, native projectcalico.org/v3',
		file: 'kubectl',
		datastore: 'kubernetes-native',
		reach: viaKubectl,
	},
	nodeStatus: {
		name: 'kubectl, CalicoNodeStatus instead of exec',
		file: 'kubectl',
		datastore: 'kubernetes-v1',
		reach: [...viaKubectl, '--live', 'node-status'],
	},
} as const satisfies Readonly<Record<string, Tool>>;

/** What a cell is made in. */
export type WorldOptions = {
	readonly tool: Tool;
	/** All but the last one become reflectors. */
	readonly nodes: 2 | 3;
};

/** All resources a migration could touch, by `Kind/name`, without what the server counts and without the run's own note. */
export type Resources = ReadonlyMap<string, WrittenResource>;

/** A practice cluster that lives longer than the processes which change it. */
export type FaultWorld = {
	readonly practice: ModelCluster;
	readonly tool: Tool;
	/** The time by which the program waits. */
	readonly clock: Clock;
	/** The node that stays a client. */
	readonly client: string;
	/** What a process of the program needs in its environment. */
	readonly env: Readonly<Record<string, string>>;
	/** Runs `apply`, `rollback`, `resume`, `hold status` or `doctor` with the flags that lead to this cluster. */
	run(command: RunName, harm?: {onCall?: OnCall | undefined; onDisk?: OnDisk | undefined}): Promise<Ended>;
	/** The same without any harm, within this process: for what is only looked at. */
	ask(command: RunName): Promise<Ended>;
	resources(): Resources;
	/** Copies of routes on nodes, as `node destination`. */
	held(): readonly string[];
	journals(): readonly string[];
	locks(): readonly string[];
	/** Names of the CalicoNodeStatus objects that are there. */
	statusObjects(): readonly string[];
	/** The node on which a call runs its command. */
	nodeOf(call: Pick<Call, 'file' | 'argv'>): string;
	dispose(): void;
};

export type RunName = 'apply' | 'rollback' | 'resume' | 'hold status' | 'doctor';

/** The command line of a run. */
export function argsOf(command: RunName, {tool, nodes: count}: WorldOptions): readonly string[] {
	const flags: Readonly<Record<RunName, readonly string[]>> = {
		apply: ['--yes', '--reflectors', nodes.slice(0, count - 1).join(',')],
		rollback: ['--yes'],
		resume: ['--yes'],
		'hold status': [],
		doctor: [],
	};
	return [...command.split(' '), ...tool.reach, ...flags[command], '--json'];
}

/** Starts one; its processes run within this one, and its clock jumps. */
export function createFaultWorld(options: WorldOptions): FaultWorld {
	const {tool} = options;
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({clock, nodes: nodeSeeds(options.nodes), datastore: tool.datastore});
	const state = mkdtempSync(join(scratch, 'calico-rr-fault-'));
	const env = {
		XDG_STATE_HOME: state,
		HOME: state,
		USER: 'tester',
		...(tool.file === 'calicoctl' && {ETCD_ENDPOINTS: 'http://127.0.0.1:1'}),
	};
	const folder = (name: string) => join(state, 'calico-rr-wizard', name);
	const locks = () => list(folder('locks'));
	const podNodes = new Map<string, string>();
	const run: FaultWorld['run'] = async (command, {onCall, onDisk} = {}) => {
		const ended = await runProcess(argsOf(command, options), {exec: practice.exec, clock, env, onCall, onDisk});
		if (ended.exitCode === null) buryOwners(locks());
		return ended;
	};
	return {
		practice,
		tool,
		clock,
		client: nodes[options.nodes - 1] ?? '',
		env,
		run,
		ask: command => run(command),
		journals: () => list(folder('journals')).filter(path => path.endsWith('.jsonl')),
		locks,
		statusObjects: () =>
			tool.file === 'kubectl' ? itemsOf(practice, 'caliconodestatuses').map(({metadata}) => metadata.name) : [],
		nodeOf({file, argv}) {
			if (file === 'node-exec') return argv[0] ?? '';
			for (const {metadata, spec} of podNodes.size > 0 ? [] : itemsOf(practice, 'pods', '--all-namespaces'))
				podNodes.set(metadata.name, spec.nodeName ?? '');
			return podNodes.get(argv[argv.indexOf('-n') + 2] ?? '') ?? '';
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

type Item = {readonly metadata: {readonly name: string}; readonly spec: {readonly nodeName?: string}};

function itemsOf(practice: PracticeCluster, resource: string, ...flags: readonly string[]): readonly Item[] {
	const reply = practice.run({file: 'kubectl', argv: ['get', resource, ...flags, '-o', 'json']});
	if (reply === 'silence' || reply instanceof Promise || reply.exitCode !== 0)
		throw new Error(`kubectl get ${resource}: ${JSON.stringify(reply)}`);
	return JSON.parse(reply.stdout).items;
}

function nodeSeeds(count: number) {
	return nodes.slice(0, count).map((name, index) => ({
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
function buryOwners(locks: readonly string[]): void {
	for (const path of locks) {
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
	readonly command: {readonly file?: string; readonly argv: readonly string[]; readonly input?: string};
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
