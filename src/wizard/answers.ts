import type {KnownNodes} from '../core/candidate-facts.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {defaultChoice} from '../core/plan/make.ts';
import type {Choice, Holding, Order, RunStamp} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';

/** What the user has answered so far. Both cluster ID answers are kept while the other one is tried out. */
export type Answers = {
	/** Null until the nodes are read: then the proposal stands there. */
	readonly reflectors: readonly string[] | null;
	readonly clusterIdMode: Choice['clusterId']['mode'];
	readonly clusterId: string;
	readonly order: Order;
	readonly label: string;
	readonly holding: Holding;
	/** The client on which doing without the mesh is tried first. */
	readonly canary?: string;
	/** Whether pings between nodes go on during the run. */
	readonly probe?: true;
	readonly stamp?: RunStamp;
};

/** Answers before any question: what flags gave, and the tutorial's own choices for the rest. */
export function initialAnswers(preset: Partial<Choice>): Answers {
	const {clusterId, order, label, holding = {state: 'off'}}: Omit<Choice, 'reflectors'> = {...defaultChoice, ...preset};
	const shared = [clusterId, defaultChoice.clusterId].find(each => each.mode === 'shared');
	return {
		reflectors: preset.reflectors ?? null,
		clusterIdMode: clusterId.mode,
		clusterId: shared?.mode === 'shared' ? shared.id : '',
		order,
		label,
		holding,
		...(preset.canary !== undefined && {canary: preset.canary}),
		...(preset.probe && {probe: preset.probe}),
		...(preset.stamp && {stamp: preset.stamp}),
	};
}

/** The answers once the nodes are known: chosen nodes that are gone are dropped, no choice yet means the proposal. */
export function answersFor(
	given: Answers,
	preset: Partial<Choice>,
	snapshot: Snapshot,
	holding: Holding = given.holding,
	facts?: KnownNodes,
): Answers {
	const names = new Set(snapshot.nodes.map(node => node.metadata.name));
	const {canary, ...others} = given;
	const kept = canary !== undefined && (preset.canary !== undefined || names.has(canary));
	const answers = {...others, ...(kept && {canary}), holding: preset.holding ?? holding};
	if (preset.reflectors) return answers;
	return {
		...answers,
		reflectors: answers.reflectors?.filter(name => names.has(name)) ?? proposeReflectors(snapshot, 3, facts),
	};
}

/** The choice that a plan is made from. */
export function choiceOf({
	reflectors,
	clusterIdMode,
	clusterId,
	order,
	label,
	holding,
	canary,
	probe,
	stamp,
}: Answers): Choice {
	return {
		reflectors: reflectors ?? [],
		clusterId: clusterIdMode === 'shared' ? {mode: 'shared', id: clusterId.trim()} : {mode: 'per-node'},
		order,
		label,
		holding,
		...(canary !== undefined && {canary}),
		...(probe && {probe}),
		...(stamp && {stamp}),
	};
}
