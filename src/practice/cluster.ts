import type {Exec, ExecOptions, ExecResult} from '../cluster/exec.ts';
import type {Clock} from '../core/clock.ts';
import {createNetwork, type Network} from './bgp/network.ts';
import {runCalicoctl} from './calicoctl/run.ts';
import {createDatastore, type Datastore} from './datastore/datastore.ts';
import {generateNodes, localNodeIndex, type NodeSeed, poolFor, seedResources} from './datastore/seed.ts';
import type {Engine} from './engine/engine.ts';
import {createModelEngine} from './engine/model.ts';
import {createFaults, type Faults} from './faults.ts';
import {createKubernetesCluster, type KubernetesCluster, type KubernetesOptions} from './kubernetes/cluster.ts';
import type {ApiShape} from './kubernetes/types.ts';
import type {NodeAnswer} from './node/answers.ts';
import {createRandom} from './random.ts';

export type PracticeOptions = {
	/** How many nodes, or which; the tutorial's five unless given. */
	readonly nodes?: number | readonly NodeSeed[];
	/** Seeds every source of chance: uids, BGP timers. */
	readonly seed?: number;
	readonly clock: Clock;
	/** What calicoctl and the cluster say of themselves; `v3.32.1` unless given. */
	readonly clientVersion?: string;
	readonly clusterVersion?: string;
	readonly clusterGuid?: string;
	/** The pool of pod addresses that the nodes' blocks come from. */
	readonly pool?: string;
	/** Whether its pods talk over VXLAN, so that Felix makes their routes; they do not unless given. */
	readonly vxlanMode?: 'Never' | 'Always';
	/** The node whose BIRD `calicoctl node status` shows, or null for a user who may not ask. */
	readonly localNode?: string | null;
	/** Where Calico keeps its resources: etcd unless given, else Kubernetes with the Calico API of that shape. */
	readonly datastore?: 'etcd' | ApiShape;
	/** Whether the image that commands on a node run in has `ping`; every one has unless given. */
	readonly hasPing?: (node: string) => boolean;
	/** More about that Kubernetes. */
	readonly kubernetes?: KubernetesOptions;
};

/** A command as it reaches the practice cluster. */
export type Request = {
	readonly file: string;
	readonly argv: readonly string[];
	readonly input?: string;
	/** Where file names start from. */
	readonly directory?: string;
	/** On which node it is typed, and whether root does; the cluster's own `localNode` unless given. */
	readonly typedOn?: {readonly node: string; readonly root: boolean};
};

/** What a command came to: an answer, at once or when the command is through, or silence for as long as the caller waits. */
export type Reply = NodeAnswer | 'silence';

/** A whole cluster: calicoctl's datastore in memory, the nodes' BIRD and kernel, and the commands that show them. */
export type PracticeCluster = {
	/** Runs `calicoctl …`, `node-exec NODE …` and, with Kubernetes, `kubectl …`; anything else is not found. */
	readonly exec: Exec;
	readonly clock: Clock;
	readonly datastore: Datastore;
	/** What the nodes are made of, and the faults that can strike them. */
	readonly engine: Engine;
	/** What shall go wrong, for tests. */
	readonly faults: Faults;
	/** The Kubernetes that Calico keeps its resources in; undefined on etcd. */
	readonly kubernetes: KubernetesCluster | undefined;
	/** The node on which commands are typed; null for none. */
	readonly localNode: string | null;
	/** Runs a command as `exec` does, for callers with a clock of their own. */
	run(request: Request): Reply;
};

/** A practice cluster all in memory, and the model of its nodes for those who look inside. */
export type ModelCluster = PracticeCluster & {readonly network: Network};

/** The nodes that a practice cluster is made of. */
export function nodesOf({nodes}: Pick<PracticeOptions, 'nodes'>): readonly NodeSeed[] {
	return typeof nodes === 'object' ? nodes : generateNodes(nodes ?? 5);
}

/** Starts a practice cluster in memory; its BIRDs start at the clock's present moment. */
export function createPracticeCluster(options: PracticeOptions): ModelCluster {
	const {clock, seed = 1} = options;
	const blocks = new Map(nodesOf(options).map(node => [node.name, node.blocks ?? []]));
	const network = createNetwork({clock, seed, blockOf: node => blocks.get(node) ?? [], device: 'eth0'});
	return {...assembleCluster(options, createModelEngine(network, options.hasPing)), network};
}

/** A practice cluster on an engine, which is told what is in the datastore from now on. */
export function assembleCluster(options: PracticeOptions, engine: Engine): PracticeCluster {
	const {clock, seed = 1, clusterGuid} = options;
	const clientVersion = options.clientVersion ?? 'v3.32.1';
	const nodes = nodesOf(options);
	const localNode =
		options.localNode === undefined
			? (nodes[Math.min(localNodeIndex, nodes.length - 1)]?.name ?? null)
			: options.localNode;
	const random = createRandom(seed).fork('datastore');
	const cluster = {
		version: options.clusterVersion ?? 'v3.32.1',
		pool: options.pool ?? poolFor(nodes.length),
		...(options.vxlanMode !== undefined && {vxlanMode: options.vxlanMode}),
		...(clusterGuid !== undefined && {guid: clusterGuid}),
	};
	const {datastore: shape = 'etcd', kubernetes: kubernetesOptions = {}} = options;
	const kubernetes =
		shape === 'etcd'
			? undefined
			: createKubernetesCluster({shape, options: kubernetesOptions, clock, random, nodes, cluster, engine});
	const datastore = kubernetes?.datastore ?? createDatastore({clock, random});
	if (!kubernetes) datastore.seed(seedResources(nodes, cluster, random));
	engine.configure(datastore.snapshot());
	datastore.onChange(() => engine.configure(datastore.snapshot()));
	const faults = createFaults();

	const nodeStatus = ({node, root}: {node: string | null; root: boolean}): NodeAnswer =>
		node !== null && root
			? engine.runOnNode(node, ['calicoctl', 'node', 'status'], {input: ''})
			: {stdout: 'Need super user privileges: Operation not permitted\n', stderr: '', exitCode: 1};

	const answer = (request: Request): NodeAnswer => {
		const {file, argv, input = '', directory = process.cwd(), typedOn = {node: localNode, root: true}} = request;
		const calicoctl = (own: Datastore): NodeAnswer =>
			runCalicoctl(argv, {
				datastore: own,
				clientVersion,
				input,
				directory,
				nodeStatus: () => nodeStatus(typedOn),
			});
		if (file === 'calicoctl') return kubernetes ? kubernetes.runCalicoctl(argv, calicoctl) : calicoctl(datastore);
		if (file === 'kubectl' && kubernetes) return kubernetes.runKubectl({argv, input, directory});
		if (file !== 'node-exec') return notFound;
		const [node = '', ...command] = argv;
		return engine.runOnNode(node, command, {input});
	};
	/** Status reporters that are due must have seen their BIRDs before anyone reads what they wrote. */
	const work = (request: Request): NodeAnswer => {
		const now = clock.now();
		const due = kubernetes?.nodesToReport(now) ?? [];
		const looked = due.length > 0 ? engine.look(due) : undefined;
		const goOn = (): NodeAnswer => {
			kubernetes?.advance(now);
			return answer(request);
		};
		return looked ? looked.then(goOn) : goOn();
	};
	const run = (request: Request): Reply => {
		const fault = faults.take(request.file, request.argv, request.input ?? '');
		switch (fault?.kind) {
			case undefined:
				return work(request);
			case 'fail':
				return {stdout: '', stderr: fault.stderr ?? 'practice fault\n', exitCode: fault.exitCode ?? 1};
			case 'hang-without-effect':
				return 'silence';
			case 'hang-after-effect':
				work(request);
				return 'silence';
			case 'killed':
				return killed;
			case 'answer-lost':
				work(request);
				return killed;
		}
	};
	return {exec: createExec(run, clock), clock, datastore, engine, faults, kubernetes, localNode, run};
}

const notFound: ExecResult = {stdout: '', stderr: '', exitCode: null, failure: 'not-found'};
const killed: ExecResult = {stdout: '', stderr: '', exitCode: null, failure: 'killed'};

/** The port's face; a command that takes its time or never ends waits on the practice clock, so that tests need not. */
function createExec(run: PracticeCluster['run'], clock: Clock): Exec {
	return async (file, argv, {input, signal, timeout}: ExecOptions) => {
		if (signal?.aborted) return {...killed, failure: 'aborted'};
		const reply = run({file, argv, ...(input !== undefined && {input})});
		if (reply !== 'silence' && !(reply instanceof Promise)) return reply;
		const ended = new AbortController();
		const patience = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
		const waited = clock.sleep(timeout, patience).then(
			(): ExecResult => ({...killed, failure: 'timeout'}),
			(): ExecResult => ({...killed, failure: 'aborted'}),
		);
		if (reply === 'silence') return waited;
		return Promise.race([reply, waited]).finally(() => ended.abort());
	};
}
