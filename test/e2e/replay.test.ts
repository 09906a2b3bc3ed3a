import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {runProgram} from '../support/program.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const run = join(folder, 'run.jsonl');
const tutorial = fileURLToPath(new URL('../transcripts/etcd-v3.32.1/tutorial.jsonl', import.meta.url));

let terminal: TestTerminal;
afterEach(() => terminal?.close());

beforeAll(async () => {
	const args = ['record', '--output', run, '--', 'apply', '--practice', '--speed', 'jump', '--no-hold'];
	const {exitCode, stderr} = await runProgram(args);
	expect(exitCode, stderr).toBe(0);
});

describe.each([
	[80, 24],
	[60, 16],
])('on a terminal of %i columns and %i rows', (cols, rows) => {
	const open = (...args: readonly string[]) => {
		terminal = new TestTerminal(['replay', ...args], {cols, rows});
		return terminal;
	};
	const fits = (text: string) => {
		expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(cols);
		expect(text.split('\n')).toHaveLength(rows - 1);
	};

	test('a run is shown step by step, forwards and backwards, and what changed at its end', async () => {
		open(run);
		const first = await terminal.waitFor('REPLAY practice cluster');
		expect(first).toMatch(/recorded \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: apply --practice/);
		terminal.press(keys.space);
		await terminal.waitFor('paused 1x');
		terminal.press('g');
		await terminal.waitFor(/step 0 of 6 +0:00/);
		const seen: string[] = [];
		for (let step = 1; step <= 6; step++) {
			terminal.press(step % 2 === 0 ? keys.right : 'n');
			const text = await terminal.waitFor(`step ${step} of 6`);
			fits(text);
			expect(text.split('✔ done').length).toBe(step);
			seen.push(text);
		}
		terminal.press('n');
		await terminal.waitFor('✔ Done');
		terminal.press(keys.enter);
		await terminal.waitFor('Done: the cluster uses route reflectors.');
		for (let step = 6; step >= 1; step--) {
			terminal.press(step % 2 === 0 ? keys.left : 'p');
			await terminal.waitUntil(`step ${step} as it was`, text => text === seen[step - 1]);
		}
		terminal.press('q');
		expect(await terminal.exit).toBe(0);
		expect(terminal.isAlternate).toBe(false);
	});

	test('the peers of a node change with the steps, in both directions', async () => {
		open(run);
		await terminal.waitFor('REPLAY');
		terminal.press(keys.space);
		await terminal.waitFor('paused');
		terminal.press(`G${keys.tab}`);
		await terminal.waitUntil('three reflectors', text => text.split('node specific up').length === 4);
		terminal.press('g');
		await terminal.waitFor('not looked at');
		terminal.press('nn');
		fits(
			await terminal.waitUntil(
				'the mesh',
				text => text.includes('step 2 of 6') && text.includes('node-to-node mesh up'),
			),
		);
		terminal.press(keys.escape);
		await terminal.waitFor('Applying to practice cluster');
		terminal.press('?');
		fits(await terminal.waitFor('any key closes'));
	});

	test('the speed changes while it plays, up to its end', async () => {
		open(run, '--speed', '0.5');
		await terminal.waitFor('0.5x');
		terminal.press('+++');
		await terminal.waitFor(/ 5x/);
		terminal.press('-');
		await terminal.waitFor(/ 2x/);
		terminal.press('+++++');
		await terminal.waitFor('100x');
		// Some 24 s of the practice cluster's time.
		await terminal.waitFor('✔ Done', 5000);
		await terminal.waitFor('paused 100x');
	});

	test('a transcript of real tools is shown call by call', async () => {
		open(tutorial);
		await terminal.waitFor('REPLAY tool calls');
		terminal.press(keys.space);
		await terminal.waitFor('paused');
		terminal.press('g');
		expect(await terminal.waitFor('call 1 of 38')).toContain('$ calicoctl get nodes -o wide');
		terminal.press('nnn');
		const apply = await terminal.waitFor('call 4 of 38');
		fits(apply);
		expect(apply).toContain('$ calicoctl apply -f -');
		expect(apply).toContain('<     routeReflectorClusterID: 224.0.0.1');
		terminal.press(keys.pageDown);
		await terminal.waitFor("Successfully applied 1 'Node' resource(s)");
		await terminal.waitFor('exit code 0');
		terminal.press('p');
		expect(await terminal.waitFor('call 3 of 38')).toContain('$ calicoctl get node node-0 -o yaml --export');
		terminal.press(keys.ctrlC);
		expect(await terminal.exit).toBe(130);
	});
});

test('a signal ends it with its exit code, and the screen is as it was', async () => {
	terminal = new TestTerminal(['replay', run]);
	await terminal.waitFor('REPLAY');
	terminal.signal('SIGTERM');
	expect(await terminal.exit).toBe(143);
	expect(terminal.isAlternate).toBe(false);
});

describe('without a terminal', () => {
	test('a run is told in the words it had', async () => {
		const own = join(folder, 'told.jsonl');
		const command = ['apply', '--practice=3', '--speed', 'jump', '--reflectors', 'ip-172-31-40-217', '--yes'];
		const first = await runProgram(['record', '--output', own, '--', ...command]);
		const {stdout, stderr, exitCode} = await runProgram(['replay', own, '--speed', 'jump']);
		expect(exitCode, stderr).toBe(0);
		expect(stderr).toMatch(
			/^Replay: recorded .* UTC: apply --practice=3 --speed jump --reflectors ip-172-31-40-217 --yes\.\n$/,
		);
		expect(stdout.split('\n').length).toBeGreaterThan(20);
		expect(first.stderr).toContain(stdout);
	});

	test('--json gives the events, one a line', async () => {
		const {stdout, exitCode} = await runProgram(['replay', run, '--json']);
		const events = stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line));
		expect(exitCode).toBe(0);
		expect(events[0]).toMatchObject({type: 'run-started', schemaVersion: 1});
		expect(events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});
	});

	test('a transcript is told as it was typed, and as JSON', async () => {
		const {stdout} = await runProgram(['replay', tutorial, '--speed', 'jump']);
		expect(stdout.split('\n').filter(line => line.startsWith('$ '))).toHaveLength(38);
		expect(stdout).toContain("$ calicoctl apply -f - <<'EOF'\napiVersion: projectcalico.org/v3\nkind: Node\n");
		const {stdout: json} = await runProgram(['replay', tutorial, '--json']);
		const calls = json
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line));
		expect(calls).toHaveLength(38);
		expect(calls[0]).toMatchObject({type: 'call', schemaVersion: 1, argv: ['calicoctl', 'get', 'nodes', '-o', 'wide']});
	});

	test('it keeps the pace that is asked for', async () => {
		const calls = [0, 6].map(at => JSON.stringify({at, argv: ['look'], exit: 0, stdout: '', stderr: ''})).join('\n');
		const slow = join(folder, 'slow.jsonl');
		writeFileSync(slow, calls);
		const began = performance.now();
		await runProgram(['replay', slow, '--speed', '4']);
		const took = performance.now() - began;
		expect(took).toBeGreaterThan(1500);
	});

	test('a last line that was cut off is said', async () => {
		const torn = join(folder, 'torn.jsonl');
		writeFileSync(torn, readFileSync(run, 'utf8').slice(0, -20));
		const {stderr, stdout, exitCode} = await runProgram(['replay', torn, '--speed', 'jump']);
		expect(exitCode).toBe(0);
		expect(stderr).toContain('Its last line is cut off: the recording was stopped while it was written.');
		expect(stdout).toContain('Turn the node-to-node mesh off');
	});

	test.each([
		['a folder', () => folder, 2, 'The recording cannot be read: EISDIR'],
		['nothing', () => join(folder, 'nothing'), 2, 'The recording cannot be read: ENOENT'],
		['a picture', () => process.execPath, 1, 'line 1: it is not JSON.'],
	])('%s is no recording', async (_, path, code, words) => {
		const {stderr, exitCode} = await runProgram(['replay', path()]);
		expect(stderr).toContain(words);
		expect(stderr).toContain('calico-rr-wizard record -- COMMAND');
		expect(exitCode).toBe(code);
	});

	test('one file is needed', async () => {
		const {stderr, exitCode} = await runProgram(['replay']);
		expect(stderr).toContain('replay needs one file.');
		expect(exitCode).toBe(2);
	});
});

test('--plain on a terminal redraws nothing', async () => {
	terminal = new TestTerminal(['replay', run, '--plain', '--speed', '50']);
	expect(await terminal.exit).toBe(0);
	expect(terminal.raw).not.toContain('\u001B[?1049h');
	expect(terminal.history()).toContain('[6/6] Turn the node-to-node mesh off');
});

test("the wizard's own run is recorded, and shown again", async () => {
	const own = join(folder, 'wizard.jsonl');
	const flags = [
		'--practice',
		'--speed',
		'50',
		'--reflectors',
		'ip-172-31-40-217,ip-172-31-37-123',
		'--cluster-id',
		'224.0.0.1',
	];
	terminal = new TestTerminal(['record', '--output', own, '--', ...flags], {cols: 100, rows: 30});
	await terminal.waitUntil('all sessions', text => text.split('4/4 up').length === 6);
	terminal.press(keys.enter);
	await terminal.waitFor('The whole plan');
	terminal.press(keys.enter);
	await terminal.waitFor('Type apply and press enter');
	terminal.press('apply');
	await terminal.waitFor('> apply');
	terminal.press(keys.enter);
	await terminal.waitFor('what changed', 60_000);
	terminal.press(keys.enter);
	await terminal.waitFor('Done: the cluster uses route reflectors.');
	terminal.press(keys.enter);
	expect(await terminal.exit).toBe(0);
	expect(terminal.history()).toContain(`Recording: ${own}`);
	const {stdout} = await runProgram(['replay', own, '--speed', 'jump']);
	expect(stdout).toContain('Make ip-172-31-40-217 a route reflector');
	expect(stdout.trimEnd().endsWith('Done.')).toBe(true);
});
