import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {cleanEnvironment, type Finished, runProgram, startProgram, until} from '../support/program.ts';
import {practiceNodeShell, sharePractice} from '../support/shared-practice.ts';

const reflectors = ['172.31.37.123', '172.31.40.217', '172.31.42.47'];

/** The rows of calicoctl's table for a node in one part of the output, cell by cell. */
function tableOf(part: string, address: string): string[][] {
	const section = part.split(/^Node /m).find(each => each.includes(`(${address})`)) ?? '';
	return section
		.split('\n')
		.filter(line => /^\| \d/.test(line))
		.map(line =>
			line
				.split('|')
				.slice(1, -1)
				.map(cell => cell.trim()),
		);
}

function checkMigration({exitCode, stdout}: Finished): void {
	expect(exitCode).toBe(0);
	const [before = '', after = ''] = stdout.split(/^(?=After:)/m);
	expect(before).toMatch(/^Before: 10 BGP sessions$/m);
	expect(after).toMatch(/^After: 9 BGP sessions$/m);
	const mesh = tableOf(before, '172.31.45.29');
	expect(mesh.map(([address]) => address).sort()).toEqual([
		'172.31.37.123',
		'172.31.40.217',
		'172.31.40.30',
		'172.31.42.47',
	]);
	for (const [, type, state, , info] of mesh)
		expect([type, state, info]).toEqual(['node-to-node mesh', 'up', 'Established']);
	const reflected = tableOf(after, '172.31.45.29');
	expect(reflected.map(([address]) => address).sort()).toEqual(reflectors);
	for (const [, type, state, , info] of reflected)
		expect([type, state, info]).toEqual(['node specific', 'up', 'Established']);
	expect(after).toContain('No IPv6 peers found.');
}

describe('without a terminal', () => {
	test('npm start migrates the practice cluster and prints the tables before and after', async () => {
		const finished = await runProgram(['--practice']);
		checkMigration(finished);
		expect(finished.stderr).toContain('The practice clock runs 10 times as fast as real time.');
		expect(finished.stderr).not.toContain('\u001B');
		expect(finished.stdout).not.toContain('\u001B');
	});

	test('nothing configured means the practice cluster, and a sentence says so', async () => {
		const finished = await runProgram(['--speed', 'jump']);
		checkMigration(finished);
		expect(finished.stderr).toContain(
			'This is the practice cluster: no cluster is named, and there is neither kubectl nor calicoctl on PATH.',
		);
	});

	test.each([['--plain'], ['--order=tutorial'], ['--cluster-id=per-node']])('also with %s', async flag => {
		checkMigration(await runProgram(['--practice', '--speed', 'jump', flag]));
	});
});

describe('apply --json', () => {
	test('one event a line, the first with the schema version, the last with the outcome', async () => {
		const names = reflectors.map(address => `ip-${address.replaceAll('.', '-')}`).join(',');
		const {exitCode, stdout} = await runProgram([
			'apply',
			'--practice',
			'--speed',
			'jump',
			'--reflectors',
			names,
			'--yes',
			'--json',
		]);
		expect(exitCode).toBe(0);
		const events = stdout
			.trimEnd()
			.split('\n')
			.map(line => JSON.parse(line));
		expect(events[0]).toMatchObject({type: 'run-started', schemaVersion: 1, direction: 'forward'});
		expect(events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done', failure: null, left: []});
		for (const event of events)
			expect(event).toEqual(expect.objectContaining({type: expect.any(String), at: expect.any(Number)}));
		expect(readFileSync(events.at(-1).journal, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(3);
	});
});

describe('signals during a run', () => {
	const apply = ['apply', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217', '--yes'];

	test.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)('%s once: finishes the write, goes back, exits %i', async (signal, code) => {
		const shared = await sharePractice({nodes: 3});
		const before = shared.datastore();
		const running = startProgram(apply, {env: cleanEnvironment(shared.env)});
		await until('a reflector to be made', () => running.stderr().includes('[3/'));
		running.signal(signal);
		const {exitCode, stderr} = await running.finished;
		expect(stderr).toContain('Interrupted: going back.');
		expect(stderr).toContain('The cluster is as it was before.');
		expect(exitCode).toBe(code);
		expect(shared.datastore()).toBe(before);
		await shared.close();
	});

	test('twice: stops at once and says how to go on; rollback takes the rest back', async () => {
		const shared = await sharePractice({nodes: 3});
		const before = shared.datastore();
		const env = cleanEnvironment(shared.env);
		const running = startProgram(apply, {env});
		await until('a reflector to be made', () => running.stderr().includes('[3/'));
		running.signal('SIGINT');
		await until('the way back', () => running.stderr().includes('Interrupted: going back.'));
		running.signal('SIGINT');
		const {exitCode, stderr} = await running.finished;
		expect(exitCode).toBe(130);
		expect(stderr).toContain('calico-rr-wizard rollback');
		expect(shared.datastore()).not.toBe(before);
		const back = await runProgram(['rollback', ...practiceNodeShell, '--yes'], {env});
		expect(back.exitCode).toBe(0);
		expect(shared.datastore()).toBe(before);
		const again = await runProgram(['rollback', ...practiceNodeShell, '--yes'], {env});
		expect(again.exitCode).toBe(2);
		expect(again.stderr).toContain('There is no run on this cluster to take back');
		await shared.close();
	});
});

describe('there and back', () => {
	test('rollback leaves every resource as it was, and status --json shows it', async () => {
		const shared = await sharePractice({nodes: 3});
		const before = shared.datastore();
		const env = cleanEnvironment(shared.env);
		const there = await runProgram(
			['apply', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-30,ip-172-31-40-217', '--yes'],
			{env},
		);
		expect(there.exitCode).toBe(0);
		expect(shared.datastore()).not.toBe(before);
		const plan = ['plan', ...practiceNodeShell, '--detailed-exitcode', '--reflectors'];
		expect((await runProgram([...plan, 'ip-172-31-40-30,ip-172-31-40-217'], {env})).exitCode).toBe(0);
		expect((await runProgram([...plan, 'ip-172-31-45-29'], {env})).exitCode).toBe(2);
		const back = await runProgram(['rollback', ...practiceNodeShell, '--yes'], {env});
		expect(back.exitCode).toBe(0);
		expect(shared.datastore()).toBe(before);
		const status = await runProgram(['status', ...practiceNodeShell, '--json'], {env});
		const {schemaVersion, nodes} = JSON.parse(status.stdout);
		expect(schemaVersion).toBe(1);
		for (const node of nodes) {
			expect(node.error).toBeNull();
			expect(node.peers).toHaveLength(2);
			for (const peer of node.peers) {
				expect(Object.keys(peer)).toEqual(['protocol', 'family', 'address', 'type', 'state', 'since', 'info']);
				expect(peer).toMatchObject({family: 4, type: 'node-to-node mesh', state: 'up', info: 'Established'});
			}
		}
		await shared.close();
	});
});
