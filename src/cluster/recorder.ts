import type {Clock} from '../core/clock.ts';
import type {Exec, ExecResult} from './exec.ts';

/** One tool call as a recording keeps it, in the fields of the transcripts of real tools. */
export type RecordedCall = {
	/** Seconds on the run's clock from the beginning of the recording to the beginning of the call. */
	readonly at: number;
	readonly argv: readonly string[];
	readonly stdin?: string;
	/** Null where there is none: see `failure`. */
	readonly exit: number | null;
	readonly failure?: NonNullable<ExecResult['failure']>;
	readonly stdout: string;
	readonly stderr: string;
	/** How long it took, on the run's clock; transcripts made by hand lack it. */
	readonly seconds?: number;
};

type Taking = {
	readonly clock: Clock;
	/** When the recording began, in milliseconds on that clock. */
	readonly origin: number;
	/** Takes each call when it has ended, in the order in which whoever called heard of them. */
	readonly take: (call: RecordedCall) => void;
};

/** The same Exec, each of whose calls is also kept. It changes nothing of what it passes on. */
export function recordCalls(exec: Exec, {clock, origin, take}: Taking): Exec {
	return async (file, args, options) => {
		const began = clock.now();
		const result = await exec(file, args, options);
		const {stdout, stderr, exitCode, failure} = result;
		take({
			at: secondsFrom(origin, began),
			argv: [file, ...args],
			...(options.input !== undefined && {stdin: options.input}),
			exit: exitCode,
			...(failure && {failure}),
			stdout,
			stderr,
			seconds: secondsFrom(began, clock.now()),
		});
		return result;
	};
}

/** Seconds between two moments in milliseconds. */
export function secondsFrom(start: number, end: number): number {
	return Number(((end - start) / 1000).toFixed(3));
}
