import {NotModelledError} from '../datastore/errors.ts';
import {Refusal} from './outcome.ts';

/** A flag of kubectl: one that stands alone, takes a value, or takes one only behind `=`. */
type Flag = {readonly short?: string; readonly takes?: 'value' | 'optional'};
type Flags = Readonly<Record<string, Flag>>;

const value: Flag = {takes: 'value'};
const optional: Flag = {takes: 'optional'};
const alone: Flag = {};
const output: Flag = {short: 'o', takes: 'value'};
const selector: Flag = {short: 'l', takes: 'value'};
const everywhere: Flag = {short: 'A'};
const file: Flags = {filename: {short: 'f', takes: 'value'}, recursive: {short: 'R'}};

/** Flags that any command takes. */
const common: Flags = {
	kubeconfig: value,
	context: value,
	server: {short: 's', takes: 'value'},
	namespace: {short: 'n', takes: 'value'},
	as: value,
	'request-timeout': value,
	'cache-dir': value,
};

const writing: Flags = {'dry-run': optional, output, 'field-manager': value};
const getting: Flags = {
	output,
	selector,
	'all-namespaces': everywhere,
	'field-selector': value,
	'ignore-not-found': alone,
	'chunk-size': value,
	'no-headers': alone,
	'show-labels': alone,
	'show-managed-fields': alone,
	raw: value,
};

/** The commands that the practice cluster knows, each with the flags that it knows of it. */
const commands: Readonly<Record<string, Flags>> = {
	get: getting,
	create: {...file, ...writing, validate: optional, 'save-config': alone},
	apply: {...file, ...writing, validate: optional},
	replace: {...file, ...writing, validate: optional},
	patch: {patch: {short: 'p', takes: 'value'}, 'patch-file': value, type: value, ...writing},
	delete: {
		...file,
		'dry-run': optional,
		output,
		selector,
		all: alone,
		'ignore-not-found': alone,
		wait: optional,
		timeout: value,
		now: alone,
	},
	label: {overwrite: alone, ...writing},
	annotate: {overwrite: alone, ...writing},
	exec: {
		container: {short: 'c', takes: 'value'},
		stdin: {short: 'i'},
		quiet: {short: 'q'},
		'pod-running-timeout': value,
	},
	'auth can-i': {quiet: {short: 'q'}, 'all-namespaces': everywhere, subresource: value},
	'auth whoami': {output},
	'api-resources': {output, 'api-group': value, 'no-headers': alone, cached: alone, verbs: value},
	'api-versions': {},
	'cluster-info': {},
	version: {output, client: alone},
	'config view': {output, minify: alone},
	'config get-contexts': {output, 'no-headers': alone},
	'config current-context': {},
};

const groups: readonly string[] = ['auth', 'config'];

/** kubectl's own commands that the practice cluster does not know. */
const otherCommands: readonly string[] = (
	'alpha attach autoscale certificate completion cordon cp debug describe diff drain edit events explain expose help ' +
	'kustomize logs options plugin port-forward proxy rollout run scale set taint top uncordon wait'
).split(' ');

/** A command line, read. */
export type Arguments = {
	/** `get`, `auth can-i`, … */
	readonly command: string;
	readonly words: readonly string[];
	/** What stands behind `--`. */
	readonly rest: readonly string[];
	has(flag: string): boolean;
	value(flag: string): string | undefined;
};

/** Reads kubectl's command line as cobra does. @throws Refusal in its words, NotModelledError for what is not known here. */
export function readArguments(argv: readonly string[]): Arguments {
	const end = argv.indexOf('--');
	const before = end === -1 ? argv : argv.slice(0, end);
	const rest = end === -1 ? [] : argv.slice(end + 1);
	const command = commandOf(before);
	const flags = {...common, ...commands[command]};
	const given = new Map<string, string>();
	const words: string[] = [];
	const queue = [...before];
	for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
		if (word.startsWith('--')) {
			const [, name = '', attached] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
			const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
			if (!flag) throw new NotModelledError(`the flag --${name} of kubectl ${command}`);
			given.set(name, attached ?? valueFor(name, flag, queue));
		} else if (word.startsWith('-') && word !== '-') readShort(word, flags, queue, given, command);
		else words.push(word);
	}
	return {
		command,
		words: words.slice(command.split(' ').length),
		rest,
		has: flag => given.has(flag) && given.get(flag) !== 'false',
		value: flag => given.get(flag),
	};
}

function valueFor(name: string, flag: Flag, queue: string[]): string {
	if (flag.takes === undefined) return 'true';
	if (flag.takes === 'optional') return '';
	const next = queue.shift();
	if (next === undefined) throw new Refusal(`error: flag needs an argument: --${name}`);
	return next;
}

function readShort(word: string, flags: Flags, queue: string[], given: Map<string, string>, command: string): void {
	for (let letters = word.slice(1); letters !== ''; ) {
		const [name, flag] = Object.entries(flags).find(([, {short}]) => short === letters[0]) ?? [];
		if (name === undefined || !flag) throw new NotModelledError(`the flag -${letters[0]} of kubectl ${command}`);
		const attached = letters.slice(1).replace(/^=/, '');
		if (flag.takes === 'value') {
			given.set(name, attached === '' ? valueFor(name, flag, queue) : attached);
			return;
		}
		given.set(name, 'true');
		letters = letters.slice(1);
	}
}

/** The command is the first word, or the first two; flags that take a value may stand before it. */
function commandOf(argv: readonly string[]): string {
	const words: string[] = [];
	for (let index = 0; index < argv.length && words.length < 2; index++) {
		const word = argv[index] ?? '';
		if (!word.startsWith('-') || word === '-') words.push(word);
		else if (words.length === 0 || groups.includes(words[0] ?? '')) {
			const flag = Object.entries(common).find(([name, {short}]) => word === `--${name}` || word === `-${short}`);
			if (flag) index += 1;
			else if (words.length === 0 && !word.includes('=')) throw new NotModelledError(`kubectl ${word}`);
		} else break;
	}
	const [first, second] = words;
	if (first === undefined) throw new NotModelledError('kubectl without a command');
	const command = groups.includes(first) ? `${first} ${second ?? ''}`.trimEnd() : first;
	if (Object.hasOwn(commands, command)) return command;
	if (groups.includes(first) || otherCommands.includes(first)) throw new NotModelledError(`kubectl ${command}`);
	throw new Refusal(`Error: unknown command "${first}" for "kubectl"`);
}
