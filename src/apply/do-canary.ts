import type {CanaryStep, Plan, StepId} from '../core/plan/types.ts';
import {bgpFamilies} from '../core/reflectors.ts';
import type {Family, Seen} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {type Part, type RunContext, record, timestamp} from './context.ts';
import {lossDuringCanary} from './do-probe.ts';
import type {ApplyEvent, Failure, Left} from './events.ts';
import {describeFailure} from './settle.ts';
import {type GateResult, waitForGate} from './wait-gate.ts';

/** Tries to switch the sessions on again, and the wait between them in milliseconds. */
const tries = 5;
const pause = 2000;

/**
 * Switches the canary's mesh sessions off, waits until everything is there without them, and switches them on again, also
 * when something failed or was interrupted. Where they may be off is written down before they are.
 */
export async function* tryCanary(
	context: RunContext,
	step: StepId,
	{node, gate}: CanaryStep,
	snapshot: Snapshot,
): Part<GateResult> {
	const {cluster, clock, stop, canaries} = context;
	const unrecorded = record(context, step, {type: 'canary', at: timestamp(), node, mesh: 'off'});
	if (unrecorded) return {state: 'failed', failure: unrecorded};
	canaries.add(node);
	const since = clock.now();
	const off = (await cluster.meshSwitch?.turn(nodeOf(node, snapshot), 'off', stop)) ?? noShell;
	yield canaryEvent(clock.now(), step, node, 'off', off);
	const result: GateResult = off.known
		? yield* waitForGate(context, step, gate, snapshot, {hold: true})
		: {state: 'failed', failure: failureOf(step, `The mesh sessions of ${node} cannot be switched off.`, off.reason)};
	const lost = result.state === 'met' ? await lossDuringCanary(context, step, {node, since}) : undefined;
	const left = yield* endCanaries(context, step, snapshot);
	const [stuck] = left;
	if (lost) return {state: 'failed', failure: lost};
	if (result.state === 'met' && stuck) {
		return {
			state: 'failed',
			failure: failureOf(step, `The mesh sessions of ${node} cannot be switched on again.`, stuck.reason),
		};
	}
	return result;
}

/** Why a canary of the plan cannot be tried; said before anything is written. */
export async function* canaryImpossible({cluster}: RunContext, {steps}: Plan): Part<Failure | undefined> {
	const step = steps.find(each => each.canary);
	if (!step) return undefined;
	const message = 'The canary cannot be tried: no command can be run on the nodes.';
	try {
		const way = await cluster.holding();
		if (way.state === 'impossible') return failureOf(step.id, message, way.reason);
		return cluster.meshSwitch ? undefined : failureOf(step.id, message, '');
	} catch (error) {
		return {step: step.id, ...describeFailure(error)};
	}
}

/** Switches the mesh sessions of every canary on again; gives those where it could not be done. */
export async function* endCanaries(context: RunContext, step: StepId, snapshot: Snapshot): Part<readonly Left[]> {
	const {cluster, clock, stop, canaries} = context;
	const left: Left[] = [];
	for (const node of [...canaries]) {
		let on: Seen<number> = {known: false, reason: 'the run was stopped before it'};
		for (let attempt = 1; attempt <= tries && !on.known && !stop.aborted; attempt++) {
			if (attempt > 1) await clock.sleep(pause, stop).catch(() => undefined);
			on = (await cluster.meshSwitch?.turn(nodeOf(node, snapshot), 'on', stop)) ?? noShell;
		}
		yield canaryEvent(clock.now(), step, node, 'on', on);
		if (on.known) {
			canaries.delete(node);
			record(context, step, {type: 'canary', at: timestamp(), node, mesh: 'on'});
			continue;
		}
		left.push({
			kind: 'Canary',
			name: node,
			reason: `its mesh sessions are still switched off in BIRD: ${on.reason}`,
			command: cluster.meshSwitch?.describe(node, 'on') ?? null,
		});
	}
	return left;
}

const noShell: Seen<number> = {known: false, reason: 'commands cannot be run on the nodes'};

function canaryEvent(at: number, step: StepId, node: string, mesh: 'off' | 'on', seen: Seen<number>): ApplyEvent {
	const common = {at, type: 'canary', step, node, mesh} as const;
	return seen.known
		? {...common, state: 'done', sessions: seen.value, words: ''}
		: {...common, state: 'failed', sessions: 0, words: seen.reason};
}

function failureOf(step: StepId, message: string, words: string): Failure {
	return {
		step,
		message,
		words,
		next: ['See that commands can be run on this node, try it on another one, or go without: leave --canary out.'],
	};
}

function nodeOf(name: string, {nodes}: Snapshot): {readonly name: string; readonly families: readonly Family[]} {
	const node = nodes.find(each => each.metadata.name === name);
	return {name, families: node ? bgpFamilies(node) : []};
}
