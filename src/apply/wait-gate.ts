import {type GateVerdict, judgeGate} from '../core/gates.ts';
import {preparePeering} from '../core/peering/prepare.ts';
import type {GateScope, StepId} from '../core/plan/types.ts';
import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {Part, RunContext} from './context.ts';
import type {Failure} from './events.ts';
import {describeFailure} from './settle.ts';

/** Milliseconds between two looks. */
const pause = 1000;
/** A change may not have reached every node's confd at the first look, so a gate must hold at two in a row. */
const looksToHold = 2;

/** What a gate came to. */
export type GateResult =
	| {readonly state: 'met'; readonly seen: ReadonlyMap<string, Observation>}
	| {readonly state: 'failed'; readonly failure: Failure}
	| {readonly state: 'interrupted'};

/**
 * Looks at the nodes each second until they show what the resources predict. Gives up when `gateTimeout` passed since
 * the count of Established sessions last rose: a collision costs 5 s a try and can repeat (longest measured: 24 s).
 */
export async function* waitForGate(
	context: RunContext,
	step: StepId,
	{nodes, ...rest}: GateScope,
	snapshot: Snapshot,
	{hold}: {readonly hold: boolean},
): Part<GateResult> {
	const {cluster, clock, visible, turn, stop} = context;
	const scope = {...rest, nodes: visible === 'all' ? nodes : nodes.filter(node => visible.includes(node))};
	const peering = preparePeering(snapshot);
	const {reflectors} = scope;
	const deep = reflectors ? scope.nodes.filter(node => !reflectors.includes(node)) : [];
	const began = clock.now();
	let progressed = began;
	let best = -1;
	let held = 0;
	for (;;) {
		const seen = new Map<string, Observation>();
		try {
			for await (const observation of cluster.observe(scope.nodes, {routes: scope.routes, deep, signal: stop})) {
				seen.set(observation.node, observation);
				// Every copy of every route is too much to tell, and nobody shows it.
				const {learned, ...observed} = observation;
				yield {at: clock.now(), type: 'observed', observation: observed};
			}
		} catch (error) {
			// A look that failed as a whole is a look at nothing; the gate's own patience decides.
			describeFailure(error);
		}
		const verdict = judgeGate({scope, peering, now: seen, before: context.before});
		const now = clock.now();
		if (verdict.established > best) [best, progressed] = [verdict.established, now];
		held = verdict.met ? held + 1 : 0;
		const met = held >= (hold ? looksToHold : 1);
		const failed = !verdict.met && now - progressed >= context.gateTimeout;
		yield {
			at: now,
			type: 'gate',
			step,
			state: met ? 'met' : failed ? 'failed' : 'waiting',
			established: verdict.established,
			expected: verdict.expected,
			waiting: verdict.waiting,
			elapsed: now - began,
			sinceProgress: now - progressed,
		};
		if (met) {
			const text = unlearned(deep, seen);
			if (text) yield {at: now, type: 'notice', text};
			return {state: 'met', seen};
		}
		if (failed) return {state: 'failed', failure: gateFailure(step, verdict, now - began)};
		if (turn.aborted || stop.aborted) return {state: 'interrupted'};
		await clock.sleep(pause, turn.aborted ? stop : turn).catch(() => undefined);
	}
}

/** What a gate that was met could not see of what it was to ask. */
function unlearned(deep: readonly string[], seen: ReadonlyMap<string, Observation>): string | undefined {
	const reasons = deep.flatMap(node => {
		const learned = seen.get(node)?.learned;
		return learned?.known ? [] : [learned?.reason ?? 'this way of looking does not show it'];
	});
	const [first] = reasons;
	if (first === undefined) return undefined;
	return `From whom the routes are learned is not known on ${reasons.length} of ${deep.length} nodes: ${first}`;
}

function gateFailure(step: StepId, {established, expected, waiting}: GateVerdict, elapsed: number): Failure {
	const shown = waiting.slice(0, 8).map(({node, what, reason}) => `${node}: ${what}: ${reason}`);
	const more = waiting.length > shown.length ? [`and ${waiting.length - shown.length} more`] : [];
	const others = waiting.length - (expected - established);
	return {
		step,
		message: `After ${Math.round(elapsed / 1000)} s ${established} of ${expected} session ends are Established${others > 0 ? `, and ${others} other things are not as they should be` : ''}.`,
		words: [...shown, ...more].join('\n'),
		next: ['Look at the sessions named here: status', 'Give it more time with --gate-timeout SECONDS.'],
	};
}
