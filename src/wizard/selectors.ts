import {type Candidate, rankCandidates} from '../core/candidates.ts';
import {lossText} from '../core/loss/words.ts';
import {type Peering, preparePeering} from '../core/peering/prepare.ts';
import type {Plan} from '../core/plan/types.ts';
import {currentReflectors, hasBgpAddress} from '../core/reflectors.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {matchesFilter} from './list.ts';
import {filterRows, type NodeRow} from './node-rows.ts';
import {plannedSnapshot} from './session-math.ts';
import {type ClusterData, runScreenOf, type WizardState} from './state.ts';

/** The nodes of a list that its filter leaves. */
export function visibleRows({data, lists}: WizardState, list: 'nodes' | 'matrix'): readonly NodeRow[] {
	return filterRows(data?.rows ?? [], lists[list].filter);
}

// Ranking 5,000 nodes for every key would be felt; a snapshot never changes.
const ranked = new WeakMap<
	Snapshot,
	{readonly facts: ClusterData['facts']; readonly candidates: readonly Candidate[]}
>();

/** All nodes as candidates, the best first. */
function candidatesOf({snapshot, facts}: ClusterData): readonly Candidate[] {
	const known = ranked.get(snapshot);
	const candidates = known && known.facts === facts ? known.candidates : rankCandidates(snapshot, facts);
	ranked.set(snapshot, {facts, candidates});
	return candidates;
}

/** The candidates that the filter leaves. */
export function visibleCandidates({data, lists}: WizardState): readonly Candidate[] {
	const {filter} = lists.reflectors;
	return data ? candidatesOf(data).filter(candidate => matchesFilter(filter, [candidate.name, candidate.zone])) : [];
}

/** Names of all nodes, in the order in which the peers screen walks them. */
export function peerNodes({data}: WizardState): readonly string[] {
	return data?.rows.map(row => row.name) ?? [];
}

const samples = new WeakMap<Plan, string | undefined>();

/** A node that stays no reflector, to show before and after with; a reflector where there is none. */
export function sampleNode(plan: Plan): string | undefined {
	if (!samples.has(plan)) samples.set(plan, findSample(plan));
	return samples.get(plan);
}

function findSample(plan: Plan): string | undefined {
	const reflectors = new Set(currentReflectors(plannedSnapshot(plan)));
	const nodes = plan.original.nodes.filter(hasBgpAddress).map(node => node.metadata.name);
	return nodes.findLast(name => !reflectors.has(name)) ?? nodes[0];
}

const losses = new WeakMap<Plan, string>();

/** What a plan costs in pod traffic, in words; worked out once, since a frame is drawn for every key. */
export function lossOf(plan: Plan): string {
	const text = losses.get(plan) ?? lossText(plan);
	losses.set(plan, text);
	return text;
}

const prepared = new WeakMap<Snapshot, Peering>();

/** The sessions Calico should have configured by now: those of the datastore as read, or as a run has changed it. */
export function currentPeering({data, screen}: WizardState): Peering | null {
	const snapshot = runScreenOf(screen)?.run.snapshot;
	if (!snapshot) return data?.peering ?? null;
	const peering = prepared.get(snapshot) ?? preparePeering(snapshot);
	prepared.set(snapshot, peering);
	return peering;
}
