import type {ClusterErrorKind} from './errors.ts';
import type {ExecResult} from './exec.ts';

/** What is said of a command that left no exit code. */
export type NoExit = {
	readonly kind: ClusterErrorKind;
	readonly message: string;
	/** Whether it is known that the command had no effect. */
	readonly settled: boolean;
};

/**
 * Why a command has no exit code, in a sentence; undefined where it has one. `tool` is the program's name made safe,
 * `timeout` in milliseconds.
 */
export function explainNoExit(failure: ExecResult['failure'], tool: string, timeout: number): NoExit | undefined {
	switch (failure) {
		case 'not-found':
			return {kind: 'tool-not-found', message: `${tool} is not there.`, settled: true};
		case 'not-executable':
			return {kind: 'tool-not-found', message: `${tool} cannot be run.`, settled: true};
		case 'timeout':
			return {kind: 'timeout', message: `${tool} did not answer within ${timeout / 1000} s.`, settled: false};
		case 'aborted':
			return {kind: 'aborted', message: `${tool} was stopped before it answered.`, settled: false};
		case 'killed':
			return {kind: 'failed', message: `${tool} was killed before it answered.`, settled: false};
		case undefined:
			return undefined;
	}
}
