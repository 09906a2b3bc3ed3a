import {sharedSignal} from '../cluster/concurrency.ts';
import type {PingResult, Pings} from '../cluster/pings.ts';
import type {Clock} from '../core/clock.ts';
import {makeReport, type ProbeReport, type Unmeasured} from '../core/probe/report.ts';
import {type ProbeScope, probePace} from '../core/probe/scope.ts';
import {emptyTally, type PairTally, withRound, withUnknown} from '../core/probe/tally.ts';
import type {ProbedPair} from './probe-ends.ts';

/** Pings between nodes that go on beside a run. */
export type Probe = {
	/** Waits until every pair's first round has begun. */
	begun(): Promise<void>;
	/** What is known of each pair now. */
	tallies(): readonly PairTally[];
	/** Waits for the rounds that are under way now: then everything up to this moment is known. */
	catchUp(): Promise<void>;
	/** Begins no more rounds, waits for those under way, and adds up. */
	end(): Promise<ProbeReport>;
	/** Ends everything at once; rounds under way tell nothing any more. */
	stop(): void;
};

export type ProbeParts = Pick<ProbeScope, 'of' | 'leavesOutIpv6'> & {
	readonly pings: Pings;
	readonly clock: Clock;
	readonly probed: readonly ProbedPair[];
	readonly unmeasured: readonly Unmeasured[];
	readonly signal: AbortSignal;
};

/** Rounds of one pair at once: the next begins when the packets of the last are sent, not when it has told of them. */
const roundsAtOnce = 2;
/** Milliseconds from one pair's first round to the next pair's, so that not all commands start in the same moment. */
const stagger = 50;

/** Starts the pings; each pair's rounds follow each other without a gap, as far as the node answers in time. */
export function startProbe({pings, clock, probed, unmeasured, of, leavesOutIpv6, signal}: ProbeParts): Probe {
	const {count, interval} = probePace;
	const ending = new AbortController();
	const stopped = new AbortController();
	const commands = probed.length * roundsAtOnce;
	const dead = sharedSignal([signal, stopped.signal], commands);
	const quiet = sharedSignal([dead, ending.signal], commands);
	const tallies = probed.map(({pair}) => emptyTally(pair));
	const began = clock.now();
	const underWay = new Set<Promise<void>>();

	const sleep = (until: number): Promise<void> =>
		clock.sleep(Math.max(0, until - clock.now()), quiet).catch(() => undefined);
	const note = (index: number, result: PingResult, at: number): void => {
		const before = tallies[index];
		// What a stop cut short is neither lost nor arrived.
		if (!before || dead.aborted) return;
		tallies[index] =
			result.state === 'told' ? withRound(before, result.packets, at, interval) : withUnknown(before, result.reason);
	};
	const follow = async ({pair, source, target}: ProbedPair, index: number): Promise<void> => {
		const own: Promise<void>[] = [];
		await sleep(began + index * stagger);
		while (!quiet.aborted) {
			const at = clock.now();
			const earlier = own.at(-1);
			const answer = pings.ping(pair.from, {source, target, pace: probePace}, dead);
			const round = (async () => {
				const result = await answer;
				// Rounds count in the order in which they were begun: a gap may reach from one into the next.
				await earlier;
				note(index, result, at);
			})();
			own.push(round);
			underWay.add(round);
			void round.finally(() => underWay.delete(round));
			await sleep(at + count * interval);
			while (own.length >= roundsAtOnce) await own.shift();
		}
		await Promise.all(own);
	};
	const all = Promise.all(probed.map(follow));
	let endedAt: number | undefined;
	const report = (): ProbeReport => {
		const until = endedAt ?? clock.now();
		const watched = probed.reduce((sum, _pair, index) => sum + Math.max(0, until - began - index * stagger), 0);
		return makeReport(tallies, {of, interval, watched, unmeasured, leavesOutIpv6});
	};
	return {
		begun: () => sleep(began + probed.length * stagger),
		tallies: () => [...tallies],
		async catchUp() {
			await Promise.all(underWay);
		},
		async end() {
			endedAt = clock.now();
			ending.abort();
			await all;
			return report();
		},
		stop: () => stopped.abort(),
	};
}
