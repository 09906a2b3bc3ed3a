import type {ClusterFacts} from '../facts.ts';
import type {Peering} from '../peering/prepare.ts';
import type {Choice, Plan} from '../plan/types.ts';
import type {Observation, Seen} from '../session.ts';
import type {Snapshot} from '../snapshot.ts';
import type {RunTraces} from './traces.ts';

/** How a check ended. `unknown` is never as good as `pass`: nobody could say. */
export type FindingState = 'pass' | 'warn' | 'block' | 'unknown';

/** What one check found. */
export type Finding = {
	readonly id: string;
	readonly title: string;
	readonly state: FindingState;
	/** The reason with its evidence, in sentences. */
	readonly reason: string;
	/** What the user can do, one sentence or command each; empty where nothing is to do. */
	readonly next: readonly string[];
};

/** One question about a cluster. */
export type Check = {
	/** Kebab-case; scripts rely on it. */
	readonly id: string;
	readonly title: string;
	readonly run: (input: DoctorInput) => Finding;
};

/** Everything the checks look at. `createDoctorInput` makes it. */
export type DoctorInput = {
	readonly snapshot: Snapshot;
	readonly facts: ClusterFacts;
	/** What runs of this program left on the nodes and on this machine. */
	readonly traces: RunTraces;
	/** The last look at nodes, by name; a node that nobody looked at is not in it. */
	readonly observations: ReadonlyMap<string, Observation>;
	/** Null where no reflectors are chosen or proposed. */
	readonly choice: Choice | null;
	/** The plan for the choice; null without a choice, or where there can be none. */
	readonly plan: Plan | null;
	/** Why the choice gives no plan. */
	readonly refusal: {readonly message: string; readonly next: readonly string[]} | null;
	/** The snapshot as the plan leaves it; without a plan, as it is. */
	readonly planned: Snapshot;
	/** The peering that the resources give now, and after the plan. */
	readonly peering: Peering;
	readonly plannedPeering: Peering;
	/** All reflectors there will be. */
	readonly reflectors: readonly string[];
	/** The user said that a calicoctl of another version may be used. */
	readonly allowVersionMismatch: boolean;
};

/** A finding before it belongs to a check. */
export type Judgement = Omit<Finding, 'id' | 'title'>;

/** A check from its question and the code that answers it. */
export function check(id: string, title: string, judge: (input: DoctorInput) => Judgement): Check {
	return {id, title, run: input => ({id, title, ...judge(input)})};
}

export function pass(reason: string): Judgement {
	return {state: 'pass', reason, next: []};
}

export function warn(reason: string, ...next: readonly string[]): Judgement {
	return {state: 'warn', reason, next};
}

export function block(reason: string, ...next: readonly string[]): Judgement {
	return {state: 'block', reason, next};
}

export function unknown(reason: string, ...next: readonly string[]): Judgement {
	return {state: 'unknown', reason, next};
}

/** The judgement of a fact, or `unknown` with the reason why the fact is. */
export function whenKnown<T>(fact: Seen<T>, judge: (value: T) => Judgement): Judgement {
	return fact.known ? judge(fact.value) : notKnown(fact.reason);
}

/** `unknown` with a reason that came from elsewhere, as a sentence. */
export function notKnown(reason: string): Judgement {
	return unknown(`Not known: ${reason.replace(/\.?$/, '.')}`);
}
