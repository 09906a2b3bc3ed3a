import {createCalicoctlCluster} from '../cluster/calicoctl/cluster.ts';
import type {HeldNode} from '../cluster/hold.ts';
import {createPracticeNodeShell} from '../cluster/node-shell.ts';
import type {Cluster} from '../cluster/port.ts';
import type {KernelRoute, Observation} from '../core/session.ts';
import type {AdjustableClock} from '../practice/adjustable-clock.ts';
import type {Network} from '../practice/bgp/network.ts';
import {createPracticeCluster, type ModelCluster} from '../practice/cluster.ts';
import type {KubernetesObject} from '../practice/kubernetes/types.ts';
import {measureLoss} from '../practice/loss.ts';
import {createLook} from './look.ts';
import type {Lab, LabControl, LabLook} from './types.ts';

/** A lab's cluster, and the ways a lab has to it. */
export type LabWorld = {
	readonly cluster: ModelCluster;
	readonly control: LabControl;
	look(answers: ReadonlyMap<string, string>): Promise<LabLook>;
	/** Something is about to happen: losses are looked for at short intervals for some minutes. */
	attend(): void;
	close(): Promise<void>;
};

/** Milliseconds of real time for one command. */
const timeout = 10_000;

/** Makes a lab's cluster and brings it to where the lab starts. The same lab gives the same start every time. */
export async function openWorld(lab: Lab, clock: AdjustableClock): Promise<LabWorld> {
	const practice = createPracticeCluster({seed: 1, ...lab.cluster, clock});
	const cluster = createCalicoctlCluster({
		exec: practice.exec,
		clock,
		nodeShell: createPracticeNodeShell(practice.exec),
		allowVersionMismatch: false,
		practice: true,
	});
	const firewall = createFirewall(practice, clock);
	const control = createControl(practice, clock, firewall);
	await withoutTime(clock, async () => lab.start?.(control));
	const beganAt = clock.now();
	const names = practice.datastore.snapshot().nodes.map(node => node.metadata.name);
	const meter = measureLoss(practice.network, names, clock);
	return {
		cluster: practice,
		control,
		look: async answers => {
			const seen = await lookAround(cluster, practice.network);
			return createLook({
				...seen,
				nodeStatuses: practice.kubernetes ? await readNodeStatuses(control) : [],
				isBlocked: firewall.isBlocked,
				answers,
				seconds: (clock.now() - beganAt) / 1000,
				lost: meter.soFar(),
			});
		},
		attend: meter.attend,
		close: async () => {
			await meter.stop();
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

async function lookAround(cluster: Cluster, network: Network) {
	const {snapshot} = await cluster.read();
	const nodes = snapshot.nodes.map(({metadata, spec}): HeldNode => {
		const {ipv4Address, ipv6Address} = spec.bgp ?? {};
		return {
			name: metadata.name,
			families: [...(ipv4Address ? [4 as const] : []), ...(ipv6Address ? [6 as const] : [])],
		};
	});
	const names = nodes.map(({name}) => name);
	const observations = new Map<string, Observation>();
	for await (const observation of cluster.observe(names, {routes: true, deep: names})) {
		observations.set(observation.node, observation);
	}
	const held = new Map<string, readonly KernelRoute[]>();
	for (const node of nodes) {
		const seen = await cluster.holds?.look(node);
		const felix = node.families.flatMap(family => network.felixRoutes(node.name, family));
		held.set(node.name, [...(seen?.known ? seen.value : []), ...felix]);
	}
	const blocks = new Map(
		names.map(name => [name, ([4, 6] as const).flatMap(family => network.blocksOf(name, family))] as const),
	);
	return {snapshot, observations, held, blocks};
}

async function readNodeStatuses(control: LabControl): Promise<LabLook['nodeStatuses']> {
	const {items}: {readonly items: readonly KubernetesObject[]} = JSON.parse(
		await control.kubectl(['get', 'caliconodestatuses', '-o', 'json']),
	);
	return items.map(({metadata, spec = {}}) => ({name: metadata.name, spec}));
}

/** What drops BGP between nodes, and lets it through again; it knows what it drops. */
type Firewall = Pick<LabControl, 'blockBgp' | 'allowBgp'> & Pick<LabLook, 'isBlocked'>;

function createFirewall({network}: ModelCluster, clock: AdjustableClock): Firewall {
	const blocked = new Set<string>();
	const keyOf = (one: string, other: string): string => [one, other].sort().join(' ');
	return {
		isBlocked: (one, other) => blocked.has(keyOf(one, other)),
		blockBgp: (one, other) => {
			network.blockBgp([known(network, one), known(network, other)], clock.now());
			blocked.add(keyOf(one, other));
		},
		allowBgp: (one, other) => {
			network.allowBgp([known(network, one), known(network, other)], clock.now());
			blocked.delete(keyOf(one, other));
		},
	};
}

function known(network: Network, node: string): string {
	if (!network.has(node)) throw new Error(`There is no node ${node}.`);
	return node;
}

function createControl(practice: ModelCluster, clock: AdjustableClock, firewall: Firewall): LabControl {
	const {network} = practice;
	const run = async (file: string, argv: readonly string[], input?: string): Promise<string> => {
		const {stdout, stderr, exitCode} = await practice.exec(file, argv, {
			timeout,
			...(input !== undefined && {input}),
		});
		if (exitCode !== 0) throw new Error(`${[file, ...argv].join(' ')}: ${stderr || stdout}`);
		return stdout;
	};
	const now = (): number => clock.now();
	return {
		calicoctl: (argv, input) => run('calicoctl', argv, input),
		kubectl: (argv, input) => run('kubectl', argv, input),
		onNode: (node, argv) => run('node-exec', [known(network, node), ...argv]),
		cutLink: node => network.cutLink(known(network, node), now()),
		restoreLink: node => network.restoreLink(known(network, node), now()),
		blockBgp: firewall.blockBgp,
		allowBgp: firewall.allowBgp,
		killBird: node => network.killBird(known(network, node), now()),
		startBird: node => network.startBird(known(network, node), now()),
		wait: seconds => clock.skip(seconds * 1000),
	};
}
