import type {Clock} from '../../core/clock.ts';
import type {Datastore} from '../datastore/datastore.ts';
import type {ClusterSeed, NodeSeed} from '../datastore/seed.ts';
import type {Engine} from '../engine/engine.ts';
import {klogLine} from '../kubectl/klog.ts';
import {connectionOf, type Kubeconfig, practiceServer} from '../kubectl/kubeconfig.ts';
import {runKubectl} from '../kubectl/run.ts';
import {type ServerVersion, serverVersion} from '../kubectl/version.ts';
import {type NodeAnswer, whenAnswered} from '../node/answers.ts';
import type {Random} from '../random.ts';
import {type ApiServer, createApiServer, refusingClient} from './api-server.ts';
import {createKubernetesDatastore} from './datastore.ts';
import {createKubelets} from './kubelets.ts';
import {type Looks, usualLooks} from './looks.ts';
import {createReporters, type Sockets} from './node-status.ts';
import {adminRules, defaultUsers, type User} from './rbac.ts';
import {seedObjects} from './seed.ts';
import {createObjectStore, timestamp} from './store.ts';
import type {ApiShape, KubernetesObject} from './types.ts';

/** What may be said about the Kubernetes of a practice cluster; each has a usual value. */
export type KubernetesOptions = {
	/** Whether Calico was installed by its operator, or by its manifest. */
	readonly operator?: boolean;
	/** A migration of the datastore from v1 to v3 custom resources is under way. */
	readonly migration?: boolean;
	/** Where calico-node runs: `calico-system`, or `kube-system` without an operator. */
	readonly namespace?: string;
	/** calico-node's CALICO_NETWORKING_BACKEND: `bird`. */
	readonly backend?: string;
	/** What `kubectl version` shows of the server. */
	readonly version?: ServerVersion;
	readonly users?: readonly User[];
	/** The kubeconfig that kubectl and calicoctl find, and files for `--kubeconfig` by their base names. */
	readonly kubeconfig?: Kubeconfig;
	readonly kubeconfigs?: Readonly<Record<string, Kubeconfig>>;
	/** Whether kubelets write their Nodes' status, which changes the resourceVersion; they do. */
	readonly heartbeats?: boolean;
	readonly looks?: Looks;
	/** Which BIRDs a node's status reporter can reach; both. */
	readonly sockets?: (node: string) => Sockets;
	/** More objects: CalicoNodeStatuses that somebody left, Secrets, BGPFilters. */
	readonly objects?: readonly KubernetesObject[];
};

export type KubernetesParts = {
	readonly shape: ApiShape;
	readonly options: KubernetesOptions;
	readonly clock: Clock;
	readonly random: Random;
	readonly nodes: readonly NodeSeed[];
	/** Calico's version, the pool of pod addresses, and the cluster's clusterGUID where it is given. */
	readonly cluster: ClusterSeed;
	readonly engine: Engine;
};

/** A command as it reaches the cluster. */
type Request = {readonly argv: readonly string[]; readonly input: string; readonly directory: string};

/** The Kubernetes of a practice cluster. */
export type KubernetesCluster = {
	readonly server: ApiServer;
	/** Calico's datastore as its own components see it, with every right. */
	readonly datastore: Datastore;
	runKubectl(request: Request): NodeAnswer;
	/** Runs calicoctl as the user whom its `--context` and the kubeconfig stand for. */
	runCalicoctl(argv: readonly string[], run: (datastore: Datastore) => NodeAnswer): NodeAnswer;
	/** The nodes whose status reporters have something to report by then. */
	nodesToReport(now: number): readonly string[];
	/** Lets kubelets and status reporters do what they would have done by then, milliseconds since the epoch. */
	advance(now: number): void;
};

const usualContext = {name: 'practice', cluster: 'practice', user: 'kubernetes-admin'};

/** Starts the Kubernetes of a practice cluster. */
export function createKubernetesCluster(parts: KubernetesParts): KubernetesCluster {
	const {shape, options, clock, random, nodes, engine} = parts;
	const {operator = true, migration = false, version = serverVersion('v1.32.10'), users = defaultUsers} = options;
	const {kubeconfig = {contexts: [usualContext], current: usualContext.name}, kubeconfigs = {}} = options;
	const now = (): string => timestamp(clock.now());
	const store = createObjectStore({clock, random});
	const api = {shape, operator, migration};
	const cluster = {
		nodes,
		...parts.cluster,
		namespace: options.namespace ?? (operator ? 'calico-system' : 'kube-system'),
		backend: options.backend ?? 'bird',
		looks: options.looks ?? usualLooks(random, version.gitVersion, now()),
		objects: options.objects ?? [],
	};
	store.putAll(seedObjects(api, cluster, random, now()).map(([where, object]) => [where, store.born(object)]));
	const server = createApiServer({
		store,
		options: api,
		now,
		onNode: (node, argv, input) => engine.runOnNode(node, argv, {input}),
	});
	const admin = server.as({name: 'system:admin', rules: adminRules});
	const sockets = options.sockets ?? (() => ({bird: true, bird6: true}));
	const kubelets = createKubelets(store, clock.now());
	const reporters = createReporters({store, clock, shape, engine, sockets});

	const runCalicoctl: KubernetesCluster['runCalicoctl'] = (argv, run) => {
		const {user: name, server: address} = connectionOf(kubeconfig, contextOf(argv));
		const user = users.find(candidate => candidate.name === name);
		const warnings: string[] = [];
		const warn = (warning: string): void => {
			warnings.push(klogLine('I', clock.now(), 'warnings.go:107', `"Warning: ${warning.replaceAll('"', '\\"')}"`));
		};
		const client = address === practiceServer ? server.as(user ?? strangerNamed(name)) : refusingClient(address);
		const answer = run(createKubernetesDatastore({server, api: client, now, warn}));
		return whenAnswered(answer, result => ({...result, stderr: warnings.join('') + result.stderr}));
	};
	return {
		server,
		datastore: createKubernetesDatastore({server, api: admin, now, warn: () => {}}),
		runKubectl: ({argv, input, directory}) =>
			runKubectl(argv, {server, version, users, kubeconfig, kubeconfigs, input, directory, now: clock.now()}),
		runCalicoctl,
		nodesToReport: reporters.due,
		advance: now => {
			if (options.heartbeats !== false) kubelets.advance(now);
			reporters.advance(now);
		},
	};
}

/** Someone whom the API server does not know. */
function strangerNamed(name: string): User {
	return {name, rules: [], expired: true};
}

/** calicoctl's `--context`, which it hands on to the same configuration as kubectl's. */
function contextOf(argv: readonly string[]): {value(flag: string): string | undefined} {
	const index = argv.findIndex(word => word === '--context' || word.startsWith('--context='));
	const word = argv[index];
	const context = word === '--context' ? argv[index + 1] : word?.slice('--context='.length);
	return {value: flag => (flag === 'context' ? context : undefined)};
}
