import type {ExecResult} from '../../cluster/exec.ts';

/** What a command on a node comes to: at once, or after as long as the command takes. */
export type NodeAnswer = ExecResult | Promise<ExecResult>;

/** Makes something of an answer when it is there: at once where it is there at once. */
export function whenAnswered<T>(answer: NodeAnswer, make: (result: ExecResult) => T): T | Promise<T> {
	return answer instanceof Promise ? answer.then(make) : make(answer);
}

/** A command that ended well. */
export function succeed(stdout: string): ExecResult {
	return {stdout, stderr: '', exitCode: 0};
}

/** A command that the real tool turns down. */
export function refuse(exitCode: number, stderr: string): ExecResult {
	return {stdout: '', stderr, exitCode};
}

/** A command that a real node knows and this one does not: it says so, and never makes something up. */
export function notModelled(argv: readonly string[]): ExecResult {
	return refuse(1, `the practice cluster does not know this command: ${argv.join(' ')}\n`);
}
