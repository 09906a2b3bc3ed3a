import {AnswerError} from '../calicoctl/answers.ts';
import {ClusterError} from '../errors.ts';
import type {Exec, ExecResult} from '../exec.ts';
import type {Command} from '../port.ts';
import {type Invocation, kubectlCommand} from './commands.ts';
import {failureOf, wordsOf} from './failures.ts';

export type KubectlOptions = Invocation & {
	readonly exec: Exec;
	/** Milliseconds for one command. */
	readonly timeouts: {readonly read: number; readonly write: number};
};

export type RunOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly writes?: boolean;
	/** Failures that are an answer too; given to the caller instead of thrown. */
	readonly accept?: (result: ExecResult) => boolean;
};

/** kubectl, for one cluster. */
export type Kubectl = {
	readonly invocation: Invocation;
	/** The command for a question, with the options that name the cluster. */
	command(question: readonly string[], options?: {readonly input?: string; readonly writes?: boolean}): Command;
	/** Runs a command. Throws ClusterError where it fails. */
	run(command: Command, options?: RunOptions): Promise<ExecResult>;
	/** Asks, and reads the answer; what it cannot read is a ClusterError too. */
	ask<T>(
		question: readonly string[],
		read: (stdout: string, result: ExecResult) => T,
		options?: RunOptions,
	): Promise<T>;
};

/** HTTP requests end this much before the command is killed, so that kubectl can say why in its own words. */
const headStart = 5000;

/** Makes it. Nothing is run yet. */
export function createKubectl({exec, timeouts, ...invocation}: KubectlOptions): Kubectl {
	const timeoutOf = (writes: boolean) => (writes ? timeouts.write : timeouts.read);
	const command: Kubectl['command'] = (question, {input, writes = false} = {}) => {
		const requestTimeout = Math.max(1, Math.ceil((timeoutOf(writes) - headStart) / 1000));
		return kubectlCommand(invocation, question, {requestTimeout, input});
	};
	const run: Kubectl['run'] = async (asked, {signal, writes = false, accept} = {}) => {
		const {file, args, input} = asked;
		const timeout = timeoutOf(writes);
		const result = await exec(file, args, {timeout, ...(signal && {signal}), ...(input !== undefined && {input})});
		if (result.exitCode !== 0 && !accept?.(result)) throw failureOf(asked, result, {writes, timeout});
		return result;
	};
	return {
		invocation,
		command,
		run,
		async ask(question, read, options) {
			const asked = command(question);
			const result = await run(asked, options);
			try {
				return read(result.stdout, result);
			} catch (error) {
				if (!(error instanceof AnswerError)) throw error;
				throw unreadable(asked, result, error);
			}
		},
	};
}

/** What kubectl printed is not what Kubernetes' and Calico's resources look like. */
function unreadable(command: Command, result: ExecResult, error: AnswerError): ClusterError {
	return new ClusterError('unreadable-answer', `kubectl's answer cannot be read. ${error.message}`, {
		command,
		words: wordsOf(result).slice(0, 2000),
		exitCode: result.exitCode,
		next: ['Look at what it prints yourself; is it kubectl?'],
		settled: true,
	});
}
