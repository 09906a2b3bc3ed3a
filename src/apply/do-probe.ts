import {sharedSignal} from '../cluster/concurrency.ts';
import type {Plan, StepId} from '../core/plan/types.ts';
import {unmeasuredLines} from '../core/probe/report.ts';
import {probePace} from '../core/probe/scope.ts';
import {newLosses, type PairTally} from '../core/probe/tally.ts';
import {type Part, type RunContext, record, timestamp} from './context.ts';
import type {ApplyEvent, Failure, Outcome} from './events.ts';
import {startProbe} from './probe.ts';
import {findProbeEnds} from './probe-ends.ts';
import {describeFailure} from './settle.ts';

/** Packets lost in a row during a canary that are no accident. */
const tellingGap = 2;

/** Starts the pings that a plan asks for. A run whose pings cannot be sent says so, and goes on without. */
export async function* beginProbe(context: RunContext, {probe: scope, original}: Plan): Part<void> {
	const {cluster, clock, turn, stop} = context;
	if (!scope) return;
	const without = (why: string): ApplyEvent => ({
		at: clock.now(),
		type: 'notice',
		text: `No pings during this run: ${why}`,
	});
	try {
		const way = await cluster.holding();
		const {pings} = cluster;
		if (way.state === 'impossible') return yield without(way.reason);
		if (!pings) return yield without('commands cannot be run on the nodes');
		const found = await findProbeEnds(
			{cluster, pings, signal: sharedSignal([turn], scope.pairs.length)},
			original,
			scope.pairs,
		);
		const {probed, unmeasured, noProgram} = found;
		if (noProgram !== undefined) return yield without(`there is no ping where commands run on the nodes: ${noProgram}`);
		if (probed.length === 0) return yield without(unmeasuredLines(unmeasured).join(' ') || 'no pair can be measured');
		context.probe = startProbe({
			pings,
			clock,
			probed,
			unmeasured,
			of: scope.of,
			leavesOutIpv6: scope.leavesOutIpv6,
			signal: stop,
		});
		yield {
			at: clock.now(),
			type: 'probe',
			state: 'started',
			pairs: probed.length,
			of: scope.of,
			interval: probePace.interval,
			oneWay: probed.filter(({isOneWay}) => isOneWay).length,
			unmeasured,
		};
		await context.probe.begun();
	} catch (error) {
		yield without(describeFailure(error).message);
	}
}

/** Ends the pings and tells what they came to; before a first write, or stopped at once, they are not waited for. */
export async function* endProbe(context: RunContext, outcome: Outcome): Part<void> {
	const {probe, clock} = context;
	if (!probe) return;
	if (outcome === 'not-started' || outcome === 'stopped') probe.stop();
	const report = await probe.end();
	record(context, 'end', {type: 'probe', at: timestamp(), report});
	yield {at: clock.now(), type: 'probe', state: 'ended', report};
}

/** The events of a run, with what the pings lost meanwhile told between them; they end however the run ends. */
export async function* withLosses(context: RunContext, events: Part<void>): Part<void> {
	let told: readonly PairTally[] = [];
	try {
		for await (const event of events) {
			const tallies = context.probe?.tallies() ?? [];
			const losses = tallies.flatMap(({pair, lost}, index) => {
				const packets = lost - (told[index]?.lost ?? 0);
				return packets > 0 ? [{...pair, packets}] : [];
			});
			told = tallies;
			if (losses.length > 0) {
				const all = tallies.reduce((sum, {lost}) => sum + lost, 0);
				yield {at: event.at, type: 'probe', state: 'loss', losses, milliseconds: all * probePace.interval};
			}
			yield event;
		}
	} finally {
		context.probe?.stop();
	}
}

/** The failure of a canary on which pings were lost since its sessions went; undefined where none were. */
export async function lossDuringCanary(
	{probe}: RunContext,
	step: StepId,
	{node, since}: {readonly node: string; readonly since: number},
): Promise<Failure | undefined> {
	if (!probe) return undefined;
	await probe.catchUp();
	const lost = newLosses(probe.tallies(), {since, packets: tellingGap});
	if (lost.length === 0) return undefined;
	return {
		step,
		message: `Pings were lost between ${lost.length === 1 ? 'one pair' : `${lost.length} pairs`} of nodes while ${node} did without its mesh sessions.`,
		words: lost
			.slice(0, 8)
			.map(({pair, gaps}) => {
				const packets = gaps.filter(({at}) => at >= since).reduce((sum, gap) => sum + gap.packets, 0);
				return `${pair.from} to ${pair.to}: ${packets * probePace.interval} ms without an answer`;
			})
			.join('\n'),
		next: [
			'Look at the routes between these nodes, and try again once they are whole: without the mesh they would stay so.',
		],
	};
}
