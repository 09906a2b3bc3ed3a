import type {Write} from '../core/write.ts';
import {type Part, type Place, type RunContext, record, timestamp} from './context.ts';
import type {ApplyEvent, Failure} from './events.ts';
import type {WriteOutcome} from './journal.ts';
import {describeFailure, lookAt, type Standing} from './settle.ts';

/** Tries a reading gets when a write's outcome must be known, and the wait between them in milliseconds. */
const settleTries = 10;
const settlePause = 2000;

/**
 * Does one write: reads the fields it touches anew, writes down the intent, writes, writes down the outcome.
 * Returns the failure, or undefined where the resource is as wanted.
 *
 * A tool that gave no answer leaves the outcome unknown; it is settled by reading. On the way forward that is a failure
 * even where the write took effect: a tool that hangs is nothing to walk on with. On the way back it counts.
 */
export async function* doWrite(context: RunContext, place: Place, write: Write): Part<Failure | undefined> {
	const {cluster, clock, stop} = context;
	const {step, direction} = place;
	const told = (state: Extract<ApplyEvent, {type: 'write'}>['state']): ApplyEvent => ({
		at: clock.now(),
		type: 'write',
		step,
		verb: write.verb,
		kind: write.kind,
		name: write.name,
		state,
		command: cluster.commandFor(write),
	});
	const note = (outcome: WriteOutcome, words?: string) =>
		record(context, step, {
			type: 'outcome',
			at: timestamp(),
			direction,
			step,
			kind: write.kind,
			name: write.name,
			outcome,
			...(words ? {words} : {}),
		});

	let found: Standing;
	try {
		found = await lookAt(cluster, write, stop);
	} catch (error) {
		yield told('failed');
		return {step, ...describeFailure(error)};
	}
	if (found.state === 'after') {
		yield told('already-so');
		note('already-so');
		return undefined;
	}
	if (found.state === 'other') {
		yield told('failed');
		return {
			step,
			message: `Somebody changed ${write.kind} ${write.name} since the plan was made; it is left as it is.`,
			words: found.words,
			next: ['Look at the change, then plan again.'],
		};
	}

	const unrecorded = record(context, step, {type: 'intent', at: timestamp(), direction, step, write});
	// Going forward without a journal could not be taken back; going back without one is still the best there is.
	if (unrecorded && direction === 'forward') {
		yield told('failed');
		return unrecorded;
	}
	if (direction === 'forward') context.written.push(write);
	yield told('started');
	try {
		await cluster.write(write, stop);
	} catch (error) {
		const failure = describeFailure(error);
		if (failure.settled) {
			yield told('failed');
			note('failed', failure.words);
			return {step, ...failure};
		}
		yield told('unknown');
		note('unknown', failure.words);
		return yield* settle(context, place, write, {step, ...failure}, {told, note});
	}
	const idle = await wordsWithoutEffect(context, write);
	if (idle) {
		yield told('failed');
		note('failed', idle);
		return {
			step,
			message: `The tool reported success, but ${write.kind} ${write.name} does not show the change.`,
			words: idle,
			next: ['See who else writes this resource. A label that Kubernetes owns cannot be changed through calicoctl.'],
		};
	}
	yield told('done');
	note('done');
	return undefined;
}

/**
 * Success is not taken on trust: calicoctl prints it for a label that Kubernetes owns and changes nothing (measured).
 * Undefined where the change is there, or where it cannot be read just now.
 */
async function wordsWithoutEffect({cluster, stop}: RunContext, write: Write): Promise<string | undefined> {
	try {
		const now = await lookAt(cluster, write, stop);
		if (now.state === 'after') return undefined;
		return now.state === 'other' ? now.words : `${write.kind} ${write.name} is as it was before.`;
	} catch (error) {
		describeFailure(error);
		return undefined;
	}
}

type Tell = {
	readonly told: (state: 'done' | 'failed') => ApplyEvent;
	readonly note: (outcome: WriteOutcome) => Failure | undefined;
};

async function* settle(
	{cluster, clock, stop}: RunContext,
	{direction}: Place,
	write: Write,
	failure: Failure,
	{told, note}: Tell,
): Part<Failure | undefined> {
	const standing = await readUntilKnown();
	const words = {
		before: `${failure.message} Reading it again shows that it had no effect.`,
		after: `${failure.message} Reading it again shows that it took effect.`,
		other: `${failure.message} Reading it again shows something else altogether.`,
		unknown: `${failure.message} Whether it took effect is not known: it could not be read again either.`,
	}[standing?.state ?? 'unknown'];
	if (standing) note(standing.state === 'after' ? 'done' : standing.state === 'before' ? 'undone' : 'failed');
	if (standing?.state === 'after' && direction === 'back') {
		yield told('done');
		return undefined;
	}
	yield told('failed');
	return {...failure, message: words};

	async function readUntilKnown(): Promise<Standing | undefined> {
		for (let attempt = 0; attempt < settleTries && !stop.aborted; attempt++) {
			try {
				return await lookAt(cluster, write, stop);
			} catch (error) {
				describeFailure(error);
				await clock.sleep(settlePause, stop).catch(() => undefined);
			}
		}
		return undefined;
	}
}
