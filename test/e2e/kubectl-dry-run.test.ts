import {afterEach, describe, expect, test} from 'vitest';
import {adminRules, readerRules} from '../../src/practice/kubernetes/rbac.ts';
import {type KubectlProgram, patience, shareKubernetes} from '../support/kubectl-program.ts';
import {startProgram, until} from '../support/program.ts';

/** Everything that goes back or goes on is tried on the server before it is done, as `apply` is. */
let program: KubectlProgram;
afterEach(() => program.shared.close());

const chosen = ['--reflectors', 'ip-172-31-40-217,ip-172-31-40-30'];
/** Two contexts of one cluster: one may do everything, one only read. */
const users = [
	{name: 'kubernetes-admin', rules: adminRules},
	{name: 'reader', rules: readerRules},
];
const contexts = users.map(({name}) => ({name, cluster: 'practice', user: name}));
const kubernetes = {users, kubeconfig: {contexts, current: 'kubernetes-admin'}};

const isWrite = (call: string) => /^kubectl (?:create -f|patch|delete (?!caliconodestatuses))/.test(call);
const isTrial = (call: string) => call.includes('--dry-run=server');

/** Every write was tried, and all trials came before the first write. */
function checkTriedFirst(calls: readonly string[], writes: number): void {
	const done = calls.filter(isWrite);
	expect(done.slice(0, writes).every(isTrial)).toBe(true);
	expect(done.slice(writes).some(isTrial)).toBe(false);
	const bare = (call: string) =>
		call.replace(' --dry-run=server', '').replace(/\{"metadata":\{"resourceVersion":"\d+"/, '{"metadata":{');
	expect(done.slice(0, writes).map(bare).sort()).toEqual(done.slice(writes).map(bare).sort());
}

describe('rollback', () => {
	test(
		'tries every write before the first, and shows what the server says',
		async () => {
			program = await shareKubernetes('kubernetes-v1');
			const before = program.shared.datastore();
			await program.run('apply', ...chosen, '--yes');
			program.calls.length = 0;
			const {exitCode, stdout} = await program.run('rollback', '--yes');
			expect(exitCode).toBe(0);
			// The mesh on, two ordinary nodes, `default` and two BGPPeers gone.
			expect(stdout.match(/^ {4}server accepts$/gm)).toHaveLength(6);
			checkTriedFirst(program.calls, 6);
			expect(program.shared.datastore()).toBe(before);
		},
		patience,
	);

	test(
		'refuses in the words of apply where the server does, and writes nothing',
		async () => {
			program = await shareKubernetes('kubernetes-native', {kubernetes});
			await program.run('apply', ...chosen, '--yes');
			const after = program.shared.datastore();
			for (const more of [[], ['--json']]) {
				program.calls.length = 0;
				const refused = await program.run('rollback', '--context', 'reader', '--yes', ...more);
				expect(refused.exitCode).toBe(1);
				expect(refused.stderr).toMatch(
					/^The server refuses to patch BGPConfiguration default in step \d+, and \d more: /m,
				);
				expect(refused.stderr).toContain('cannot patch resource "bgpconfigurations"');
				expect(refused.stderr).toContain('Nothing was written.');
				expect(program.calls.filter(call => isWrite(call) && !isTrial(call))).toEqual([]);
			}
			expect(program.shared.datastore()).toBe(after);
		},
		patience,
	);

	test(
		'goes back all the same where the server cannot try a write',
		async () => {
			program = await shareKubernetes('kubernetes-v1');
			const before = program.shared.datastore();
			await program.run('apply', ...chosen, '--yes');
			program.shared.cluster.faults.add({
				match: /--dry-run=server/,
				kind: 'fail',
				times: 100,
				stderr: 'Error from server (BadRequest): admission webhook "audit.example" does not support dry run\n',
			});
			const {exitCode, stdout} = await program.run('rollback', '--yes');
			expect(exitCode).toBe(0);
			expect(stdout).toContain('    server not asked: The cluster cannot try this without doing it.');
			expect(stdout).not.toContain('server accepts');
			expect(program.shared.datastore()).toBe(before);
		},
		patience,
	);
});

describe('resume', () => {
	test(
		'tries what is left of a killed run before it goes on',
		async () => {
			program = await shareKubernetes('kubernetes-aggregated', {kubernetes});
			const {shared, calls, env, run} = program;
			const writes = () => calls.filter(call => isWrite(call) && !isTrial(call)).length;
			shared.cluster.faults.add({
				match: (_file, argv) => argv[0] === 'patch' && !argv.includes('--dry-run=server'),
				kind: 'hang-after-effect',
			});
			const killed = startProgram(['apply', ...chosen, '--yes'], {env});
			await until(
				'the first patch',
				() => calls.some(call => call.startsWith('kubectl patch') && !isTrial(call)),
				60_000,
			);
			killed.signal('SIGKILL');
			await killed.finished;
			const halfway = shared.datastore();
			const before = writes();

			const refused = await run('resume', '--context', 'reader', '--yes');
			expect(refused.exitCode).toBe(1);
			expect(refused.stderr).toMatch(/^The server refuses to patch /m);
			expect(refused.stderr).toContain('Nothing was written.');
			expect(writes()).toBe(before);
			expect(shared.datastore()).toBe(halfway);

			calls.length = 0;
			const resumed = await run('resume', '--yes');
			expect(resumed.exitCode).toBe(0);
			expect(resumed.stdout.match(/^ {4}server accepts$/gm)).toHaveLength(calls.filter(isTrial).length);
			checkTriedFirst(calls, calls.filter(isTrial).length);
		},
		patience,
	);
});
