import type {ProbeScope} from '../probe/scope.ts';
import type {Snapshot} from '../snapshot.ts';
import type {Write} from '../write.ts';

/** The order of a migration's writes: `safe` loses least; `tutorial` is the order of "Calico the hard way". */
export type Order = 'safe' | 'tutorial';

/** What the user chose: which nodes become route reflectors, and how. */
export type Choice = {
	readonly reflectors: readonly string[];
	readonly order: Order;
	/** One cluster ID for all reflectors, or each reflector its own (its BGP address). */
	readonly clusterId: {readonly mode: 'shared'; readonly id: string} | {readonly mode: 'per-node'};
	/** Label key that marks a reflector; the value is empty. */
	readonly label: string;
	/** Whether kernel routes are held while sessions move; absent: they are not. */
	readonly holding?: Holding;
	/** The client that does without the mesh for a moment before all do; absent: none. */
	readonly canary?: string;
	/** Whether pings between nodes go on during the run; absent: they do not. */
	readonly probe?: true;
	/** What the run is called in the note that the cluster keeps of it; absent: it keeps none. */
	readonly stamp?: RunStamp;
};

/** Tells a run from all others. */
export type RunStamp = {
	readonly id: string;
	/** When it was asked for, in ISO 8601. */
	readonly at: string;
	/** Who asked for it: user@host. */
	readonly by: string;
};

/** What must be seen on the nodes before the next step may start. */
export type GateScope = {
	/** Nodes that are asked at every look. */
	readonly nodes: readonly string[];
	/** On every other node only sessions with this one count (a reflector's gate asks clients just about it). */
	readonly about?: string;
	/** Also ask whether every block of pod addresses is still in the nodes' kernel tables. */
	readonly routes: boolean;
	/**
	 * Also ask, on the nodes that are none of these reflectors, whether each block is learned from two of them (where there
	 * are two), and whether something was heard over each session lately.
	 */
	readonly reflectors?: readonly string[];
	/** The node whose mesh sessions are switched off: none of them counts, and its routes must lead where they led before. */
	readonly resting?: string;
};

/** What a step does, in words for the preview; numbers are from measurements on real Calico. */
export type Effect = {readonly sessions: string; readonly traffic: string};

export type StepId = string;

/**
 * Kernel routes that are copied on nodes, or whose copies are taken away again (core/hold.ts). `about`: on a node that
 * is not among them only the routes that lead to one of these are concerned; absent: all routes of BIRD on every node.
 */
export type HoldStep = {
	readonly action: 'take' | 'release';
	readonly nodes: readonly string[];
	readonly about?: readonly string[];
};

/** The client on which the mesh is tried to be done without, and what must be seen meanwhile. */
export type CanaryStep = {readonly node: string; readonly gate: GateScope};

/** Whether a plan may hold routes, and in words why not. */
export type Holding = {readonly state: 'on' | 'off'} | {readonly state: 'impossible'; readonly reason: string};

/** One step of a plan: writes that belong together, then a gate. */
export type Step = {
	readonly id: StepId;
	readonly title: string;
	readonly why: string;
	readonly effect: Effect;
	readonly writes: readonly Write[];
	/** The node whose mesh sessions are switched off and on again. */
	readonly canary?: CanaryStep;
	/** Copies of kernel routes that the step makes or takes away. */
	readonly hold?: HoldStep;
	/** What must be seen before the step's first write; absent where the step before it has shown all that matters. */
	readonly check?: GateScope;
	/** Absent where the step can change no session. */
	readonly gate?: GateScope;
	/** Steps without which this one would cut nodes off: where one of them failed, this one is left undone. */
	readonly needs: readonly StepId[];
};

export type Direction = 'forward' | 'back';

/** An ordered list of steps with the snapshot it was made from. */
export type Plan = {
	readonly direction: Direction;
	/** What the cluster was when the plan was made: gates predict from here. */
	readonly original: Snapshot;
	readonly steps: readonly Step[];
	/** Sentences the user must have seen: an order that loses traffic, too few reflectors, … */
	readonly warnings: readonly string[];
	/** Between which nodes pings go during the run; absent where nobody asked for them. */
	readonly probe?: ProbeScope;
	/** What a plan that leads forward was made from. */
	readonly choice?: Choice;
};
