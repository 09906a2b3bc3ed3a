import type {Clock} from '../core/clock.ts';
import {createSleepers, idle} from '../core/sleepers.ts';
import type {Exec, ExecOptions, ExecResult} from './exec.ts';
import type {RecordedCall} from './recorder.ts';
import {redactJson} from './redact-json.ts';

/** A recording as the port: its answers in their order, and the time as it passed then. */
export type Replay = {
	readonly exec: Exec;
	/** Stands at the moment of the last answer or sleep; never waits for the clock on the wall. */
	readonly clock: Clock;
	/** The calls that nobody has made yet. */
	readonly rest: () => readonly RecordedCall[];
};

/** A program that does not do what was recorded. Once thrown, every later call fails with it too. */
export class ReplayError extends Error {
	override readonly name = 'ReplayError';
	/** The call of the recording whose turn it was, counted from 1. */
	readonly number: number;
	constructor(message: string, number: number) {
		super(message);
		this.number = number;
	}
}

type Claim = (result: ExecResult) => void;

/**
 * Makes the Exec that answers from a recording. Calls under way at once may come in another order than then; each answer
 * still waits until all that came before it have been given, so that whoever called hears the same things in the same
 * order. A call that was never recorded fails at once, and so does one that waits for another which does not come.
 * @param origin when the recording began, in milliseconds on the run's clock.
 */
export function createReplay(calls: readonly RecordedCall[], {origin = 0}: {readonly origin?: number} = {}): Replay {
	const sleepers = createSleepers(origin);
	const claims = new Map<number, {readonly give: Claim; readonly fail: (error: ReplayError) => void}>();
	const taken = new Set<number>();
	const keys = calls.map(({argv, stdin}) => keyOf(argv, stdin));
	let next = 0;
	let isMoving = false;
	let failure: ReplayError | undefined;

	const fail = (message: string): ReplayError => {
		failure ??= new ReplayError(message, next + 1);
		for (const claim of claims.values()) claim.fail(failure);
		claims.clear();
		return failure;
	};
	/** Gives one answer or wakes one sleeper, whichever came first; false where neither can be done. */
	const moveOn = (): boolean => {
		while (taken.has(next) && !claims.has(next)) next += 1;
		const call = calls[next];
		const claim = claims.get(next);
		const due = sleepers.next();
		const ended = call ? origin + 1000 * (call.at + (call.seconds ?? 0)) : 0;
		if (call && claim && (due === undefined || ended <= due)) {
			claims.delete(next);
			sleepers.moveTo(ended);
			claim.give(resultOf(call));
			return true;
		}
		if (due === undefined) return false;
		sleepers.moveTo(due);
		return true;
	};
	const move = async (): Promise<void> => {
		if (isMoving) return;
		isMoving = true;
		do await idle();
		while (moveOn());
		isMoving = false;
		const expected = calls[next];
		if (claims.size > 0 && expected) fail(`Expected call ${next + 1}, and it does not come: ${textOf(expected)}`);
	};

	const exec: Exec = async (file, args, {input, signal}: ExecOptions) => {
		if (failure) throw failure;
		const argv = [file, ...args];
		const key = keyOf(argv, input);
		const index = keys.findIndex((each, at) => each === key && !taken.has(at));
		const expected = calls.find((_, at) => !taken.has(at));
		if (index === -1) {
			const wanted = expected ? `the recording goes on with: ${textOf(expected)}` : 'the recording has ended.';
			throw fail(`Not recorded: ${textOf({argv, ...(input !== undefined && {stdin: input})})}; ${wanted}`);
		}
		taken.add(index);
		return new Promise<ExecResult>((resolve, reject) => {
			const abort = (): void => {
				claims.delete(index);
				resolve({stdout: '', stderr: '', exitCode: null, failure: 'aborted'});
			};
			const settle = <T>(done: (value: T) => void) => {
				return (value: T): void => {
					signal?.removeEventListener('abort', abort);
					done(value);
				};
			};
			claims.set(index, {give: settle(resolve), fail: settle(reject)});
			if (signal?.aborted) abort();
			signal?.addEventListener('abort', abort, {once: true});
			void move();
		});
	};
	return {
		exec,
		clock: {
			now: sleepers.now,
			sleep: async (milliseconds, signal) => {
				if (failure) throw failure;
				const slept = sleepers.sleep(milliseconds, signal);
				void move();
				return slept;
			},
		},
		rest: () => calls.filter((_, index) => !taken.has(index)),
	};
}

/** Calls are alike where they are alike in a recording: without their secrets. */
function keyOf(argv: readonly string[], stdin: string | undefined): string {
	return JSON.stringify(redactJson([argv, stdin ?? null]));
}

function resultOf({stdout, stderr, exit, failure}: RecordedCall): ExecResult {
	return {stdout, stderr, exitCode: exit, ...(failure && {failure})};
}

function textOf({argv, stdin}: Pick<RecordedCall, 'argv' | 'stdin'>): string {
	return `${argv.join(' ')}${stdin === undefined ? '' : ` < ${stdin.slice(0, 200)}`}`;
}
