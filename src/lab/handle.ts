import type {ExecResult} from '../cluster/exec.ts';
import {wrapText} from '../core/wrap-text.ts';
import type {LabSession} from './session.ts';
import {instructions, usualWidth, verdictText} from './text.ts';
import {topologyLines} from './topology.ts';

type Subcommand = {
	readonly words: string;
	readonly text: string;
	readonly run: (session: LabSession, words: readonly string[]) => Promise<ExecResult> | ExecResult;
};

/** What `lab SUBCOMMAND` does in a lab's shell; `lab time` belongs to every practice shell and is not among them. */
const subcommands: Readonly<Record<string, Subcommand>> = {
	text: {words: '', text: 'show the instructions again', run: ({lab}) => say(instructions(lab))},
	predict: {words: 'NUMBER', text: 'say what you expect, before you do anything', run: predict},
	answer: {words: 'NAME WORDS', text: 'answer a question of the lab', run: answer},
	do: {words: 'NAME WORDS', text: 'let something happen to the cluster', run: act},
	peers: {words: '', text: 'draw who peers with whom', run: peers},
	check: {words: '', text: 'look whether the lab is solved', run: check},
	hint: {words: '', text: 'show a hint; the next one says more, each costs points', run: hint},
	reset: {words: '', text: 'go back to the start of the lab', run: reset},
	help: {words: '', text: 'show this', run: () => say(usage())},
};

/** Answers `lab …` typed in the shell of a lab. */
export async function handleLab(session: LabSession, argv: readonly string[]): Promise<ExecResult> {
	const [name = 'text', ...words] = argv;
	const subcommand = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
	if (!subcommand) return refuse(`lab: there is no 'lab ${name}'\n${usage()}`);
	if (subcommand.words === '' && words.length > 0) return refuse(`lab ${name} takes no '${words[0]}'\n`);
	try {
		return await subcommand.run(session, words);
	} catch (error) {
		return {stdout: '', stderr: `${error instanceof Error ? error.message : error}\n`, exitCode: 1};
	}
}

function usage(): string {
	const rows = Object.entries(subcommands).map(([name, {words, text}]) => [`lab ${name} ${words}`.trimEnd(), text]);
	const all = [...rows, ['lab time [x10|+60]', 'show the practice clock, change its speed, skip ahead']];
	return `${all.map(([left = '', right = '']) => `${left.padEnd(24)}${right}`).join('\n')}\n`;
}

function predict(session: LabSession, [word = '', ...more]: readonly string[]): ExecResult {
	const {options} = session.lab.predict;
	const option = Number(word) - 1;
	if (more.length > 0 || options[option] === undefined) {
		return refuse(`lab predict takes a number from 1 to ${options.length}\n`);
	}
	const before = session.state().prediction;
	session.predict(option);
	if (before !== null) return say('You have said already what you expect; the first word counts.\n');
	const expected = wrapText(`You expect: ${options[option]}`, usualWidth).join('\n');
	return say(`${expected}\nNow see what happens; the check tells whether it was right.\n`);
}

function answer(session: LabSession, [id = '', ...words]: readonly string[]): ExecResult {
	const ids = session.lab.questions?.map(question => question.id) ?? [];
	if (!ids.includes(id) || words.length === 0) {
		return refuse(
			ids.length === 0 ? 'This lab asks no questions.\n' : `lab answer takes ${ids.join(' or ')}, and your answer\n`,
		);
	}
	session.answer(id, words.join(' '));
	return say('Kept. lab check tells whether it is right.\n');
}

async function act(session: LabSession, [name = '', ...words]: readonly string[]): Promise<ExecResult> {
	return say(`${await session.act(name, words)}\n`);
}

async function peers(session: LabSession): Promise<ExecResult> {
	return say(`${topologyLines(await session.look()).join('\n')}\n`);
}

async function check(session: LabSession): Promise<ExecResult> {
	const verdict = await session.check();
	return {stdout: verdictText(session.lab, verdict, session.state()), stderr: '', exitCode: verdict.solved ? 0 : 1};
}

function hint(session: LabSession): ExecResult {
	const text = session.hint().trimEnd();
	const number = session.state().hints;
	const {length} = session.lab.hints;
	// The last one is a script, and is to be copied as it is.
	const shown = number < length ? wrapText(text, usualWidth).join('\n') : text;
	return say(`Hint ${number} of ${length}:\n${shown}\n`);
}

async function reset(session: LabSession): Promise<ExecResult> {
	await session.reset();
	return say('The cluster is as it was at the start of the lab.\n');
}

function say(stdout: string): ExecResult {
	return {stdout, stderr: '', exitCode: 0};
}

function refuse(stderr: string): ExecResult {
	return {stdout: '', stderr, exitCode: 2};
}
