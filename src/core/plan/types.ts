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
};

/** What must be seen on the nodes before the next step may start. */
export type GateScope = {
	/** Nodes that are asked at every look. */
	readonly nodes: readonly string[];
	/** On every other node only sessions with this one count (a reflector's gate asks clients just about it). */
	readonly about?: string;
	/** Also ask whether every block of pod addresses is still in the nodes' kernel tables. */
	readonly routes: boolean;
};

/** What a step does, in words for the preview; numbers are from measurements on real Calico. */
export type Effect = {readonly sessions: string; readonly traffic: string};

export type StepId = string;

/** One step of a plan: writes that belong together, then a gate. */
export type Step = {
	readonly id: StepId;
	readonly title: string;
	readonly why: string;
	readonly effect: Effect;
	readonly writes: readonly Write[];
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
};
