import type {Plan, Step} from '../core/plan/types.ts';
import {applyWrite, type Write} from '../core/write.ts';
import type {Part, Place, RunContext} from './context.ts';
import {releaseHold, takeHold} from './do-hold.ts';
import {doWrite} from './do-write.ts';
import type {Failure, Left} from './events.ts';
import {waitForGate} from './wait-gate.ts';

/** Tries each write of the way back gets, and the wait between them in milliseconds. */
const tries = 3;
const pause = 2000;

/**
 * Walks a way back as far as it goes. A step that another one cannot do without is left undone with it, since it would
 * cut nodes off; all others are walked. A gate that is not met is said and not waited for any longer: the cluster's own
 * old resources are the safest state there is to be in.
 */
export async function* retreat(context: RunContext, plan: Plan): Part<readonly Left[]> {
	const {clock} = context;
	// An interrupt brought us here, or a failure did: from now on only a second interrupt ends the waiting.
	const patient: RunContext = {...context, turn: context.stop};
	const failed = new Set<string>();
	const left: Left[] = [];
	let snapshot = plan.original;
	for (const step of plan.steps) {
		if (context.stop.aborted) {
			left.push(...leave(context, step.writes, 'the run was stopped before it'));
			continue;
		}
		const missing = step.needs.filter(id => failed.has(id));
		if (missing.length > 0) {
			failed.add(step.id);
			left.push(
				...leave(
					context,
					step.writes,
					`left as it is, since ${missing.join(' and ')} could not be taken back and this would cut nodes off`,
				),
			);
			continue;
		}
		const began = clock.now();
		yield {at: began, type: 'step-started', direction: 'back', step: step.id, title: step.title};
		const failures: Failure[] = [];
		if (step.hold?.action === 'take') {
			const failure = yield* takeHold(patient, step.id, step.hold, snapshot);
			// Going back loses packets for some seconds without the hold; not going back may lose them for good.
			if (failure)
				yield {at: clock.now(), type: 'notice', text: `${failure.message} Going on back without.\n${failure.words}`};
		}
		if (step.hold?.action === 'release') left.push(...(yield* releaseHold(patient, step.id, step.hold, snapshot)));
		for (const write of step.writes) {
			const failure = yield* insist(patient, {direction: 'back', step: step.id}, write);
			if (!failure) {
				snapshot = applyWrite(snapshot, write);
				continue;
			}
			failures.push(failure);
			left.push(...leave(context, [write], [failure.message, failure.words].filter(Boolean).join(' ')));
		}
		const [failure] = failures;
		if (failure) {
			failed.add(step.id);
			yield {at: clock.now(), type: 'step-failed', direction: 'back', step: step.id, failure};
			continue;
		}
		yield* look(patient, step, snapshot);
		yield {at: clock.now(), type: 'step-done', direction: 'back', step: step.id, elapsed: clock.now() - began};
	}
	return left;
}

async function* look(context: RunContext, step: Step, snapshot: Plan['original']): Part<void> {
	if (!step.gate) return;
	const gate = yield* waitForGate(context, step.id, step.gate, snapshot, {hold: true});
	if (gate.state === 'failed') {
		yield {
			at: context.clock.now(),
			type: 'notice',
			text: `${gate.failure.message} Going on back all the same. Waiting for:\n${gate.failure.words}`,
		};
	}
}

async function* insist(context: RunContext, place: Place, write: Write): Part<Failure | undefined> {
	let failure: Failure | undefined;
	for (let attempt = 1; attempt <= tries && !context.stop.aborted; attempt++) {
		failure = yield* doWrite(context, place, write);
		if (!failure) return undefined;
		if (attempt < tries) await context.clock.sleep(pause, context.stop).catch(() => undefined);
	}
	return failure;
}

function leave({cluster}: RunContext, writes: readonly Write[], reason: string): readonly Left[] {
	return writes.map(write => ({kind: write.kind, name: write.name, reason, command: cluster.commandFor(write)}));
}
