import type {Exec, ExecOptions, ExecResult} from '../../../src/cluster/exec.ts';
import {row} from '../transcripts.ts';

/** What a command gives: its stdout, the whole result, or a function that knows. */
export type Answer = string | ExecResult | ((input: string, options: ExecOptions) => ExecResult | Promise<ExecResult>);

/** An Exec that answers from a table by the command's words, and fails the test for any command it does not know. */
export function createTableExec(table: Readonly<Record<string, Answer>>) {
	const calls: string[] = [];
	const exec: Exec = async (file, args, options) => {
		const words = [file, ...args.filter(arg => !arg.startsWith('--request-timeout='))].join(' ');
		calls.push(words);
		const answer = Object.hasOwn(table, words) ? table[words] : undefined;
		if (answer === undefined) throw new Error(`the table has no command: ${words}`);
		if (typeof answer === 'function') return answer(options.input ?? '', options);
		return typeof answer === 'string' ? {stdout: answer, stderr: '', exitCode: 0} : answer;
	};
	return {exec, calls};
}

/** What a command of a transcript printed; rows are counted from 1. */
export function printed(file: string, number: number): ExecResult {
	const {stdout, stderr, exit} = row(file, number);
	return {stdout, stderr, exitCode: exit};
}

/** A failure as kubectl prints it. */
export function refused(stderr: string, stdout = ''): ExecResult {
	return {stdout, stderr: `${stderr}\n`, exitCode: 1};
}

/** Kubernetes' list of objects, as kubectl prints it. */
export function list(...items: readonly unknown[]): string {
	return `${JSON.stringify({apiVersion: 'v1', items, kind: 'List', metadata: {resourceVersion: ''}}, null, 4)}\n`;
}

/** The items of what kubectl printed for a list. */
export function itemsOf(text: string): readonly Record<string, unknown>[] {
	return JSON.parse(text).items;
}

/** `kubectl get --raw /apis` with these groups. */
export function apis(...groups: readonly string[]): string {
	return JSON.stringify({kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(name => ({name, versions: []}))});
}
