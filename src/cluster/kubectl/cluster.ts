import type {Clock} from '../../core/clock.ts';
import {bgpFamilies} from '../../core/reflectors.ts';
import type {NodeResource} from '../../core/resources.ts';
import type {Family, Observation} from '../../core/session.ts';
import {emptySnapshot, type Snapshot} from '../../core/snapshot.ts';
import {createLimit} from '../concurrency.ts';
import type {Exec} from '../exec.ts';
import {createHolds} from '../hold.ts';
import {createMeshSwitch} from '../mesh-switch.ts';
import type {NodeShell} from '../node-shell.ts';
import {birdSessions, createObserver} from '../observe.ts';
import {createPings} from '../pings.ts';
import type {Cluster} from '../port.ts';
import {clusterName, unreadName} from './contexts.ts';
import {createDatastore} from './datastore.ts';
import {inspectCluster} from './inspect.ts';
import {createLive, type Way} from './live.ts';
import {readNodeFacts} from './node-facts.ts';
import {createKubectlNodeShell} from './node-shell.ts';
import {createStatusObjects} from './node-status-objects.ts';
import {createNodeStatusObserver} from './node-status-observer.ts';
import {readPodAddresses} from './pod-addresses.ts';
import {createCalicoPods} from './pods.ts';
import {portsOf} from './ports.ts';
import {createKubectl} from './run.ts';

export type KubectlClusterOptions = {
	readonly exec: Exec;
	/** kubectl itself; looked up on the PATH where it holds no slash. */
	readonly binary?: string | undefined;
	/** kubectl's `--context` and `--kubeconfig`. */
	readonly context?: string | undefined;
	readonly kubeconfig?: string | undefined;
	readonly clock: Clock;
	readonly practice: boolean;
	/** Milliseconds for one command. 5,000 Nodes take an API server some seconds. */
	readonly timeouts?: {readonly read?: number; readonly write?: number; readonly observe?: number};
	/** How the nodes are seen, where the user chose; otherwise by commands in their pods if that is allowed. */
	readonly live?: Way | undefined;
	/** Another way onto the nodes than `kubectl exec`. */
	readonly nodeShell?: NodeShell | undefined;
	/** Commands on nodes at once. Each `kubectl exec` costs about 0.1 s of CPU here (measured). */
	readonly observeLimit?: number;
};

/** Questions to the API server at once, beside the commands on nodes. */
const askedAtOnce = 8;

/** A cluster whose Calico keeps its data in Kubernetes, through `kubectl` alone: no calicoctl, no root on the nodes. */
export function createKubectlCluster(options: KubectlClusterOptions): Cluster {
	const {exec, clock, practice, context, kubeconfig} = options;
	const timeouts = {read: 30_000, write: 30_000, observe: 5000, ...options.timeouts};
	const withinLimit = createLimit(askedAtOnce);
	const kubectl = createKubectl({
		exec: (...command) => withinLimit(() => exec(...command)),
		binary: options.binary ?? 'kubectl',
		context,
		kubeconfig,
		timeouts,
	});
	const datastore = createDatastore(kubectl);
	const pods = createCalicoPods(kubectl, clock);
	const api = async () => (await datastore.discovery()).api;

	let name = practice ? 'practice cluster' : unreadName({context, kubeconfig});
	let named = practice;
	let guid = 'unknown';
	let calicoVersion: string | undefined;
	let nodes: ReadonlyMap<string, NodeResource> = new Map();
	let portOf = portsOf(emptySnapshot);
	const remember = (list: readonly NodeResource[]) => {
		nodes = new Map(list.map(node => [node.metadata.name, node]));
	};
	const rememberAll = (snapshot: Snapshot) => {
		remember(snapshot.nodes);
		portOf = portsOf(snapshot);
	};
	const findName = async (signal: AbortSignal | undefined) => {
		if (named) return;
		name = await clusterName(kubectl, signal);
		named = true;
	};

	const shell = options.nodeShell ?? createKubectlNodeShell({exec, kubectl, pods});
	const limit = options.observeLimit ?? 16;
	const nodeStatus = createNodeStatusObserver({
		objects: async () => createStatusObjects(kubectl, await api()),
		clock,
		portOf: (address, kind) => portOf(address, kind),
		calicoVersion: () => calicoVersion,
	});
	const live = createLive({
		kubectl,
		pods,
		clock,
		api,
		way: options.live ?? (options.nodeShell === undefined ? undefined : 'exec'),
		observers: {
			exec: createObserver({shell, sessions: birdSessions, clock, limit, timeout: timeouts.observe}),
			'calico-node-status': nodeStatus.observe,
		},
		shell: shell.source,
	});

	return {
		get identity() {
			return {via: 'kubectl', practice, name, guid} as const;
		},
		async read(signal) {
			const [result] = await Promise.all([datastore.read(signal), findName(signal)]);
			rememberAll(result.snapshot);
			const {clusterGUID, calicoVersion: version} = result.information?.spec ?? {};
			if (typeof clusterGUID === 'string' && clusterGUID !== '') guid = clusterGUID;
			if (typeof version === 'string') calicoVersion = version;
			return result;
		},
		readResource: datastore.readOne,
		write: (write, signal) => datastore.write(write, {dryRun: false, signal}),
		commandFor: datastore.commandFor,
		dryRun: (write, signal) => datastore.write(write, {dryRun: true, signal}),
		holds: createHolds(shell, timeouts.observe),
		meshSwitch: createMeshSwitch(shell, timeouts.observe),
		pings: createPings(shell, timeouts.observe),
		readPodAddresses: signal => readPodAddresses(kubectl, signal),
		holding: live.holding,
		readNodeFacts: signal => readNodeFacts(kubectl, signal),
		inspect: (plan, signal) => inspectCluster({kubectl, datastore, pods, plan, signal}),
		async visibility(snapshot) {
			rememberAll(snapshot);
			return live.visibility();
		},
		async *observe(names, {routes, deep, signal}) {
			if (names.some(one => !nodes.has(one))) remember(await datastore.readNodes(signal));
			const known: {name: string; families: readonly Family[]}[] = [];
			for (const one of names) {
				const node = nodes.get(one);
				if (node === undefined) yield unseen(one, clock.now(), routes);
				else known.push({name: one, families: bgpFamilies(node)});
			}
			if (known.length > 0) yield* live.observe(known, {routes, deep, signal});
		},
		close: nodeStatus.close,
	};
}

function unseen(node: string, at: number, routes: boolean): Observation {
	const nothing = {known: false, reason: 'there is no such node'} as const;
	return {node, at, sessions: nothing, ...(routes && {routes: nothing})};
}
