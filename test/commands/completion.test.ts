import {spawnSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {completion} from '../../src/commands/completion.ts';
import {commands, flagEntries} from '../../src/commands/table.ts';
import {fakeIo} from '../support/fake-io.ts';

async function script(shell: string): Promise<string> {
	const {io, stdout} = fakeIo();
	expect(await completion({positionals: [shell], options: {}}, io)).toBe(0);
	return stdout();
}

/** What bash offers for a half-typed command line. */
async function offers(...words: string[]): Promise<string[]> {
	const body = `${await script('bash')}
COMP_WORDS=(calico-rr-wizard ${words.map(word => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_calico_rr_wizard
printf '%s\\n' "\${COMPREPLY[@]}"`;
	const {stdout, status, stderr} = spawnSync('bash', ['--norc', '-c', body], {encoding: 'utf8'});
	expect(stderr).toBe('');
	expect(status).toBe(0);
	return stdout.split('\n').filter(Boolean);
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

test.each(['bash', 'zsh', 'fish'])('the %s script knows every flag and command', async shell => {
	const text = await script(shell);
	for (const [name] of flagEntries) expect(text).toMatch(new RegExp(`(--|-l )${name}\\b`));
	for (const name of Object.keys(commands).filter(each => each !== 'wizard')) expect(text).toContain(name);
});

test.each([[[]], [['tcsh']], [['bash', 'zsh']], [['toString']]])('%j is refused', async positionals => {
	const {io} = fakeIo();
	await expect(completion({positionals, options: {}}, io)).rejects.toThrow('completion needs one of bash, zsh, fish.');
});
