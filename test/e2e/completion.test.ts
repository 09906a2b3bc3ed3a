import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {commands, flagEntries} from '../../src/commands/table.ts';
import {runProgram} from '../support/program.ts';

async function script(shell: string): Promise<string> {
	const {stdout, stderr, exitCode} = await runProgram(['completion', shell]);
	expect(stderr).toBe('');
	expect(exitCode).toBe(0);
	return stdout;
}

/** Runs a script in a real shell and gives the lines that it prints. */
function linesOf(shell: string, ...args: readonly string[]): string[] {
	const {stdout, status, stderr} = spawnSync(shell, args, {encoding: 'utf8'});
	expect(stderr).toBe('');
	expect(status).toBe(0);
	return stdout.split('\n').filter(Boolean);
}

/** What bash offers for a half-typed command line. */
async function offers(...words: string[]): Promise<string[]> {
	const body = `${await script('bash')}
COMP_WORDS=(calico-rr-wizard ${words.map(word => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_calico_rr_wizard
printf '%s\\n' "\${COMPREPLY[@]}"`;
	return linesOf('bash', '--norc', '-c', body);
}

describe('bash', () => {
	test('offers commands', async () => {
		expect(await offers('p')).toEqual(['plan', 'predict', 'practice']);
	});

	test("offers a command's own flags", async () => {
		expect(await offers('plan', '--s')).toEqual(['--save', '--speed', '--seed']);
		expect(await offers('predict', '--r')).toEqual([]);
	});

	test('offers the values of a flag', async () => {
		expect(await offers('plan', '--order', '')).toEqual(['safe', 'tutorial']);
		expect(await offers('completion', 'z')).toEqual(['zsh']);
	});

	test('offers what a command does, and the labs', async () => {
		expect(await offers('lab', 's')).toEqual(['start']);
		expect(await offers('practice', 's')).toEqual(['shell', 'stop']);
		expect(await offers('hold', 'c')).toEqual(['clear']);
		expect(await offers('lab', 'start', 'is')).toEqual(['isolated-node']);
		expect(await offers('lab', 'run', '')).toHaveLength(18);
	});

	test("offers what can be recorded, and then that command's own flags", async () => {
		expect(await offers('record', 'a')).toEqual(['apply']);
		expect(await offers('record', 'pr')).toEqual([]);
		expect(await offers('record', '--', 'apply', '--yes', '--ref')).toEqual(['--reflectors']);
		expect(await offers('replay', 'pack')).toContain('package.json');
	});

	test('offers files where a flag takes one', async () => {
		expect(await offers('predict', '-f', 'pack')).toContain('package.json');
	});
});

describe.skipIf(!existsSync('/usr/bin/fish'))('fish', () => {
	test('offers commands, what they do, their flags, and the labs', async () => {
		const text = await script('fish');
		// A word, and after a tab what it is.
		const offered = (line: string) =>
			linesOf('fish', '-N', '-c', `${text}\ncomplete -C 'calico-rr-wizard ${line}'`).map(each => each.split('\t')[0]);
		expect(offered('pre')).toEqual(['predict']);
		expect(offered('lab s')).toEqual(['start']);
		expect(offered('lab start is')).toEqual(['isolated-node']);
		expect(offered('plan --order s')).toEqual(['safe']);
		expect(offered('plan --s')).toEqual(['--save', '--seed', '--speed']);
	});
});

describe.skipIf(!existsSync('/usr/bin/zsh'))('zsh', () => {
	test('reads the script, and has its function', async () => {
		const text = await script('zsh');
		const body = `autoload -U compinit && compinit -u -D\n${text}\nwhence -w _calico_rr_wizard`;
		expect(linesOf('zsh', '-f', '-c', body)).toEqual(['_calico_rr_wizard: function']);
	});
});

test.each(['bash', 'zsh', 'fish'])('the %s script knows every flag and command', async shell => {
	const text = await script(shell);
	for (const [name] of flagEntries) expect(text).toMatch(new RegExp(`(--|-l )${name}\\b`));
	for (const name of Object.keys(commands).filter(each => each !== 'wizard')) expect(text).toContain(name);
});

test.each([[[]], [['tcsh']], [['bash', 'zsh']], [['toString']]])('%j is refused', async words => {
	expect(await runProgram(['completion', ...words])).toMatchObject({
		exitCode: 2,
		stderr: expect.stringContaining('completion needs one of bash, zsh, fish.'),
	});
});
