import {UserError} from '../core/user-error.ts';
import type {Command} from './command.ts';
import {exitCodes} from './exit-codes.ts';
import {toCommand} from './parse.ts';
import {type CommandName, commands, type Flag, flagEntries, flagsOf, spelling, wordsAfter} from './table.ts';

const program = 'calico-rr-wizard';
const width = 100;

/** `help [COMMAND]`. */
export const help: Command = async ({positionals}, io) => {
	const [word, ...more] = positionals;
	if (more.length > 0) throw new UserError('help explains one command at a time.');
	io.write(helpText(word === undefined ? undefined : toCommand(word)));
	return 0;
};

/** The text of `--help`, for the whole program or for one command. */
export function helpText(command?: CommandName): string {
	return command === undefined || command === 'wizard' || command === 'help' ? programHelp() : commandHelp(command);
}

function programHelp(): string {
	const others = (Object.keys(commands) as CommandName[]).filter(name => name !== 'wizard');
	return [
		'Moves a Calico cluster from the BGP full mesh to route reflectors, and back.',
		'',
		`Usage: ${program} [COMMAND] [FLAGS]`,
		'',
		'Commands:',
		...list([
			['(none)', commands.wizard.text],
			...others.map(name => [`${name} ${wordsAfter(name)}`.trim(), commands[name].text] as const),
		]),
		'',
		'Flags of the wizard:',
		...flagList('wizard'),
		'',
		'Exit codes:',
		...list(exitCodes.map(({code, text}) => [String(code), text])),
		'',
		`See '${program} COMMAND --help' for the flags of a command.`,
		'',
	].join('\n');
}

function commandHelp(command: CommandName): string {
	return [
		commands[command].text,
		'',
		`Usage: ${[program, command, '[FLAGS]', wordsAfter(command)].filter(Boolean).join(' ')}`,
		'',
		'Flags:',
		...flagList(command),
		'',
	].join('\n');
}

function flagList(command: CommandName): readonly string[] {
	return list(flagsOf(command).map(([name, flag]) => [spelling(name, flag), withDefault(flag)]));
}

function withDefault(flag: Flag): string {
	return flag.default === undefined ? flag.text : `${flag.text} Default: ${flag.default}.`;
}

/** Two columns, the right one wrapped. */
function list(rows: ReadonlyArray<readonly [string, string]>): readonly string[] {
	const left = Math.max(...rows.map(([first]) => first.length)) + 2;
	return rows.flatMap(([first, second]) =>
		wrap(second, width - left - 2).map((line, index) => `  ${(index === 0 ? first : '').padEnd(left)}${line}`),
	);
}

function wrap(text: string, columns: number): readonly string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

/** README's table of all flags, as Markdown. A test holds README to it. */
export function flagTable(): string {
	const cell = (text: string) => text.replaceAll('|', '\\|');
	const rows = flagEntries.map(([name, flag]) => {
		const where = flag.commands.length === Object.keys(commands).length ? 'all' : flag.commands.join(', ');
		return `| \`${cell(spelling(name, flag))}\` | ${cell(flag.text)} | ${cell(flag.default ?? '')} | ${where} |`;
	});
	return ['| Flag | What it does | Default | Commands |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
