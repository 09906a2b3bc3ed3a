import type {ClusterFacts, NodeFacts} from '../core/facts.ts';
import type {Holding, Plan} from '../core/plan/types.ts';
import type {ClusterInformationResource, ResourceOf, WrittenKind} from '../core/resources.ts';
import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {Write} from '../core/write.ts';
import type {Holds} from './hold.ts';
import type {MeshSwitch} from './mesh-switch.ts';
import type {Pings} from './pings.ts';

/** A command as the user could type it, for the preview. */
export type Command = {readonly file: string; readonly args: readonly string[]; readonly input?: string};

/** What is shown of the cluster on every screen and in the confirmation. */
export type ClusterIdentity = {
	readonly via: 'calicoctl' | 'kubectl';
	readonly practice: boolean;
	/** `practice cluster`, or how the tool was told to find the cluster (context, configuration file). */
	readonly name: string;
	/** Tells two clusters apart in the journal: the ClusterInformation's clusterGUID, or `unknown`. */
	readonly guid: string;
};

export type ReadResult = {readonly snapshot: Snapshot; readonly information: ClusterInformationResource | undefined};

/** Which nodes' BIRD can be looked at, and in words why not the others. */
export type Visibility =
	| {readonly nodes: 'all'; readonly source: string}
	| {readonly nodes: readonly string[]; readonly source: string; readonly reason: string};

/** A cluster as the commands, the engine and the screens see it. Every method throws ClusterError, and nothing else, when the tool fails. */
export type Cluster = {
	readonly identity: ClusterIdentity;
	/** Reads all that decides about sessions, one tool call for each kind. */
	read(signal?: AbortSignal): Promise<ReadResult>;
	/** Reads one resource anew; undefined where there is none. */
	readResource<K extends WrittenKind>(kind: K, name: string, signal?: AbortSignal): Promise<ResourceOf[K] | undefined>;
	/**
	 * Does one write. A patch sends only the fields that differ between before and after.
	 * A ClusterError whose `settled` is false means that nobody knows whether the write took effect.
	 */
	write(write: Write, signal?: AbortSignal): Promise<void>;
	/** The command `write` would run. */
	commandFor(write: Write): Command;
	/**
	 * Asks the API server what it would say to a write, without doing it: validation, admission and rights speak before
	 * the first real write. Absent where the tool cannot.
	 */
	dryRun?(write: Write, signal?: AbortSignal): Promise<void>;
	/** What the doctor wants to know; the rights are asked for the plan's own writes. Absent where the tool cannot tell. */
	inspect?(plan?: Plan, signal?: AbortSignal): Promise<ClusterFacts>;
	/** What Kubernetes says of the nodes, for the proposal of reflectors: two calls. Absent where the tool cannot tell. */
	readNodeFacts?(signal?: AbortSignal): Promise<ReadonlyMap<string, NodeFacts>>;
	/** The route hold on the nodes; absent where there is no way to run commands on them. */
	readonly holds?: Holds;
	/** Switches mesh sessions off and on in a node's BIRD; absent where there is no way to run commands on the nodes. */
	readonly meshSwitch?: MeshSwitch;
	/** Pings from the nodes; absent where there is no way to run commands on them. */
	readonly pings?: Pings;
	/** Addresses of the pods that run on each node, those in the host's network left out. Absent where the tool cannot tell. */
	readPodAddresses?(signal?: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
	/** Whether routes can be held, and in words why not. */
	holding(): Promise<Holding>;
	/** Which nodes can be observed. */
	visibility(snapshot: Snapshot): Promise<Visibility>;
	/**
	 * Looks at the nodes' BIRD, and kernel routes where asked; each node as soon as it answered, none holds the others up. On
	 * the nodes in `deep` also at how fresh the sessions are, and from whom each route is learned, where that can be seen.
	 */
	observe(
		nodes: readonly string[],
		options: {readonly routes: boolean; readonly deep?: readonly string[]; readonly signal?: AbortSignal},
	): AsyncIterable<Observation>;
	/**
	 * Ends every look under way and takes away what looks put into the cluster. To be called at the end, whatever ended
	 * it; never throws. Absent where looks put nothing there.
	 */
	close?(): Promise<void>;
};
