import {makeWayBack} from '../core/plan/back.ts';
import type {Plan, Step} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {applyWrite} from '../core/write.ts';
import {type Part, type RunContext, record, timestamp} from './context.ts';
import {canaryImpossible, endCanaries, tryCanary} from './do-canary.ts';
import {releaseHold, takeHold} from './do-hold.ts';
import {beginProbe, endProbe} from './do-probe.ts';
import {doWrite} from './do-write.ts';
import {type ApplyEvent, type Failure, type Left, type Outcome, schemaVersion} from './events.ts';
import {readAgain} from './read-again.ts';
import {retreat} from './retreat.ts';
import {findVisible} from './visible.ts';
import {waitForGate} from './wait-gate.ts';

/** Walks a plan forward; turns round at the first failure or interrupt. */
export async function* walkForward(context: RunContext, plan: Plan): Part<void> {
	yield* started(context, plan);
	// A canary that a killed run left would make the look before the first write wait in vain.
	yield* endCanaries(context, plan.steps[0]?.id ?? 'before', plan.original);
	if (plan.steps.length === 0) return yield* end(context, 'nothing-to-do', null, []);
	const blind = (yield* findVisible(context, plan)) ?? (yield* canaryImpossible(context, plan));
	if (blind) return yield* end(context, 'not-started', blind, []);
	yield* beginProbe(context, plan);
	let snapshot = plan.original;
	const left: Left[] = [];
	for (const step of plan.steps) {
		const result = yield* walkStep(context, step, snapshot);
		if (result.state === 'done') {
			snapshot = result.snapshot;
			left.push(...result.left);
			continue;
		}
		const failure = result.state === 'failed' ? result.failure : null;
		if (context.stop.aborted) return yield* end(context, 'stopped', failure, []);
		if (context.written.length === 0 && context.held.size === 0 && context.canaries.size === 0)
			return yield* end(context, 'not-started', failure, []);
		return yield* turnBack(context, failure);
	}
	return yield* end(context, 'done', null, left);
}

/** Walks a plan that leads back, made from a journal. */
export async function* walkBack(context: RunContext, plan: Plan): Part<void> {
	yield* started(context, plan);
	const off = yield* endCanaries(context, plan.steps[0]?.id ?? 'way-back', plan.original);
	if (plan.steps.length === 0) return yield* end(context, off.length > 0 ? 'left' : 'nothing-to-do', null, off);
	const blind = yield* findVisible(context, plan);
	if (blind)
		yield {at: context.clock.now(), type: 'notice', text: `${blind.message} The way back goes on without looking.`};
	yield* beginProbe(context, plan);
	const left = [...off, ...(yield* retreat(context, plan))];
	yield* end(context, context.stop.aborted ? 'stopped' : left.length > 0 ? 'left' : 'done', null, left);
}

type StepResult =
	| {readonly state: 'done'; readonly snapshot: Snapshot; readonly left: readonly Left[]}
	| {readonly state: 'failed'; readonly failure: Failure}
	| {readonly state: 'interrupted'};

async function* walkStep(context: RunContext, step: Step, from: Snapshot): Part<StepResult> {
	const {clock} = context;
	const began = clock.now();
	const fail = (failure: Failure): ApplyEvent => ({
		at: clock.now(),
		type: 'step-failed',
		direction: 'forward',
		step: step.id,
		failure,
	});
	yield {at: began, type: 'step-started', direction: 'forward', step: step.id, title: step.title};
	let snapshot = from;
	const left = step.hold?.action === 'release' ? yield* releaseHold(context, step.id, step.hold, from) : [];
	if (step.hold?.action === 'take') {
		const failure = yield* takeHold(context, step.id, step.hold, from);
		if (failure) {
			yield fail(failure);
			return {state: 'failed', failure};
		}
	}
	if (step.canary) {
		const tried = yield* tryCanary(context, step.id, step.canary, from);
		if (tried.state === 'failed') yield fail(tried.failure);
		if (tried.state !== 'met') return tried;
	}
	if (step.check) {
		const gate = yield* waitForGate(context, step.id, step.check, from, {hold: false});
		if (gate.state === 'failed') yield fail(gate.failure);
		if (gate.state !== 'met') return gate;
	}
	for (const write of step.writes) {
		if (context.turn.aborted) return {state: 'interrupted'};
		const failure = yield* doWrite(context, {direction: 'forward', step: step.id}, write);
		if (failure) {
			yield fail(failure);
			return {state: 'failed', failure};
		}
		snapshot = applyWrite(snapshot, write);
	}
	if (step.gate) {
		const gate = yield* waitForGate(context, step.id, step.gate, snapshot, {hold: step.writes.length > 0});
		if (gate.state === 'failed') yield fail(gate.failure);
		if (gate.state !== 'met') return gate;
		// The look before the first write is what later looks are compared with.
		if (step.writes.length === 0 && !step.canary) context.before = gate.seen;
	}
	if (context.turn.aborted) return {state: 'interrupted'};
	yield {at: clock.now(), type: 'step-done', direction: 'forward', step: step.id, elapsed: clock.now() - began};
	return {state: 'done', snapshot, left};
}

/** Takes back what this run wrote, starting from what the cluster is now. */
async function* turnBack(context: RunContext, failure: Failure | null): Part<void> {
	const {clock} = context;
	record(context, 'way-back', {type: 'turned-back', at: timestamp(), reason: failure?.message ?? 'interrupted'});
	const current = yield* readAgain(context);
	if (!current) {
		const left: readonly Left[] = context.written.map(({kind, name}) => ({
			kind,
			name,
			reason: 'the cluster could not be read, so it is not known what it is now',
			command: null,
		}));
		return yield* end(context, context.stop.aborted ? 'stopped' : 'left', failure, left);
	}
	const {plan, conflicts} = makeWayBack(context.written, current, {holding: {state: 'off'}, held: [...context.held]});
	yield {
		at: clock.now(),
		type: 'turned-back',
		reason: failure ? 'failure' : 'interrupt',
		steps: plan.steps.map(({id, title}) => ({id, title})),
	};
	const left: readonly Left[] = [
		...conflicts.map(conflict => ({...conflict, command: null})),
		...(yield* endCanaries(context, 'way-back', current)),
		...(yield* retreat(context, plan)),
	];
	return yield* end(context, context.stop.aborted ? 'stopped' : left.length > 0 ? 'left' : 'went-back', failure, left);
}

async function* started({clock, journal}: RunContext, {direction, steps}: Plan): Part<void> {
	yield {
		at: clock.now(),
		type: 'run-started',
		schemaVersion,
		direction,
		steps: steps.map(({id, title}) => ({id, title})),
		journal: journal?.path ?? null,
	};
	if (journal?.notice) yield {at: clock.now(), type: 'notice', text: journal.notice};
}

async function* end(context: RunContext, outcome: Outcome, failure: Failure | null, left: readonly Left[]): Part<void> {
	yield* endProbe(context, outcome);
	record(context, 'end', {type: 'end', at: timestamp(), outcome});
	context.journal?.close();
	yield {at: context.clock.now(), type: 'run-ended', outcome, failure, left, journal: context.journal?.path ?? null};
}
