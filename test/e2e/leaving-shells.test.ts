import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {leftovers, PracticeShell, shellEnvironment} from '../support/practice-shell.ts';
import {program, runProgram, until} from '../support/program.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

let shell: PracticeShell | undefined;
afterEach(async () => {
	await shell?.terminal.close();
	shell = undefined;
});

describe.each([['practice shell'], ['lab start isolated-node']])('%s: leaving leaves nothing behind', command => {
	const open = async () => {
		shell = await PracticeShell.open([], shellEnvironment(), command.split(' '));
		return shell;
	};
	const gone = (env: Readonly<Record<string, string>>) =>
		until(`nothing is left of ${leftovers(env)}`, () => leftovers(env).length === 0);

	test('Ctrl+C is for the shell and its programs alone', async () => {
		const opened = await open();
		const {terminal, env} = opened;
		terminal.press('sleep 1000\r');
		await until('sleep runs', () => leftovers(env).some(line => /^\d+ sleep 1000/.test(line)));
		for (let count = 0; count < 4; count++) await opened.press(keys.ctrlC);
		expect(await opened.type('calicoctl get nodes')).toContain('ip-172-31-45-29');
	});

	test.each([
		[keys.ctrlD, 0],
		['exit 3\r', 3],
	])('%j ends it with %i', async (text, code) => {
		const {terminal, env} = await open();
		terminal.press(text);
		expect(await terminal.exit).toBe(code);
		expect(leftovers(env)).toEqual([]);
	});

	/** A shell on another node inside the shell, with a program in front. */
	async function openBusy(): Promise<PracticeShell> {
		const opened = await open();
		await opened.type('ssh ip-172-31-40-30');
		opened.terminal.press('sleep 1000\r');
		await until('sleep runs', () => leftovers(opened.env).some(line => /^\d+ sleep 1000/.test(line)));
		return opened;
	}

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)('%s to the program ends it with %i', async (signal, code) => {
		const {terminal, env} = await openBusy();
		terminal.signal(signal);
		expect(await terminal.exit).toBe(code);
		expect(leftovers(env)).toEqual([]);
	});

	test('a closed terminal', async () => {
		const {terminal, env} = await openBusy();
		terminal.hangUp();
		await gone(env);
	});

	test('a closed terminal whose SIGHUP does not arrive: the program dies of it all the same, and not of Node', async () => {
		const env = shellEnvironment();
		const code = join(env.HOME ?? '', 'code');
		const script = `trap '' HUP; "$0" "$1" ${command}; echo $? >"${code}"`;
		const terminal = new TestTerminal(['-c', script, process.execPath, program], {env}, '/bin/sh');
		await terminal.waitFor(/^practice .*[#$]$/m);
		terminal.hangUp();
		await until('it has ended', () => existsSync(code) && readFileSync(code, 'utf8') !== '');
		expect(readFileSync(code, 'utf8')).toBe('129\n');
		await gone(env);
	});

	test('a killed shell', async () => {
		const {terminal, env} = await openBusy();
		const shells = leftovers(env).filter(line => line.includes('--rcfile'));
		const first = Math.min(...shells.map(line => Number.parseInt(line, 10)));
		process.kill(first, 'SIGKILL');
		expect(await terminal.exit).toBe(137);
		expect(leftovers(env)).toEqual([]);
	});

	test('what a killed host left goes with the next start', async () => {
		const {terminal, env} = await open();
		process.kill(terminal.pid, 'SIGKILL');
		await terminal.exit;
		expect(readdirSync(env.XDG_RUNTIME_DIR ?? '')).toHaveLength(1);
		const {stdout} = await runProgram(['practice', 'run', '--', 'calicoctl', 'get', 'nodes'], {env});
		expect(stdout).toContain('ip-172-31-45-29');
		await gone(env);
	});
});

describe("a lab's screens: leaving leaves nothing behind", () => {
	const gone = (env: Readonly<Record<string, string>>) =>
		until(`nothing is left of ${leftovers(env)}`, () => leftovers(env).length === 0);

	/** Opens the first lab on the screens, and its shell behind them where that is wanted. */
	async function openScreens(inShell: boolean): Promise<PracticeShell['terminal']> {
		screens = new TestTerminal(['lab', '--speed', '20'], {cols: 80, rows: 24, env});
		await screens.waitFor('0 of ');
		screens.press(keys.enter);
		await screens.waitUntil(
			'the lab at its start',
			text => text.includes('First say what you expect') && !text.includes('Bringing'),
		);
		if (!inShell) return screens;
		screens.press('s');
		await screens.waitFor(/^practice .*[#$]$/m);
		return screens;
	}
	let env: Record<string, string>;
	let screens: TestTerminal | undefined;
	beforeEach(() => {
		env = shellEnvironment();
	});
	afterEach(() => screens?.close());

	test.each([
		[false, 'SIGTERM', 143],
		[false, 'SIGHUP', 129],
		[true, 'SIGTERM', 143],
		[true, 'SIGHUP', 129],
	] as const)('in the shell: %s, %s ends them with %i', async (inShell, signal, code) => {
		const terminal = await openScreens(inShell);
		terminal.signal(signal);
		expect(await terminal.exit).toBe(code);
		await gone(env);
	});

	test.each([false, true])('in the shell: %s, a closed terminal', async inShell => {
		const terminal = await openScreens(inShell);
		terminal.hangUp();
		await gone(env);
	});

	test('Ctrl+D in the shell leads back to them, and Ctrl+C ends them', async () => {
		const terminal = await openScreens(true);
		terminal.press(keys.ctrlD);
		await terminal.waitFor('Lab 1:');
		terminal.press(keys.ctrlC);
		expect(await terminal.exit).toBe(130);
		await gone(env);
	});
});
