import {peersBetween} from '../peering/peers.ts';
import {type Peering, type PeeringNode, preparePeering} from '../peering/prepare.ts';
import {groupAlike} from '../peering/totals.ts';
import {snapshotAfter} from '../plan/back.ts';
import type {Plan} from '../plan/types.ts';

/**
 * Seconds from a changed session to the routes over it, in the mean, where nothing holds them. Real Calico lost 459
 * pair-seconds in 186 conversions of an ordered pair on 5 and 20 nodes, and 51.9 in 24 on the way back: BIRD's connect
 * delay of 2 s, and now and then a collision.
 */
const meanGap = {forward: 2.5, back: 2.2} as const;

/** What a plan is likely to cost where nothing holds the routes: ordered pairs of nodes, and seconds without a route. */
export type LossEstimate = {
	readonly pairs: number;
	readonly pairsHit: number;
	/** Summed over the pairs. */
	readonly pairSeconds: number;
	readonly worstPairSeconds: number;
	/** Ordered pairs that no step connects again. */
	readonly pairsCutOff: number;
	/** The nodes that each pair that is hit has one of, where there are such: those that change their role. */
	readonly nodes: readonly string[];
};

/**
 * Estimates what pairs of nodes lose while a plan is walked: a pair keeps its route where a session between the two, or
 * with a reflector of both, outlives the step; else it waits for the new one. Pairs that Calico treats alike are looked at
 * once, so that the size of the cluster does not matter.
 * @param secondsPerStep time from one step's writes to the next one's, beside waiting for sessions: a call of the tool.
 */
export function estimateLoss(plan: Plan, {secondsPerStep = 1}: {readonly secondsPerStep?: number} = {}): LossEstimate {
	const stages = Array.from({length: plan.steps.length + 1}, (_, count) => count)
		.filter(count => count === 0 || (plan.steps[count - 1]?.writes.length ?? 0) > 0)
		.map(count => preparePeering(snapshotAfter(plan, count)));
	const groups = groupAlike(stages);
	const gap = meanGap[plan.direction];
	const size = stages[0]?.nodes.length ?? 0;
	const hit: {readonly ends: readonly [Member, Member]; readonly pairs: number; readonly seconds: number}[] = [];
	for (const [index, left] of groups.entries()) {
		for (const right of groups.slice(index)) {
			const ends = representatives(left, right);
			if (!ends) continue;
			const pairs = left === right ? left.length * (left.length - 1) : 2 * left.length * right.length;
			const seconds = outage(stages, ends, {gap, secondsPerStep});
			if (seconds > 0) hit.push({ends: [memberOf(left, ends[0]), memberOf(right, ends[1])], pairs, seconds});
		}
	}
	const lost = hit.filter(({seconds}) => Number.isFinite(seconds));
	return {
		pairs: size * (size - 1),
		pairsHit: sum(hit.map(({pairs}) => pairs)),
		pairSeconds: sum(lost.map(({pairs, seconds}) => pairs * seconds)),
		worstPairSeconds: Math.max(0, ...lost.map(({seconds}) => seconds)),
		pairsCutOff: sum(hit.filter(({seconds}) => !Number.isFinite(seconds)).map(({pairs}) => pairs)),
		nodes: [...new Set(hit.flatMap(({ends}) => ends.filter(end => end.alone).map(end => end.name)))],
	};
}

/** A node that stands for its group. */
type Member = {readonly name: string; readonly alone: boolean};

function memberOf(group: readonly PeeringNode[], name: string): Member {
	return {name, alone: group.length === 1};
}

function representatives(
	left: readonly PeeringNode[],
	right: readonly PeeringNode[],
): readonly [string, string] | undefined {
	const [a, b] = left === right ? left : [left[0], right[0]];
	return a && b ? [a.name, b.name] : undefined;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}

/** Seconds that two nodes are without each other's routes over all stages; infinite where they stay so. */
function outage(
	stages: readonly Peering[],
	[a, b]: readonly [string, string],
	{gap, secondsPerStep}: {readonly gap: number; readonly secondsPerStep: number},
): number {
	let lost = 0;
	let downSince: number | undefined;
	for (let at = 1; at < stages.length; at++) {
		const [before, now] = [stages[at - 1], stages[at]];
		if (!before || !now) break;
		const time = at * secondsPerStep;
		const isUp = downSince === undefined;
		if (isUp && reaches(now, a, b, (x, y) => outlives(before, now, x, y))) continue;
		if (reaches(now, a, b, (x, y) => links(now, x, y).length > 0)) {
			lost += time - (downSince ?? time) + gap;
			downSince = undefined;
		} else downSince ??= time;
	}
	return downSince === undefined ? lost : Number.POSITIVE_INFINITY;
}

/** Whether the nodes learn each other's routes: from one another, or from a reflector that passes them on (RFC 4456, 6). */
function reaches(peering: Peering, a: string, b: string, isLinked: (x: string, y: string) => boolean): boolean {
	if (isLinked(a, b)) return true;
	return peering.nodes.some(
		({name, clusterId}) =>
			clusterId !== '' &&
			name !== a &&
			name !== b &&
			isLinked(a, name) &&
			isLinked(name, b) &&
			reflects(peering, name, a, b),
	);
}

function reflects(peering: Peering, reflector: string, ...others: readonly string[]): boolean {
	return others.some(other => peersBetween(peering, reflector, other).some(peer => peer.reflectorClient));
}

/** The sessions between two nodes as both ends configure them; a session of one end alone never comes up. */
function links(peering: Peering, a: string, b: string): readonly string[] {
	const there = peersBetween(peering, a, b);
	const back = peersBetween(peering, b, a);
	return there.flatMap(peer =>
		back
			.filter(other => other.family === peer.family && other.kind === peer.kind)
			.map(other => JSON.stringify([peer, other])),
	);
}

/** Whether a session goes on over a change: BIRD restarts one whose configuration differs (bgp_reconfigure). */
function outlives(before: Peering, now: Peering, a: string, b: string): boolean {
	const kept = new Set(links(before, a, b));
	return links(now, a, b).some(link => kept.has(link));
}
