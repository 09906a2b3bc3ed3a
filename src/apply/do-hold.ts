import {asCompleted, createLimit} from '../cluster/concurrency.ts';
import type {HeldNode, HoldScope} from '../cluster/hold.ts';
import type {HoldStep, StepId} from '../core/plan/types.ts';
import {bgpFamilies} from '../core/reflectors.ts';
import type {Seen} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {type Part, type RunContext, record, timestamp} from './context.ts';
import type {ApplyEvent, Failure, Left} from './events.ts';

/** Nodes that are worked on at once. */
const atOnce = 16;
/** Tries to release a copy where BIRD's own route is not back yet, and the wait between them in milliseconds. */
const releaseTries = 5;
const releasePause = 2000;

/**
 * Copies the routes on every node of the step. A node on which that fails is a failure: the promise of the preview,
 * that nothing is lost, would not hold there. Where it stays possible is written down before the first copy is made.
 */
export async function* takeHold(
	context: RunContext,
	step: StepId,
	hold: HoldStep,
	snapshot: Snapshot,
): Part<Failure | undefined> {
	const {cluster, clock, stop, held} = context;
	const {holds} = cluster;
	if (!holds) return failureOf(step, ['commands cannot be run on the nodes']);
	const unrecorded = record(context, step, {type: 'hold', at: timestamp(), action: 'take', nodes: hold.nodes});
	if (unrecorded) return unrecorded;
	for (const node of hold.nodes) held.add(node);
	const problems: string[] = [];
	for await (const {name, seen} of onEach(nodesOf(hold, snapshot), node =>
		holds.take(node, scopeOf(hold, node, snapshot), stop),
	)) {
		yield holdEvent(
			clock.now(),
			step,
			'take',
			name,
			seen.known ? {routes: seen.value, words: ''} : {routes: 0, words: seen.reason},
		);
		if (!seen.known) problems.push(`${name}: ${seen.reason}`);
	}
	return problems.length === 0 ? undefined : failureOf(step, problems);
}

/** Takes the copies away, node by node; gives what had to stay. */
export async function* releaseHold(
	context: RunContext,
	step: StepId,
	hold: HoldStep,
	snapshot: Snapshot,
): Part<readonly Left[]> {
	const {cluster, clock, stop, held} = context;
	const {holds} = cluster;
	let waiting = nodesOf(hold, snapshot);
	const why = new Map<string, string>();
	for (let attempt = 1; holds && waiting.length > 0 && attempt <= releaseTries && !stop.aborted; attempt++) {
		if (attempt > 1) await clock.sleep(releasePause, stop).catch(() => undefined);
		const again: HeldNode[] = [];
		for await (const {name, node, seen} of onEach(waiting, each => holds.release(each, {}, stop))) {
			const kept = seen.known ? seen.value.kept : [];
			const reason = seen.known ? `BIRD has no route of its own to ${kept.join(', ')} yet` : seen.reason;
			const gone = seen.known && kept.length === 0;
			if (gone) held.delete(name);
			else {
				why.set(name, reason);
				again.push(node);
			}
			if (gone || attempt === releaseTries) {
				yield holdEvent(clock.now(), step, 'release', name, {
					routes: seen.known ? seen.value.released : 0,
					words: gone ? '' : reason,
				});
			}
		}
		waiting = again;
	}
	record(context, step, {
		type: 'hold',
		at: timestamp(),
		action: 'release',
		nodes: hold.nodes.filter(node => !held.has(node)),
	});
	return waiting.map(({name}) => ({
		kind: 'RouteHold',
		name,
		reason: `${why.get(name) ?? 'it was not reached'}; the copies do no harm, and hold clear takes them away`,
		command: null,
	}));
}

function holdEvent(
	at: number,
	step: StepId,
	action: HoldStep['action'],
	node: string,
	{routes, words}: {routes: number; words: string},
): ApplyEvent {
	return {at, type: 'hold', step, action, node, state: words === '' ? 'done' : 'failed', routes, words};
}

function failureOf(step: StepId, problems: readonly string[]): Failure {
	return {
		step,
		message: `The routes of ${problems.length === 1 ? 'a node' : `${problems.length} nodes`} cannot be held.`,
		words: problems.slice(0, 8).join('\n'),
		next: [
			'See that commands can be run on these nodes, or go on without: --no-hold (the preview says what that costs).',
		],
	};
}

async function* onEach<T>(
	nodes: readonly HeldNode[],
	work: (node: HeldNode) => Promise<Seen<T>>,
): AsyncGenerator<{name: string; node: HeldNode; seen: Seen<T>}, void, void> {
	const withinLimit = createLimit(atOnce);
	yield* asCompleted(nodes.map(async node => ({name: node.name, node, seen: await withinLimit(() => work(node))})));
}

function nodesOf({nodes}: HoldStep, snapshot: Snapshot): readonly HeldNode[] {
	const wanted = new Set(nodes);
	return snapshot.nodes
		.filter(({metadata}) => wanted.has(metadata.name))
		.map(node => ({name: node.metadata.name, families: bgpFamilies(node)}));
}

/** On a large cluster a node that stays as it is holds only its routes to those that change. */
function scopeOf({about}: HoldStep, {name}: HeldNode, {nodes, ipPools}: Snapshot): HoldScope {
	const pools = ipPools.map(pool => pool.spec.cidr);
	if (about === undefined || about.includes(name)) return {pools};
	const via = nodes
		.filter(node => about.includes(node.metadata.name))
		.flatMap(({spec: {bgp}}) => [bgp?.ipv4Address, bgp?.ipv6Address].flatMap(cidr => cidr?.split('/')[0] ?? []));
	return {pools, via};
}
