import type {ProbePair} from './scope.ts';

/** Packets lost one after the other, and when the first of them was sent, on the run's clock. */
export type ProbeGap = {readonly at: number; readonly packets: number};

/** What one pair's pings came to so far. */
export type PairTally = {
	readonly pair: ProbePair;
	readonly sent: number;
	readonly lost: number;
	/** How many gaps there were. */
	readonly gapCount: number;
	/** The newest gaps; the last one may still go on. */
	readonly gaps: readonly ProbeGap[];
	/** Whether the last packet was lost: then the next lost one belongs to the same gap. */
	readonly isLosing: boolean;
	/** The longest gap, in packets. */
	readonly longest: number;
	/** Rounds that nothing is known of, and why the last one told nothing. */
	readonly unknown: number;
	readonly reason: string;
};

/** So many gaps of a pair are kept. */
const keptGaps = 50;

/** A pair before its first packet. */
export function emptyTally(pair: ProbePair): PairTally {
	return {pair, sent: 0, lost: 0, gapCount: 0, gaps: [], isLosing: false, longest: 0, unknown: 0, reason: ''};
}

/** One more round: which of its packets were answered. It began at `at`; packets are `interval` milliseconds apart. */
export function withRound(before: PairTally, packets: readonly boolean[], at: number, interval: number): PairTally {
	let {gaps, gapCount, isLosing, longest} = before;
	for (const [index, isAnswered] of packets.entries()) {
		if (!isAnswered) {
			const last = isLosing ? gaps.at(-1) : undefined;
			const gap = last ? {...last, packets: last.packets + 1} : {at: at + index * interval, packets: 1};
			gaps = [...(last ? gaps.slice(0, -1) : gaps), gap].slice(-keptGaps);
			if (!last) gapCount += 1;
			longest = Math.max(longest, gap.packets);
		}
		isLosing = !isAnswered;
	}
	const lost = packets.filter(isAnswered => !isAnswered).length;
	return {...before, sent: before.sent + packets.length, lost: before.lost + lost, gapCount, gaps, isLosing, longest};
}

/** A round that told nothing: neither that packets arrived nor that they were lost. */
export function withUnknown(before: PairTally, reason: string): PairTally {
	return {...before, isLosing: false, unknown: before.unknown + 1, reason};
}

/** Pairs that began to lose packets at that moment or later: `packets` or more in a row. What was lost before is not new. */
export function newLosses(
	tallies: readonly PairTally[],
	{since, packets}: {readonly since: number; readonly packets: number},
): readonly PairTally[] {
	return tallies.filter(({gaps}) => gaps.some(gap => gap.at >= since && gap.packets >= packets));
}
