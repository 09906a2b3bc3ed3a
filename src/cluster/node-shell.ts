import {basename} from 'node:path';
import {UserError} from '../core/user-error.ts';
import type {Exec, ExecOptions, ExecResult} from './exec.ts';
import type {Command} from './port.ts';
import {sanitize} from './sanitize.ts';

/** The second, smaller port: runs a command on a node of the cluster. */
export type NodeShell = {
	/** In words, for the screens: `ssh {node} sudo {command}`. */
	readonly source: string;
	run(node: string, argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
	/** The command that `run` starts here. */
	describe(node: string, argv: readonly string[]): Command;
};

/** A template's words; `{node}` may stand anywhere in a word, `{command}` is a word of its own. */
export type NodeShellTemplate = {readonly text: string; readonly words: readonly string[]};

/** A node's name becomes a part of a command line: `-oProxyCommand=…` must not become an option of ssh. */
const safeNode = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;

/**
 * Reads `--node-shell 'ssh {node} sudo {command}'`. Quotes and backslashes work as in a shell, but no shell is ever
 * run: nothing is expanded. Throws UserError.
 */
export function parseNodeShellTemplate(text: string): NodeShellTemplate {
	const words = splitWords(text);
	const hint = {next: ["For example: --node-shell 'ssh {node} sudo {command}'"]};
	const commands = words.filter(word => word.includes('{command}'));
	if (words[0] === undefined || words[0].includes('{')) {
		throw new UserError('--node-shell must begin with the program to run.', hint);
	}
	if (!words.some(word => word.includes('{node}'))) throw new UserError('--node-shell lacks {node}.', hint);
	if (commands.length !== 1) throw new UserError('--node-shell must have {command} once.', hint);
	if (commands[0] !== '{command}') {
		throw new UserError(
			`{command} must be a word of its own in --node-shell, not ${sanitize(String(commands[0]))}.`,
			hint,
		);
	}
	return {text, words};
}

/**
 * A NodeShell from a template. `ssh` hands the words to the node joined by blanks, and a shell there splits them
 * again (ssh(1)), so behind `ssh` a word with anything special in it is quoted for that shell; every other program
 * gets the words as they are.
 */
export function createTemplateNodeShell(exec: Exec, {text, words}: NodeShellTemplate): NodeShell {
	const position = words.indexOf('{command}');
	const joins = words.slice(0, position).some(word => basename(word) === 'ssh');
	const describe = (node: string, argv: readonly string[]): Command => {
		if (!safeNode.test(node)) throw new UserError(`The node name ${sanitize(node)} cannot be passed to --node-shell.`);
		const command = joins ? argv.map(quoteForShell) : argv;
		const around = (part: readonly string[]) => part.map(word => word.replaceAll('{node}', node));
		const [file = '', ...args] = [
			...around(words.slice(0, position)),
			...command,
			...around(words.slice(position + 1)),
		];
		return {file, args};
	};
	return {
		source: text,
		describe,
		run: (node, argv, options) => {
			const {file, args} = describe(node, argv);
			return exec(file, args, options);
		},
	};
}

/** The practice cluster's own way onto its nodes. */
export function createPracticeNodeShell(exec: Exec): NodeShell {
	return createTemplateNodeShell(exec, {
		text: 'node-exec {node} {command}',
		words: ['node-exec', '{node}', '{command}'],
	});
}

/** Runs commands on this machine, for the one node that it is. */
export function createLocalNodeShell(exec: Exec, localNode: string): NodeShell {
	const describe = (node: string, [file = '', ...args]: readonly string[]): Command => {
		if (node !== localNode) throw new UserError(`${sanitize(node)} is not this machine.`);
		return {file, args};
	};
	return {
		source: 'this machine',
		describe,
		run: (node, argv, options) => {
			const {file, args} = describe(node, argv);
			return exec(file, args, options);
		},
	};
}

/** A word as a POSIX shell reads it back unchanged. */
export function quoteForShell(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Splits as a POSIX shell does (quotes, backslash), without expanding anything. */
function splitWords(text: string): string[] {
	const words: string[] = [];
	let word: string | undefined;
	let quote = '';
	for (let index = 0; index < text.length; index++) {
		const character = text.charAt(index);
		const next = text.charAt(index + 1);
		if (quote === '' && /\s/.test(character)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (quote === '' ? character === "'" || character === '"' : character === quote) {
			quote = quote === '' ? character : '';
			word ??= '';
		} else if (character === '\\' && (quote === '' ? next !== '' : quote === '"' && /["\\$`]/.test(next))) {
			word = (word ?? '') + next;
			index++;
		} else word = (word ?? '') + character;
	}
	if (quote !== '') throw new UserError(`--node-shell has a ${quote} that is never closed.`);
	return word === undefined ? words : [...words, word];
}
