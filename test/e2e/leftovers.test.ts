import {expect, test} from 'vitest';
import {type KubectlProgram, shareKubernetes} from '../support/kubectl-program.ts';
import {startProgram, until} from '../support/program.ts';

/** What killed runs leave, and what `doctor` says of it through kubectl. */
const ids = ['earlier-run', 'run-lock', 'held-routes', 'mesh-switched-off', 'leftovers'] as const;
type Said = {readonly state: string; readonly reason: string; readonly next: readonly string[]};

async function examine({run}: KubectlProgram): Promise<Readonly<Record<(typeof ids)[number], Said>>> {
	const {stdout} = await run('doctor', '--via', 'kubectl', '--json');
	const {findings}: {findings: (Said & {id: string})[]} = JSON.parse(stdout);
	return Object.fromEntries(findings.map(({id, ...said}) => [id, said])) as Record<(typeof ids)[number], Said>;
}

test('a run killed at its canary, and a watch killed in its look, are named until they are taken away', async () => {
	const program = await shareKubernetes('kubernetes-native');
	const {env, run, shared, calls} = program;
	const before = await examine(program);
	for (const id of ids) expect([id, before[id].state]).toEqual([id, 'pass']);

	const canary = 'ip-172-31-45-29';
	let hangs = true;
	shared.cluster.faults.add({
		match: (_file, argv) => hangs && argv.includes('enable'),
		kind: 'hang-without-effect',
		times: 100,
	});
	const chosen = ['--reflectors', 'ip-172-31-40-217', '--canary', canary];
	const apply = startProgram(['apply', '--via', 'kubectl', ...chosen, '--yes'], {env});
	await until('the canary to be switched on again', () => calls.some(call => / enable /.test(call)), 90_000);
	const during = await examine(program);
	expect(during['run-lock']).toMatchObject({state: 'block', reason: expect.stringMatching(/a run is under way\.$/)});
	apply.signal('SIGKILL');
	await apply.finished;
	hangs = false;

	const watch = startProgram(['status', '--watch', '--via', 'kubectl', '--live', 'node-status'], {env});
	const creations = () => calls.filter(call => call.startsWith('kubectl create -f - --request')).length;
	const created = creations();
	await until('a look', () => creations() > created, 60_000);
	watch.signal('SIGKILL');
	await watch.finished;

	const said = await examine(program);
	for (const id of ids) expect([id, said[id].state]).toEqual([id, 'warn']);
	expect(said['earlier-run'].reason).toMatch(/^Only a part of what the run of .* was to write is there\.$/);
	expect(said['earlier-run'].next.join()).toContain('calico-rr-wizard rollback');
	expect(said['run-lock'].reason).toMatch(/does not live any more: its run was killed/);
	expect(said['held-routes'].reason).toMatch(/^Routes of proto kernel metric 4096 are held on \d nodes: ip-/);
	expect(said['mesh-switched-off'].reason).toContain(`switched off in BIRD on ${canary} (`);
	expect(said.leftovers.reason).toMatch(/^4 things of this program are left: CalicoNodeStatus calico-rr-wizard-/);

	expect((await run('rollback', '--via', 'kubectl', '--yes')).exitCode).toBe(0);
	for (const command of said.leftovers.next.filter(each => each.startsWith('kubectl '))) {
		const [file = '', ...argv] = command.split(' ');
		expect(await shared.cluster.exec(file, argv, {timeout: 1000})).toMatchObject({exitCode: 0});
	}
	const after = await examine(program);
	for (const id of ids) expect([id, after[id].state]).toEqual([id, 'pass']);
	await shared.close();
}, 300_000); // Nine runs of the program, among them a whole migration and its way back.
