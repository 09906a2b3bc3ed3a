import type {ProbePair} from './scope.ts';
import type {PairTally} from './tally.ts';

/** A pair that cannot be measured, and why. */
export type Unmeasured = ProbePair & {readonly reason: string};

/** What a pair lost: packets, and as milliseconds, that many times the interval. */
export type PairLoss = ProbePair & {
	readonly sent: number;
	readonly lost: number;
	readonly milliseconds: number;
	/** Stretches without an answer, and the longest of them in milliseconds. */
	readonly gaps: number;
	readonly longest: number;
};

/** What a run's pings came to. */
export type ProbeReport = {
	/** Pairs that were measured, out of so many in the cluster. */
	readonly pairs: number;
	readonly of: number;
	/** Milliseconds from one packet to the next. */
	readonly interval: number;
	readonly sent: number;
	readonly lost: number;
	/** Summed over all pairs. */
	readonly milliseconds: number;
	/** The part of the time that pings were under way, from 0 to 1: less where commands on nodes are slow or fail. */
	readonly coverage: number;
	/** The pairs that lost something, worst first. */
	readonly losses: readonly PairLoss[];
	/** Pairs that could not be measured: never counted as loss. */
	readonly unmeasured: readonly Unmeasured[];
	/** Rounds that told nothing, and why the last of them did not; null where every one told. */
	readonly unknown: {readonly rounds: number; readonly reason: string} | null;
	/** Some nodes have addresses of both families, and between those with IPv4 its pings alone were sent. */
	readonly leavesOutIpv6: boolean;
};

/**
 * Adds all pairs up. `of` counts all pairs of the cluster; `interval` is in milliseconds, and so is `watched`, how long
 * each pair was to be pinged, summed.
 */
export function makeReport(
	tallies: readonly PairTally[],
	{
		of,
		interval,
		watched,
		unmeasured,
		leavesOutIpv6 = false,
	}: {
		readonly of: number;
		readonly interval: number;
		readonly watched: number;
		readonly unmeasured: readonly Unmeasured[];
		readonly leavesOutIpv6?: boolean;
	},
): ProbeReport {
	const sum = (value: (tally: PairTally) => number) => tallies.reduce((total, tally) => total + value(tally), 0);
	const lost = sum(tally => tally.lost);
	const rounds = sum(tally => tally.unknown);
	const reason = tallies.find(tally => tally.unknown > 0)?.reason ?? '';
	return {
		pairs: tallies.length,
		of,
		interval,
		sent: sum(tally => tally.sent),
		lost,
		milliseconds: lost * interval,
		coverage: watched === 0 ? 0 : Math.min(1, (sum(tally => tally.sent) * interval) / watched),
		losses: tallies
			.filter(tally => tally.lost > 0)
			.map(tally => ({
				...tally.pair,
				sent: tally.sent,
				lost: tally.lost,
				milliseconds: tally.lost * interval,
				gaps: tally.gapCount,
				longest: tally.longest * interval,
			}))
			.sort((left, right) => right.milliseconds - left.milliseconds),
		unmeasured,
		unknown: rounds === 0 ? null : {rounds, reason},
		leavesOutIpv6,
	};
}

/** Pairs that are named; the rest is counted. */
const named = 10;

/** Rounds begin some tenths of a second late even where all is well; from here on it is the whole time. */
const wholeTime = 0.9;

/** A report in sentences, one a line. */
export function reportLines(report: ProbeReport): readonly string[] {
	const {pairs, of, sent, lost, interval, milliseconds, coverage, losses, unmeasured, unknown, leavesOutIpv6} = report;
	const between = `between ${pairs} of ${of} pairs of nodes`;
	const more = losses.length - named;
	return [
		sent === 0
			? `Probe: no ping ${between} was counted.`
			: lost === 0
				? `Probe: not one of ${sent} pings ${between} was lost.`
				: `Probe: ${lost} of ${sent} pings ${between} were lost, ${interval} ms each: ${milliseconds} ms on ${countOf(losses.length, 'pair')}.`,
		...losses
			.slice(0, named)
			.map(
				({from, to, milliseconds: each, longest}) =>
					`  ${from} to ${to}: ${each} ms${longest === each ? '' : `, ${longest} ms of it at one stretch`}`,
			),
		...(more > 0 ? [`  and ${more} more`] : []),
		...(sent > 0 && coverage < wholeTime
			? [
					`Pings were under way for ${Math.round(coverage * 100)} % of the time only: commands on the nodes are slow or fail. What was lost in the rest is not known.`,
				]
			: []),
		...unmeasuredLines(unmeasured),
		...(leavesOutIpv6
			? ['Where both nodes have IPv4, the pings went over it; what IPv6 lost there is not known.']
			: []),
		...(unknown ? [`Not known: ${countOf(unknown.rounds, 'round')} of pings told nothing: ${unknown.reason}`] : []),
	];
}

function countOf(number: number, what: string): string {
	return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** The pairs that cannot be measured, with the first one's reason. */
export function unmeasuredLines(unmeasured: readonly Unmeasured[]): readonly string[] {
	const [first] = unmeasured;
	if (!first) return [];
	const others = unmeasured.length === 1 ? '' : `, and ${unmeasured.length - 1} more`;
	return [`Not measured, and not counted as loss: ${first.from} to ${first.to}: ${first.reason}${others}`];
}
