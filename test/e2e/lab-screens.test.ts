import {delimiter} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {nodeBin} from '../support/program.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

let terminal: TestTerminal;
afterEach(() => terminal?.close());

const env = {PATH: [nodeBin, '/usr/bin', '/bin'].join(delimiter), SHELL: '/bin/bash'};

test('a lab on the screens: list, predict, shell, check, and the points are kept in the list', async () => {
	terminal = new TestTerminal(['lab', '--speed', '20'], {cols: 80, rows: 24, env});
	await terminal.waitFor('0 of ');
	for (let row = 1; row < 5; row++) terminal.press(keys.down);
	await terminal.waitFor(/❯ +5 /);
	terminal.press(keys.enter);
	await terminal.waitUntil(
		'the lab at its start',
		text => text.includes('First say what you expect') && !text.includes('Bringing'),
	);
	terminal.press('2');
	await terminal.waitFor('You expect: They are gone');
	terminal.press(keys.tab);
	await terminal.waitFor('Pods of 10 of 10 pairs of nodes do not reach each other');
	terminal.press('c');
	await terminal.waitFor('Not yet.');
	terminal.press('s');
	await terminal.waitFor(/^practice .*[$#]$/m);
	terminal.press('calicoctl patch bgpconfiguration default -p \'{"spec":{"nodeToNodeMeshEnabled":true}}\'\r');
	await terminal.waitFor("Successfully patched 1 'BGPConfiguration' resource");
	terminal.press('lab time +30\r');
	await terminal.waitFor('It is ');
	terminal.press('exit\r');
	await terminal.waitFor('Lab 5:');
	await terminal.waitFor('Pods of every two nodes reach each other.');
	terminal.press('c');
	await terminal.waitFor('Solved: 10 of 10 points.');
	terminal.press(keys.escape);
	await terminal.waitFor(/✔ 10\/10/);
	terminal.press('q');
	expect(await terminal.exit).toBe(0);
});

test('side by side where there is room, one thing at a time where there is not', async () => {
	terminal = new TestTerminal(['lab', '--speed', '20'], {cols: 160, rows: 50, env});
	await terminal.waitFor('0 of ');
	for (let row = 1; row < 5; row++) terminal.press(keys.down);
	terminal.press(keys.enter);
	await terminal.waitFor(
		/First say what you expect[\s\S]*do not reach each other|do not reach each other[\s\S]*First say what you expect/,
	);
	terminal.resize(60, 16);
	await terminal.waitFor(/c check {2}h hint/);
	terminal.press(keys.ctrlC);
	expect(await terminal.exit).toBe(130);
});
