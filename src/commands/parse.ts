import {parseArgs} from 'node:util';
import {nearest} from '../core/nearest.ts';
import {UserError} from '../core/user-error.ts';
import {
	type CommandName,
	commands,
	type Flag,
	type FlagName,
	flagEntries,
	flags,
	flagsOf,
	type Options,
	type Valued,
	wordsAfter,
} from './table.ts';

/** What the command line asks for. */
export type Invocation = {
	readonly command: CommandName;
	readonly positionals: readonly string[];
	readonly options: Options;
};

/**
 * Reads the arguments after the program's name; a flag that is not among them may stand in a variable of its own.
 * @throws UserError (exit code 2) that names the flag or command that was probably meant.
 */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = {}): Invocation {
	const {tokens} = parseArgs({
		args: spelledOut(args),
		options: parserOptions(),
		// The checks of strict mode are made below, with better words.
		strict: false,
		tokens: true,
		allowPositionals: true,
	});
	// First of all, since the word after an unknown flag may be its value and no command.
	for (const token of tokens) if (token.kind === 'option') refuseUnknown(token.name, token.rawName);
	const words = tokens.flatMap(token => (token.kind === 'positional' ? [token.value] : []));
	const command = words[0] === undefined ? 'wizard' : toCommand(words[0]);
	const extra = words[1];
	if (extra !== undefined && wordsAfter(command) === '') {
		throw new UserError(`${command} takes no '${extra}'.`, {next: [`See ${helpOf(command)}.`]});
	}
	const values = new Map<FlagName, unknown>();
	for (const token of tokens) {
		if (token.kind !== 'option') continue;
		const [name, flag] = toFlag(token.name, token.rawName, command);
		values.set(name, readValue(token, name, flag, values.get(name)));
	}
	for (const [name, flag] of flagsOf(command)) {
		if (flag.argument === undefined || flag.variable === undefined || values.has(name)) continue;
		const text = env[flag.variable];
		if (text) values.set(name, readText(text, flag.variable, flag));
	}
	// readValue has read each value as the flag's own entry says.
	return {command, positionals: words.slice(1), options: Object.fromEntries(values) as Options};
}

/** What follows `--` stays as it is: it is another command's. */
function spelledOut(args: readonly string[]): string[] {
	const end = args.indexOf('--');
	return args.map((argument, index) => (end === -1 || index < end ? spellOut(argument) : argument));
}

/** `--practice` alone stands for its default, since parseArgs knows no optional values. */
function spellOut(argument: string): string {
	const entry = flagEntries.find(([name]) => argument === `--${name}`)?.[1];
	return entry?.argument !== undefined && entry.alone !== undefined ? `${argument}=${entry.alone}` : argument;
}

function parserOptions() {
	return Object.fromEntries(
		flagEntries.map(([name, flag]) => [
			name,
			{
				type: flag.argument === undefined ? ('boolean' as const) : ('string' as const),
				...(flag.short ? {short: flag.short} : {}),
			},
		]),
	);
}

/**
 * The command of that name.
 * @throws UserError (exit code 2) that names the command that was probably meant.
 */
export function toCommand(word: string): CommandName {
	if (Object.hasOwn(commands, word)) return word as CommandName;
	throw unknown(`There is no command '${word}'.`, nearest(word, Object.keys(commands)), 'calico-rr-wizard --help');
}

function refuseUnknown(name: string, raw: string): void {
	if (Object.hasOwn(flags, name)) return;
	const known = Object.keys(flags).map(each => `--${each}`);
	throw unknown(`There is no flag ${raw}.`, nearest(`--${name}`, known), 'calico-rr-wizard --help');
}

function toFlag(name: string, raw: string, command: CommandName): readonly [FlagName, Flag] {
	const flag = flags[name as FlagName] as Flag;
	if (!flag.commands.includes(command)) {
		const others = flag.commands.filter(each => each !== 'wizard').join(', ');
		const next =
			command === 'record' ? 'Put -- before the command to record: record -- apply …' : `See ${helpOf(command)}.`;
		throw new UserError(`${command} knows no ${raw}; it belongs to ${others || 'the wizard'}.`, {next: [next]});
	}
	return [name as FlagName, flag];
}

function helpOf(command: CommandName): string {
	return command === 'wizard' ? 'calico-rr-wizard --help' : `calico-rr-wizard ${command} --help`;
}

function unknown(sentence: string, meant: string | undefined, help: string): UserError {
	return new UserError(meant ? `${sentence} Did you mean ${meant}?` : sentence, {next: [`See ${help}.`]});
}

type OptionToken = {
	readonly rawName: string;
	readonly value: string | undefined;
	readonly inlineValue: boolean | undefined;
};

function readValue({rawName, value, inlineValue}: OptionToken, name: FlagName, flag: Flag, earlier: unknown): unknown {
	if (flag.argument === undefined) {
		if (value !== undefined) throw new UserError(`${rawName} takes no value.`);
		return true;
	}
	if (earlier !== undefined && !flag.several) throw new UserError(`--${name} is given twice.`);
	// `--reflectors --yes`: the next flag is no value; a value that begins with a dash can be given with `=`.
	const missing = value === undefined || (!inlineValue && value.startsWith('-') && value !== '-');
	if (missing) throw new UserError(`${rawName} needs ${flag.value.expects}.`);
	const read = readText(value, rawName, flag);
	return flag.several ? [...((earlier as readonly unknown[] | undefined) ?? []), read] : read;
}

function readText(text: string, name: string, {value}: Valued<unknown>): unknown {
	const read = value.read(text);
	if (read === undefined) throw new UserError(`${name} needs ${value.expects}, not '${text}'.`);
	return read;
}
