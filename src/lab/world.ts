import {createCalicoctlCluster} from '../cluster/calicoctl/cluster.ts';
import type {HeldNode} from '../cluster/hold.ts';
import {createPracticeNodeShell} from '../cluster/node-shell.ts';
import {parseKernelRoutes} from '../cluster/parse/kernel-routes.ts';
import type {Cluster} from '../cluster/port.ts';
import {isVxlan} from '../core/pools.ts';
import {bgpFamilies} from '../core/reflectors.ts';
import type {KernelRoute, Observation} from '../core/session.ts';
import type {AdjustableClock} from '../practice/adjustable-clock.ts';
import {felixProtocol} from '../practice/bgp/felix-routes.ts';
import type {Network} from '../practice/bgp/network.ts';
import {type ModelCluster, nodesOf, type PracticeCluster, type PracticeOptions} from '../practice/cluster.ts';
import type {Engine} from '../practice/engine/engine.ts';
import {measureKernelLoss} from '../practice/kernel-loss.ts';
import type {KubernetesObject} from '../practice/kubernetes/types.ts';
import {measureLoss} from '../practice/loss.ts';
import {createLook} from './look.ts';
import type {Lab, LabControl, LabLook} from './types.ts';

/** A lab's cluster, and the ways a lab has to it. */
export type LabWorld = {
	readonly cluster: PracticeCluster;
	readonly control: LabControl;
	look(answers: ReadonlyMap<string, string>): Promise<LabLook>;
	/** Something is about to happen: losses are looked for at short intervals for some minutes. */
	attend(): void;
	close(): Promise<void>;
};

/** What a lab's cluster stands on: the time it goes by, and who starts it. */
export type LabGround = {
	readonly clock: AdjustableClock;
	readonly start: (options: Omit<PracticeOptions, 'clock'>) => PracticeCluster | Promise<PracticeCluster>;
	/** Ends the waits of what was started last, where time is real: nobody is there for them any more. */
	readonly abandon?: () => void;
};

/** Milliseconds of real time for one command. */
const timeout = 10_000;

/** Makes a lab's cluster and brings it to where the lab starts. The same lab gives the same start every time. */
export async function openWorld(lab: Lab, {clock, start}: LabGround): Promise<LabWorld> {
	const practice = await start({seed: 1, ...lab.cluster});
	try {
		return await inhabit(practice, lab, clock);
	} catch (error) {
		await practice.engine.close();
		throw error;
	}
}

async function inhabit(practice: PracticeCluster, lab: Lab, clock: AdjustableClock): Promise<LabWorld> {
	const network = modelOf(practice);
	const cluster = createCalicoctlCluster({
		exec: practice.exec,
		clock,
		nodeShell: createPracticeNodeShell(practice.exec),
		allowVersionMismatch: false,
		practice: true,
	});
	const firewall = createFirewall(practice);
	const control = createControl(practice, clock, firewall);
	await withoutTime(clock, async () => lab.start?.(control));
	const beganAt = clock.now();
	const blocks = new Map(nodesOf(lab.cluster ?? {}).map(node => [node.name, node.blocks ?? []] as const));
	const meter = network ? measureLoss(network, [...blocks.keys()], clock) : measureKernelLoss(practice, blocks, clock);
	return {
		cluster: practice,
		control,
		look: async answers => {
			const seen = await lookAround(cluster, practice);
			return createLook({
				...seen,
				here: practice.localNode,
				blocks,
				nodeStatuses: practice.kubernetes ? await readNodeStatuses(control) : [],
				isBlocked: firewall.isBlocked,
				answers,
				seconds: (clock.now() - beganAt) / 1000,
				lost: meter.soFar(),
			});
		},
		attend: () => meter.attend(),
		close: async () => {
			await meter.stop();
			await practice.engine.close();
		},
	};
}

/** As good as standing still: how fast the machine is must not show in where a lab starts. */
const still = 1e-9;

async function withoutTime(clock: AdjustableClock, work: () => Promise<void>): Promise<void> {
	const speed = clock.speed();
	clock.setSpeed(still);
	try {
		await work();
	} finally {
		clock.setSpeed(speed);
	}
}

async function lookAround(cluster: Cluster, practice: PracticeCluster) {
	const {snapshot} = await cluster.read();
	const nodes = snapshot.nodes.map((node): HeldNode => ({name: node.metadata.name, families: bgpFamilies(node)}));
	const names = nodes.map(({name}) => name);
	const observations = new Map<string, Observation>();
	for await (const observation of cluster.observe(names, {routes: true, deep: names})) {
		observations.set(observation.node, observation);
	}
	const held = new Map<string, readonly KernelRoute[]>();
	for (const node of nodes) {
		const seen = await cluster.holds?.look(node);
		const felix = snapshot.ipPools.some(isVxlan) ? await felixRoutesOn(practice, node) : [];
		held.set(node.name, [...(seen?.known ? seen.value : []), ...felix]);
	}
	return {snapshot, observations, held};
}

/** The routes of Felix, which no session says anything about; none on a node that does not answer. */
async function felixRoutesOn({exec}: PracticeCluster, {name, families}: HeldNode): Promise<readonly KernelRoute[]> {
	const found: KernelRoute[] = [];
	for (const family of families) {
		const argv = [name, 'ip', `-${family}`, 'route', 'show', 'proto', felixProtocol];
		const {stdout} = await exec('node-exec', argv, {timeout});
		const parsed = parseKernelRoutes(stdout, family, felixProtocol);
		if (parsed.ok) found.push(...parsed.value);
	}
	return found;
}

async function readNodeStatuses(control: LabControl): Promise<LabLook['nodeStatuses']> {
	const {items}: {readonly items: readonly KubernetesObject[]} = JSON.parse(
		await control.kubectl(['get', 'caliconodestatuses', '-o', 'json']),
	);
	return items.map(({metadata, spec = {}}) => ({name: metadata.name, spec}));
}

/** What drops BGP between nodes, and lets it through again; it knows what it drops. */
type Firewall = Pick<LabControl, 'blockBgp' | 'allowBgp'> & Pick<LabLook, 'isBlocked'>;

function createFirewall({engine}: PracticeCluster): Firewall {
	const blocked = new Set<string>();
	const keyOf = (one: string, other: string): string => [one, other].sort().join(' ');
	return {
		isBlocked: (one, other) => blocked.has(keyOf(one, other)),
		blockBgp: async (one, other) => {
			await engine.blockBgp([known(engine, one), known(engine, other)]);
			blocked.add(keyOf(one, other));
		},
		allowBgp: async (one, other) => {
			await engine.allowBgp([known(engine, one), known(engine, other)]);
			blocked.delete(keyOf(one, other));
		},
	};
}

function known(engine: Engine, node: string): string {
	if (!engine.has(node)) throw new Error(`There is no node ${node}.`);
	return node;
}

function createControl({exec, engine}: PracticeCluster, clock: AdjustableClock, firewall: Firewall): LabControl {
	const run = async (file: string, argv: readonly string[], input?: string): Promise<string> => {
		const {stdout, stderr, exitCode} = await exec(file, argv, {timeout, ...(input !== undefined && {input})});
		if (exitCode !== 0) throw new Error(`${[file, ...argv].join(' ')}: ${stderr || stdout}`);
		return stdout;
	};
	return {
		calicoctl: (argv, input) => run('calicoctl', argv, input),
		kubectl: (argv, input) => run('kubectl', argv, input),
		onNode: (node, argv) => run('node-exec', [known(engine, node), ...argv]),
		cutLink: async node => engine.cutLink(known(engine, node)),
		restoreLink: async node => engine.restoreLink(known(engine, node)),
		blockBgp: firewall.blockBgp,
		allowBgp: firewall.allowBgp,
		killBird: async node => engine.killBird(known(engine, node)),
		startBird: async node => engine.startBird(known(engine, node)),
		wait: seconds => clock.skip(seconds * 1000),
	};
}

/** The model of the nodes, where they are made of it: its routes are there without asking. */
function modelOf(practice: PracticeCluster): Network | undefined {
	return 'network' in practice ? (practice as ModelCluster).network : undefined;
}
