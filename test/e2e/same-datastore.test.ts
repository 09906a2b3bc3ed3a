import {expect, test} from 'vitest';
import {cleanEnvironment, runProgram} from '../support/program.ts';
import {practiceNodeShell, sharePractice} from '../support/shared-practice.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

test('apply and the wizard driven key by key reach the same datastore', async () => {
	const [one, other] = [await sharePractice(), await sharePractice()];
	expect(one.datastore()).toBe(other.datastore());
	const untouched = one.datastore();

	const terminal = new TestTerminal([...practiceNodeShell], {cols: 120, rows: 40, env: one.env});
	await terminal.waitUntil('all sessions', text => text.split('4/4 up').length === 6);
	terminal.press(keys.enter);
	const choice = await terminal.waitUntil('three chosen', text => text.split('[x] ip-').length === 4);
	const reflectors = [...choice.matchAll(/\[x\] (ip-\S+)/g)].map(match => match[1] ?? '');
	expect(reflectors).toHaveLength(3);
	terminal.press(keys.enter);
	await terminal.waitFor('The whole plan');
	terminal.press(keys.enter);
	const question = await terminal.waitFor(/Type .+ and press enter/);
	const word = /Type (.+) and press enter/.exec(question)?.[1] ?? '';
	terminal.press(word);
	await terminal.waitFor(`> ${word}`);
	terminal.press(keys.enter);
	await terminal.waitFor('what changed', 90_000);
	terminal.press('q');
	expect(await terminal.exit).toBe(0);

	const {exitCode} = await runProgram(
		['apply', ...practiceNodeShell, '--reflectors', reflectors.join(','), '--yes', '--json'],
		{env: cleanEnvironment(other.env)},
	);
	expect(exitCode).toBe(0);
	expect(one.datastore()).toBe(other.datastore());
	expect(one.datastore()).not.toBe(untouched);
	await Promise.all([one.close(), other.close()]);
});
