import type {ClusterFacts} from '../facts.ts';
import {preparePeering} from '../peering/prepare.ts';
import {snapshotAfter} from '../plan/back.ts';
import {makePlan} from '../plan/make.ts';
import type {Choice, Plan} from '../plan/types.ts';
import {reflectorsWith} from '../reflectors.ts';
import type {Observation} from '../session.ts';
import type {Snapshot} from '../snapshot.ts';
import {UserError} from '../user-error.ts';
import {type RunTraces, unknownTraces} from './traces.ts';
import type {DoctorInput} from './types.ts';
import {isAtLeast, parseRelease} from './version.ts';

/** What must be given to the doctor; everything else follows from it. */
export type DoctorQuestion = {
	readonly snapshot: Snapshot;
	readonly facts: ClusterFacts;
	/** Left out where nobody looked for any. */
	readonly traces?: RunTraces;
	readonly observations: ReadonlyMap<string, Observation>;
	readonly choice: Choice | null;
	readonly allowVersionMismatch?: boolean;
};

/** Makes the plan for the choice and works out the peering before and after it, once for all checks. */
export function createDoctorInput({
	snapshot,
	facts,
	traces = unknownTraces('nobody looked'),
	observations,
	choice,
	allowVersionMismatch = false,
}: DoctorQuestion): DoctorInput {
	const {plan, refusal} = tryPlan(snapshot, choice);
	const planned = plan ? snapshotAfter(plan, plan.steps.length) : snapshot;
	const release = facts.calicoVersion.known ? parseRelease(facts.calicoVersion.value) : undefined;
	// A mesh peer without an AS of its own is taken to have the cluster's before v3.32, this node's since.
	const options = {meshAs: release && !isAtLeast(release, [3, 32]) ? 'global' : 'own'} as const;
	return {
		snapshot,
		facts,
		traces,
		observations,
		choice,
		plan,
		refusal,
		planned,
		peering: preparePeering(snapshot, options),
		plannedPeering: preparePeering(planned, options),
		reflectors: reflectorsWith(snapshot, choice),
		allowVersionMismatch,
	};
}

/** The plan for a choice, or why there is none. */
export function tryPlan(
	snapshot: Snapshot,
	choice: Choice | null,
): {readonly plan: Plan | null; readonly refusal: DoctorInput['refusal']} {
	if (!choice) return {plan: null, refusal: null};
	try {
		return {plan: makePlan(snapshot, choice), refusal: null};
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return {plan: null, refusal: {message: error.message, next: error.next}};
	}
}
