import {afterEach, describe, expect, test} from 'vitest';
import {generateNodes} from '../../src/practice/datastore/seed.ts';
import {practiceNodeShell, sharePractice} from '../support/shared-practice.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

let terminal: TestTerminal;
afterEach(() => terminal?.close());

const fast = ['--practice', '--speed', '50'];

/** Nothing above the prompt may change: no cursor moves up beyond it, no alternate screen. */
describe.each([
	['--plain', ['--plain'], {}],
	['TERM=dumb', [], {TERM: 'dumb'}],
	['INK_SCREEN_READER', [], {INK_SCREEN_READER: 'true'}],
] as const)('%s', (_, args, env) => {
	test('asks one question after the other and migrates', async () => {
		terminal = new TestTerminal([...fast, ...args], {cols: 200, rows: 60, env});
		await terminal.waitFor('Which nodes become route reflectors?');
		terminal.press(keys.enter);
		await terminal.waitFor('Which cluster ID do the reflectors get?');
		terminal.press(keys.enter);
		await terminal.waitFor('What is the cluster ID?');
		terminal.press(keys.enter);
		await terminal.waitFor('What next?');
		terminal.press(keys.enter);
		await terminal.waitFor('Type apply to change the cluster');
		terminal.press(`apply${keys.enter}`);
		expect(await terminal.exit).toBe(0);
		expect(terminal.raw).not.toContain('\u001B[?1049h');
		expect(terminal.history()).toContain('After: 9 BGP sessions');
		expect(terminal.history()).toContain('To go back: calico-rr-wizard rollback --journal');
	});
});

test('a flag that answers a question skips it', async () => {
	terminal = new TestTerminal([...fast, '--plain', '--reflectors', 'ip-172-31-45-29', '--cluster-id', 'per-node'], {
		cols: 200,
		rows: 60,
	});
	await terminal.waitFor('What next?');
	expect(terminal.history()).not.toContain('Which nodes');
});

test('leaving changes nothing', async () => {
	terminal = new TestTerminal([...fast, '--plain', '--reflectors', 'ip-172-31-45-29', '--cluster-id', 'per-node'], {
		cols: 200,
		rows: 60,
	});
	await terminal.waitFor('What next?');
	terminal.press(keys.ctrlC);
	expect(await terminal.exit).toBe(130);
	expect(terminal.history()).toContain('Nothing was changed.');
});

test('apply on a terminal shows the plan and asks before it writes', async () => {
	terminal = new TestTerminal(['apply', ...fast, '--reflectors', 'ip-172-31-45-29', '--cluster-id', 'per-node'], {
		cols: 200,
		rows: 60,
	});
	await terminal.waitFor('What next?');
	expect(terminal.history()).toContain('calicoctl patch node ip-172-31-45-29');
	expect(terminal.history()).toMatch(/\d+ checks: .*\. A migration is possible/);
});

test('what the doctor blocks is not applied, whatever is answered', async () => {
	const shared = await sharePractice({
		nodes: generateNodes(5).map((node, index) => (index === 1 ? {...node, asNumber: 64513} : node)),
	});
	try {
		const before = shared.datastore();
		terminal = new TestTerminal(
			['--plain', ...practiceNodeShell, '--reflectors', 'ip-172-31-45-29', '--cluster-id', 'per-node'],
			{
				cols: 200,
				rows: 60,
				env: shared.env,
			},
		);
		await terminal.waitFor('What next?');
		expect(terminal.history()).toMatch(/✖ block +All nodes have the same AS number/);
		terminal.press(keys.enter);
		await terminal.waitFor(
			/A migration cannot start before this is mended[\s\S]*A migration cannot start before this is mended/,
		);
		terminal.press(keys.ctrlC);
		expect(await terminal.exit).toBe(130);
		expect(shared.datastore()).toBe(before);
	} finally {
		await shared.close();
	}
});
