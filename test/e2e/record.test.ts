import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {ApplyEvent} from '../../src/apply/events.ts';
import {parseRecording, type Recorded} from '../../src/apply/recording-read.ts';
import {createCalicoctlCluster} from '../../src/cluster/calicoctl/cluster.ts';
import {createTemplateNodeShell, parseNodeShellTemplate} from '../../src/cluster/node-shell.ts';
import {createReplay, ReplayError} from '../../src/cluster/replay.ts';
import {runPlain} from '../../src/plain/run-plain.ts';
import {maskedEvents} from '../support/masked-events.ts';
import {cleanEnvironment, program, runProgram} from '../support/program.ts';
import {practiceNodeShell, sharePractice} from '../support/shared-practice.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-'));

function read(path: string): Recorded {
	return parseRecording(readFileSync(path, 'utf8'), path);
}

/** Applies the recorded choice once more, with the recording in the place of all tools. */
async function applyAgain(recorded: Recorded, choice = recorded.plan?.choice): Promise<readonly ApplyEvent[]> {
	const origin = Date.parse(recorded.header?.at ?? '');
	const {exec, clock, rest} = createReplay(recorded.calls, {origin});
	const shell = createTemplateNodeShell(exec, parseNodeShellTemplate(practiceNodeShell[1]));
	const events: ApplyEvent[] = [];
	await runPlain({
		context: {
			cluster: createCalicoctlCluster({
				exec,
				clock,
				nodeShell: shell,
				allowVersionMismatch: false,
				practice: false,
				env: {ETCD_ENDPOINTS: 'http://127.0.0.1:1'},
			}),
			clock,
			preset: choice ?? {},
			openJournal: () => null,
			savePlan: async () => '',
			signal: new AbortController().signal,
			env: {},
		},
		output: {result: () => undefined, progress: () => undefined, event: event => events.push(event)},
		onSignal: () => undefined,
		prompts: null,
		yes: true,
		propose: false,
	});
	expect(rest()).toEqual([]);
	return events;
}

describe('a run through real processes', () => {
	const path = join(folder, 'apply.jsonl');
	const apply = ['apply', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217', '--yes', '--json'];

	test('is recorded, and the recording answers in the place of the tools: the same events', async () => {
		const shared = await sharePractice({nodes: 3, speed: 30});
		const env = cleanEnvironment(shared.env);
		const {stdout, stderr, exitCode} = await runProgram(['record', '--output', path, '--', ...apply], {env});
		await shared.close();
		expect(exitCode, stderr).toBe(0);
		expect(stderr).toContain(`Recording: ${path}\nTo see it again: calico-rr-wizard replay ${path}\n`);
		expect(statSync(path).mode & 0o777).toBe(0o600);

		const recorded = read(path);
		expect(recorded.header?.command).toEqual(apply);
		expect(recorded.cluster).toMatchObject({via: 'calicoctl', practice: false, name: 'etcd at http://127.0.0.1:1'});
		const printed = stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line));
		expect(recorded.events).toEqual(printed);
		expect(recorded.events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});

		const again = await applyAgain(recorded);
		expect(again.length).toBeGreaterThan(30);
		expect(maskedEvents(again)).toEqual(maskedEvents(recorded.events));
	});

	test('another choice than the recorded one fails loudly, with what was expected', async () => {
		const recorded = read(path);
		const choice = recorded.plan?.choice;
		if (!choice) throw new Error('no choice was recorded');
		const other = applyAgain(recorded, {...choice, reflectors: ['ip-172-31-40-30']});
		await expect(other).rejects.toThrow(ReplayError);
		await expect(other).rejects.toThrow(
			/^Not recorded: calicoctl create -f - < .*; the recording goes on with: calicoctl create -f - < /s,
		);
	});
});

describe('record', () => {
	test('keeps a recording that nobody named beside the journals, and gives back the exit code', async () => {
		const env = cleanEnvironment();
		const {stdout, stderr, exitCode} = await runProgram(
			['record', '--', 'plan', '--practice', '--detailed-exitcode', '--reflectors', 'ip-172-31-40-30'],
			{env},
		);
		expect(exitCode, stderr).toBe(2);
		expect(stdout).toContain('calicoctl patch node ip-172-31-40-30');
		const [, path = ''] = /^Recording: (.*)$/m.exec(stderr) ?? [];
		expect(path.startsWith(`${env.XDG_STATE_HOME}/calico-rr-wizard/recordings/`)).toBe(true);
		const {plan, calls, header} = read(path);
		expect(plan).toBeNull();
		expect(header?.command).toEqual(['plan', '--practice', '--detailed-exitcode', '--reflectors', 'ip-172-31-40-30']);
		expect(calls.map(call => call.argv.join(' '))).toContain('calicoctl get nodes -o json');
	});

	test('the tables that were watched are in it, and a failure as well', async () => {
		const shared = await sharePractice({nodes: 3});
		shared.cluster.faults.add({match: /^calicoctl get/, kind: 'fail', stderr: 'connection refused\n', times: 1e9});
		const own = join(folder, 'failed.jsonl');
		const {stderr, exitCode} = await runProgram(['record', '--output', own, '--', 'status'], {
			env: cleanEnvironment(shared.env),
		});
		await shared.close();
		expect(exitCode).toBe(1);
		expect(stderr).toContain(`Recording: ${own}`);
		expect(read(own).calls[0]).toMatchObject({exit: 1, stderr: 'connection refused\n'});
	});

	test('a full disk ends the recording and not the run', async () => {
		const own = join(folder, 'full.jsonl');
		// 5000 bytes a file at most (RLIMIT_FSIZE): enough for the first calls.
		const command = ['--fsize=5000', '--', process.execPath, program, 'record', '--output', own];
		const {status, stderr} = spawnSync('prlimit', [...command, '--', 'status', '--practice=3'], {
			encoding: 'utf8',
			env: cleanEnvironment({PATH: '/usr/bin:/bin'}),
		});
		expect(status, stderr).toBe(0);
		expect(stderr).toContain('The recording is not complete; what is missing could not be written: EFBIG');
		const {calls, isTorn} = read(own);
		expect(calls.length).toBeGreaterThan(0);
		expect(isTorn).toBe(false);
	});

	test.each([
		[['record'], 'record needs a command to run.'],
		[['record', '--', 'predict'], 'There is nothing to record in that: it works on no cluster.'],
		[['record', '--', 'record', '--', 'status'], 'There is nothing to record in that'],
		[['record', '--', 'status', '--help'], 'There is nothing to record in that'],
		[['record', '--', 'statsu'], "There is no command 'statsu'. Did you mean status?"],
		[['record', '--', 'status', '--reflectors', 'a'], 'status knows no --reflectors'],
		[['record', 'apply', '--practice'], 'record knows no --practice'],
	])('%j is refused', async (args, words) => {
		const {stderr, exitCode} = await runProgram(args);
		expect(stderr).toContain(words);
		expect(exitCode).toBe(2);
	});

	test('a file that is there is left alone, and nothing is run', async () => {
		const own = join(folder, 'there.jsonl');
		writeFileSync(own, 'precious');
		const {stdout, stderr, exitCode} = await runProgram(['record', '--output', own, '--', 'status', '--practice=2']);
		expect([exitCode, stdout]).toEqual([1, '']);
		expect(stderr).toBe(
			`${own} is there already, and a recording is never written over.\nNothing was run. Name another file with --output FILE.\n`,
		);
		expect(readFileSync(own, 'utf8')).toBe('precious');
	});
});
