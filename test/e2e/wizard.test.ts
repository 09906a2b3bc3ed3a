import {afterEach, describe, expect, test} from 'vitest';
import {keys, type TerminalOptions, TestTerminal} from '../support/terminal.ts';

let terminal: TestTerminal;
afterEach(() => terminal?.close());

/** Opens the wizard on a fast practice cluster and waits until every session is seen. */
async function open(args: readonly string[] = [], options: TerminalOptions = {}): Promise<TestTerminal> {
	terminal = new TestTerminal(['--practice', ...(args.includes('--speed') ? [] : ['--speed', '20']), ...args], options);
	await allSeen();
	return terminal;
}

const allSeen = () => terminal.waitUntil('all sessions', text => text.split('4/4 up').length === 6);

/** The screen of the reflectors, with that many of the five nodes chosen. */
const chosen = (count: number) =>
	terminal.waitUntil(
		`${count} of 5 chosen`,
		text => text.split('[x] ip-').length === count + 1 && text.split('[ ] ip-').length === 6 - count,
	);

/** From the nodes to the question before the first write. */
async function toConfirmation(): Promise<void> {
	terminal.press(keys.enter);
	await chosen(3);
	terminal.press(keys.enter);
	await terminal.waitFor('The whole plan');
	terminal.press(keys.enter);
	await terminal.waitFor('Type apply and press enter');
}

async function toApplying(): Promise<void> {
	await toConfirmation();
	terminal.press('apply');
	await terminal.waitFor('> apply');
	terminal.press(keys.enter);
	await terminal.waitFor('Applying to practice cluster');
}

describe('the happy path', () => {
	test('nodes, reflectors, preview, apply, done; the summary stays on the normal screen', async () => {
		await open();
		expect(terminal.isAlternate).toBe(true);
		await toApplying();
		await terminal.waitFor('what changed', 60_000);
		terminal.press(keys.enter);
		await terminal.waitFor('Done: the cluster uses route reflectors.');
		terminal.press(keys.enter);
		expect(await terminal.exit).toBe(0);
		expect(terminal.isAlternate).toBe(false);
		const left = terminal.history();
		expect(left).toContain('BGP sessions in the whole cluster: 10 before, 9 now.');
		expect(left).toMatch(/To go back: calico-rr-wizard rollback --journal/);
		const [, now = ''] = left.split(/^Peers of .*, now:$/m);
		expect(now.split('\n').filter(line => line.includes('| node specific | up    |'))).toHaveLength(3);
	});

	test('flags skip the questions they answer', async () => {
		await open(['--reflectors', 'ip-172-31-45-29', '--cluster-id', 'per-node']);
		terminal.press(keys.enter);
		await terminal.waitFor('The whole plan');
		expect(terminal.text()).toContain('Route reflectors after: ip-172-31-45-29.');
	});
});

describe('moving about', () => {
	test('back keeps the answers', async () => {
		await open();
		terminal.press(keys.enter);
		await chosen(3);
		terminal.press(keys.space);
		const before = await chosen(2);
		const marks = (text: string) => [...text.matchAll(/\[([x ])\] (ip-\S+)/g)].map(match => match.slice(1));
		terminal.press(keys.enter);
		await terminal.waitFor('The whole plan');
		terminal.press(keys.escape);
		expect(marks(await chosen(2))).toEqual(marks(before));
		terminal.press(keys.escape);
		await allSeen();
		terminal.press(keys.enter);
		expect(marks(await chosen(2))).toEqual(marks(before));
	});

	test('a filter narrows the list; Esc clears it first', async () => {
		await open();
		terminal.press('/45-29');
		await terminal.waitUntil('one node', text => text.includes('ip-172-31-45-29') && !text.includes('ip-172-31-40-30'));
		terminal.press(keys.enter);
		terminal.press(keys.escape);
		await allSeen();
	});

	test('? shows the keys that work here', async () => {
		await open();
		terminal.press('?');
		expect(await terminal.waitFor('page down')).toContain('read again');
		terminal.press('?');
		await allSeen();
	});
});

describe('leaving before anything is written', () => {
	test.each([
		['q', 0],
		[keys.ctrlC, 130],
	])('%j exits %i and says that nothing was changed', async (key, code) => {
		await open();
		terminal.press(key);
		expect(await terminal.exit).toBe(code);
		expect(terminal.isAlternate).toBe(false);
		expect(terminal.history()).toContain('Nothing was changed.');
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const)('%s restores the terminal and exits %i', async (signal, code) => {
		await open();
		terminal.signal(signal);
		expect(await terminal.exit).toBe(code);
		expect(terminal.isAlternate).toBe(false);
		expect(terminal.raw).toContain('\u001B[?25h');
	});
});

describe('leaving during a run', () => {
	test('Ctrl+C once goes back by itself', async () => {
		await open();
		await toApplying();
		await terminal.waitFor(/running +Make ip/);
		terminal.press(keys.ctrlC);
		await terminal.waitFor('Gone back');
		terminal.press(keys.enter);
		await terminal.waitFor('leave');
		terminal.press(keys.enter);
		expect(await terminal.exit).toBe(130);
		expect(terminal.history()).toContain('every change was taken back');
	});

	test('Ctrl+C twice stops at once and says how to go on', async () => {
		await open(['--speed', '1']);
		await toApplying();
		await terminal.waitFor(/running +Make ip/);
		terminal.press(keys.ctrlC);
		await terminal.waitFor('Going back');
		terminal.press(keys.ctrlC);
		expect(await terminal.exit).toBe(130);
		expect(terminal.history()).toContain('To take back what is left: calico-rr-wizard rollback --journal ');
	});

	test('SIGTERM goes back, restores the terminal and exits 143', async () => {
		await open();
		await toApplying();
		await terminal.waitFor(/running +Make ip/);
		terminal.signal('SIGTERM');
		expect(await terminal.exit).toBe(143);
		expect(terminal.isAlternate).toBe(false);
		expect(terminal.history()).toContain('every change was taken back');
	});
});

describe('the terminal', () => {
	test('resize down to 60x16, below it, and back', async () => {
		await open();
		terminal.resize(60, 16);
		await terminal.waitUntil('the small screen', text => {
			const lines = text.split('\n');
			return text.includes('4/4 up') && lines.length <= 16 && lines.every(line => line.length <= 60);
		});
		terminal.resize(59, 15);
		await terminal.waitFor('needs 60x16, is 59x15');
		terminal.resize(100, 30);
		await allSeen();
		terminal.press(keys.enter);
		await chosen(3);
	});

	test('NO_COLOR: nothing is coloured', async () => {
		await open([], {env: {NO_COLOR: '1'}});
		await toConfirmation();
		// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
		expect(terminal.raw).not.toMatch(/\u001B\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)[;m]/);
	});

	test('coloured otherwise', async () => {
		await open();
		// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
		expect(terminal.raw).toMatch(/\u001B\[(?:\d+;)*(?:3[0-8]|9\d)[;m]/);
	});

	test('a CI variable in the environment does not blind a person', async () => {
		await open([], {env: {CI: 'true'}});
		await toConfirmation();
	});

	test('pasted keys count one by one', async () => {
		await open();
		terminal.press('jj');
		await terminal.waitFor(/❯ ip-172-31-40-30/);
		terminal.press(keys.enter);
		await chosen(3);
		terminal.press(keys.enter);
		await terminal.waitFor('The whole plan');
		terminal.press(`${keys.enter}apply${keys.enter}`);
		await terminal.waitFor('Applying to practice cluster');
	});

	test('a cursor key torn into two reads is still one key', async () => {
		await open();
		terminal.press('\u001B');
		terminal.press('[B');
		await terminal.waitFor(/❯ ip-172-31-40-217/);
	});
});
