import type {Family, PeerKind} from '../../core/session.ts';
import type {Snapshot} from '../../core/snapshot.ts';
import type {NodeAnswer} from '../node/answers.ts';

/**
 * What the nodes of a practice cluster are made of: the model of BIRD in memory (model.ts), or a real BIRD in a network
 * namespace for each node (bird/engine.ts). Everything else of the practice cluster is the same on both: it tells the
 * engine what is in the datastore, has it run the commands of nodes, and brings faults about.
 *
 * Whoever uses a cluster should stand on this seam alone: look at nodes with the commands that a real node has, run by
 * `runOnNode`, and wait for what is to be seen. A model's answers come at once; a real command takes its time.
 * Each fault is in force when its promise resolves.
 */
export type Engine = {
	readonly kind: EngineKind;
	/** Takes over the datastore as it is now; the nodes' BIRDs have read it some 0.1 s later, as with confd. */
	configure(snapshot: Snapshot): void;
	/** Whether there is such a node. */
	has(node: string): boolean;
	/** Runs a command in a node's calico-node container: birdcl, birdcl6, ip, `calicoctl node status`. */
	runOnNode(node: string, argv: readonly string[], options: {readonly input: string}): NodeAnswer;
	/** Asks the BIRDs of these nodes, for `report`; undefined where that needs no waiting. */
	look(nodes: readonly string[]): Promise<void> | undefined;
	/** What a node's status reporter reads from a BIRD, as of the last look; null while that BIRD is dead. */
	report(node: string, family: Family): BirdReport | null;
	/** Cuts a node off: all its packets are lost, until the link is restored. */
	cutLink(node: string): Promise<void>;
	restoreLink(node: string): Promise<void>;
	/** Drops BGP (TCP 179) between two nodes in silence, both ways, or lets it through again. */
	blockBgp(nodes: readonly [string, string]): Promise<void>;
	allowBgp(nodes: readonly [string, string]): Promise<void>;
	/** Kills a node's BIRD (both families) with SIGKILL, or starts it again. */
	killBird(node: string): Promise<void>;
	startBird(node: string): Promise<void>;
	/** Disables or enables protocols of a node's BIRD, by name, until its configuration changes. */
	switchProtocols(node: string, family: Family, protocols: readonly string[], enabled: boolean): Promise<void>;
	/** Ends the engine and removes all that it made on this machine. */
	close(): Promise<void>;
};

export type EngineKind = 'model' | 'bird';

/** One BIRD as node/pkg/status/populators reads it; times as BIRD prints them. */
export type BirdReport = {
	readonly version: string;
	readonly routerId: string;
	readonly lastBoot: string;
	readonly lastReconfiguration: string;
	readonly sessions: readonly ReportedSession[];
};

export type ReportedSession = {
	readonly address: string;
	readonly kind: PeerKind;
	/** BIRD's protocol state: `up`, `start`, … */
	readonly state: string;
	readonly since: string;
	/** `Established`, `Active`, `Passive`, `Down`, … */
	readonly bgpState: string;
};
