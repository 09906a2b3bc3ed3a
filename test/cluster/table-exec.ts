import type {Exec, ExecOptions, ExecResult} from '../../src/cluster/exec.ts';

export type Call = {readonly argv: readonly string[]; readonly input?: string; readonly timeout: number};
type Answer = Partial<ExecResult> | ((options: ExecOptions) => Promise<Partial<ExecResult>>);

/** An Exec that answers from a table of command lines and records its calls; an unknown command fails the test. */
export function createTableExec(table: Readonly<Record<string, Answer>>): {exec: Exec; calls: Call[]} {
	const calls: Call[] = [];
	const exec: Exec = async (file, args, options) => {
		const argv = [file, ...args];
		const {input, timeout} = options;
		calls.push({argv, timeout, ...(input !== undefined && {input})});
		const answer = table[argv.join(' ')];
		if (answer === undefined) throw new Error(`The test's table has no answer for: ${argv.join(' ')}`);
		const given = typeof answer === 'function' ? await answer(options) : answer;
		return {stdout: '', stderr: '', exitCode: given.failure === undefined ? 0 : null, ...given};
	};
	return {exec, calls};
}

/** A command that runs until its timeout or its signal ends it. */
export function never({timeout, signal}: ExecOptions): Promise<Partial<ExecResult>> {
	if (signal?.aborted) return Promise.resolve({failure: 'aborted'});
	return new Promise(resolve => {
		const timer = setTimeout(() => resolve({failure: 'timeout'}), timeout);
		signal?.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve({failure: 'aborted'});
		});
	});
}
