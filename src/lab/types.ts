import type {JsonObject} from '../core/json.ts';
import type {BgpConfigurationResource, BgpPeerResource, NodeResource} from '../core/resources.ts';
import type {Family, Session} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {PracticeOptions} from '../practice/cluster.ts';
import type {Loss} from '../practice/loss.ts';

/**
 * The whole practice cluster at one moment, as its own tools show it: what calicoctl reads, what each node's BIRD and
 * kernel say. A node whose BIRD does not answer has no sessions and no routes that BIRD keeps.
 */
export type LabLook = {
	readonly snapshot: Snapshot;
	/** Names of all nodes. */
	readonly nodes: readonly string[];
	/** The node on which the learner's commands are typed; null for none. */
	readonly here: string | null;
	node(name: string): NodeResource | undefined;
	bgpPeer(name: string): BgpPeerResource | undefined;
	/** BGPConfiguration `default`'s spec; undefined where there is none. */
	readonly configuration: BgpConfigurationResource['spec'] | undefined;
	/** Whether the node-to-node mesh is on: it is where nothing says otherwise. */
	readonly meshIsOn: boolean;
	/** Nodes with a cluster ID. */
	readonly reflectors: readonly string[];
	/** Nodes whose BIRD answers. */
	readonly alive: readonly string[];
	/** What BIRD on a node says of its sessions. */
	sessions(node: string): readonly Session[];
	/** The session that a node has towards another; the first one that is Established where there are several. */
	session(from: string, to: string, family?: Family): Session | undefined;
	isEstablished(from: string, to: string, family?: Family): boolean;
	/** Whether pods of the two nodes reach each other, so far as the kernels' routes go. */
	reaches(from: string, to: string, family?: Family): boolean;
	/** Pairs of nodes whose pods do not reach each other, each pair once. */
	unreachable(family?: Family): readonly (readonly [string, string])[];
	/** From how many peers a node has learned a route to another node's blocks. */
	copies(from: string, to: string, family?: Family): number;
	/** Whether the firewall drops TCP 179 between two nodes, as `blockBgp` made it. */
	isBlocked(one: string, other: string): boolean;
	/** The CalicoNodeStatus objects that are there; calicoctl up to 3.32 does not show them, and on etcd there are none here. */
	readonly nodeStatuses: readonly {readonly name: string; readonly spec: JsonObject}[];
	/** What the learner has answered to the lab's questions, by their ids. */
	answer(id: string): string;
	/** Seconds of the practice clock since the lab began, or was reset. */
	readonly seconds: number;
	/** What pairs of nodes have lost so far. */
	readonly lost: Loss;
};

/** What a lab can do to its cluster, beside what calicoctl can. */
export type LabControl = {
	/** Runs calicoctl with every right. @throws Error with its words where it fails. */
	calicoctl(argv: readonly string[], input?: string): Promise<string>;
	/** Runs kubectl the same way; only where the lab's cluster has a Kubernetes. */
	kubectl(argv: readonly string[], input?: string): Promise<string>;
	/** Runs a command on a node, as root. */
	onNode(node: string, argv: readonly string[]): Promise<string>;
	/** The node's link is cut, or restored. */
	cutLink(node: string): Promise<void>;
	restoreLink(node: string): Promise<void>;
	/** TCP 179 between two nodes is dropped in silence, or let through again. */
	blockBgp(one: string, other: string): Promise<void>;
	allowBgp(one: string, other: string): Promise<void>;
	/** The node's BIRD is killed, or started. */
	killBird(node: string): Promise<void>;
	startBird(node: string): Promise<void>;
	/** Lets practice time pass at once. */
	wait(seconds: number): Promise<void>;
};

/** What must hold for the lab to be solved: an outcome, and never which commands were typed. */
export type LabCheck = {
	readonly text: string;
	/** Null where it holds, else what is not so, in a sentence. */
	readonly judge: (look: LabLook) => string | null;
};

/** A mistake that is often made here: the check recognises it by what it left and explains it. */
export type LabWrongWay = {
	readonly id: string;
	readonly recognise: (look: LabLook) => boolean;
	/** Why it went wrong, and what it leads to on a real cluster. */
	readonly text: string;
	/** Makes the mistake in the practice shell, so that the lab can be tested. */
	readonly script: string;
};

/** A question that the learner answers with `lab answer ID WORDS`. */
export type LabQuestion = {readonly id: string; readonly text: string};

/** Something that happens to the cluster when the learner says so: `lab do NAME WORDS`. */
export type LabAction = {
	readonly name: string;
	/** What follows the name: `NODE`, `NODE NODE`; '' for nothing. */
	readonly words: string;
	readonly text: string;
	/** Does it, and says what it did. @throws Error with words for the learner. */
	readonly run: (control: LabControl, words: readonly string[], look: LabLook) => Promise<string> | string;
};

/** One lab: data and small functions. Everything there is to know about it stands in its own file. */
export type Lab = {
	/** What it is started by; also its file's name without the number. */
	readonly name: string;
	/** Labs are listed in this order. */
	readonly order: number;
	readonly title: string;
	/** What the learner can do afterwards, in one sentence. */
	readonly goal: string;
	readonly minutes: number;
	/** The cluster it starts on; the tutorial's five nodes on etcd unless it says more. */
	readonly cluster?: Partial<
		Pick<PracticeOptions, 'nodes' | 'pool' | 'vxlanMode' | 'datastore' | 'kubernetes' | 'seed'>
	>;
	/** Brings the new cluster to where the lab starts; time passes only by `wait`. */
	readonly start?: (control: LabControl) => Promise<void>;
	/** Paragraphs: where you are, and what to do. */
	readonly text: readonly string[];
	/** Asked before anything is done. */
	readonly predict: {
		readonly question: string;
		readonly options: readonly string[];
		/** Index of the right one. */
		readonly right: number;
		readonly why: string;
	};
	readonly questions?: readonly LabQuestion[];
	readonly actions?: readonly LabAction[];
	readonly checks: readonly LabCheck[];
	readonly wrongWays: readonly LabWrongWay[];
	/** A nudge, the command, and the full fix: a script for the practice shell that solves the lab. */
	readonly hints: readonly [nudge: string, command: string, fix: string];
	/** Shown once it is solved. */
	readonly explanation: readonly string[];
};
