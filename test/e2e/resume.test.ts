import {describe, expect, test} from 'vitest';
import {cleanEnvironment, runProgram, startProgram, until} from '../support/program.ts';
import {practiceNodeShell, type SharedPractice, sharePractice} from '../support/shared-practice.ts';

const reflectors = 'ip-172-31-37-123,ip-172-31-40-217,ip-172-31-42-47';
const migrate = ['apply', ...practiceNodeShell, '--reflectors', reflectors, '--yes'];

/** Milliseconds for a test of up to five runs of the program: its gates look at real seconds. */
const patience = 180_000;

/** Runs `apply` until its `count`-th write, whose tool never answers, and kills it there. */
async function killAtWrite(practice: SharedPractice, env: Record<string, string>, count: number, isDone: boolean) {
	let writes = 0;
	practice.cluster.faults.add({
		match: (file, [verb = '']) => file === 'calicoctl' && /^(create|patch)$/.test(verb) && ++writes === count,
		kind: isDone ? 'hang-after-effect' : 'hang-without-effect',
	});
	const program = startProgram(migrate, {env});
	await until(`write ${count}`, () => writes === count, 40_000);
	program.signal('SIGKILL');
	await program.finished;
}

async function finishedDatastore(): Promise<string> {
	const practice = await sharePractice();
	expect((await runProgram(migrate, {env: cleanEnvironment(practice.env)})).exitCode).toBe(0);
	await practice.close();
	return practice.datastore();
}

describe('apply killed with SIGKILL', () => {
	const finished = finishedDatastore();
	test.each([
		[2, true],
		[4, false],
		[6, true],
	])(
		'at write %i (done: %s): resume in a fresh process, and rollback in another',
		async (count, isDone) => {
			const practice = await sharePractice();
			const untouched = practice.datastore();
			const env = cleanEnvironment(practice.env);
			await killAtWrite(practice, env, count, isDone);
			expect(practice.datastore()).not.toBe(untouched);

			const resumed = await runProgram(['resume', ...practiceNodeShell, '--yes', '--json'], {env});
			expect(resumed).toMatchObject({exitCode: 0});
			expect(practice.datastore()).toBe(await finished);
			const events = resumed.stdout
				.trim()
				.split('\n')
				.map(line => JSON.parse(line));
			expect(events[0]).toMatchObject({type: 'run-started', schemaVersion: 1, direction: 'forward'});
			expect(events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});
			// Even where every write was done, the held routes were still to be released.
			expect([...practice.cluster.network.added.values()].flat()).toEqual([]);
			expect(resumed.stderr).toContain('does not live any more');
			expect(await runProgram(['resume', ...practiceNodeShell, '--yes'], {env})).toMatchObject({
				exitCode: 0,
				stderr: expect.stringContaining('Nothing to go on with'),
			});

			// A home without a journal: another machine.
			const elsewhere = await runProgram(['rollback', ...practiceNodeShell, '--yes'], {
				env: cleanEnvironment(practice.env),
			});
			expect(elsewhere.stderr).toContain("from the note on the cluster's BGPPeers");
			expect(elsewhere.exitCode).toBe(0);
			expect(practice.datastore()).toBe(untouched);
			await practice.close();
		},
		patience,
	);

	test(
		'at write 3: rollback in a fresh process',
		async () => {
			const practice = await sharePractice();
			const untouched = practice.datastore();
			const env = cleanEnvironment(practice.env);
			await killAtWrite(practice, env, 3, true);
			expect(practice.datastore()).not.toBe(untouched);
			expect(await runProgram(['rollback', ...practiceNodeShell, '--yes'], {env})).toMatchObject({exitCode: 0});
			expect(practice.datastore()).toBe(untouched);
			expect(await runProgram(['resume', ...practiceNodeShell, '--yes'], {env})).toMatchObject({
				exitCode: 1,
				stderr: expect.stringContaining('There is no run on this cluster to go on with.'),
			});
			await practice.close();
		},
		patience,
	);
});

test(
	'two runs on one cluster: the second is told who is at it, and changes nothing',
	async () => {
		const practice = await sharePractice();
		const env = cleanEnvironment(practice.env);
		practice.cluster.faults.add({match: /^calicoctl patch/, kind: 'hang-without-effect'});
		const first = startProgram(migrate, {env});
		await until('the first run patches', () => first.stderr().includes('calicoctl patch'), 40_000);
		for (const command of [
			migrate,
			['rollback', ...practiceNodeShell, '--yes'],
			['resume', ...practiceNodeShell, '--yes'],
		]) {
			const second = await runProgram(command, {env});
			expect(second.exitCode).toBe(1);
			expect(second.stderr).toMatch(/Another run is under way on this cluster: process \d+ on /);
		}
		first.signal('SIGKILL');
		await first.finished;
		await practice.close();
	},
	patience,
);
