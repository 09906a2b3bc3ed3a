import {afterEach, describe, expect, test} from 'vitest';
import {type KubectlProgram, patience, shareKubernetes} from '../support/kubectl-program.ts';
import {startProgram, until} from '../support/program.ts';
import {TestTerminal} from '../support/terminal.ts';

/** CalicoNodeStatus objects of the built program on a practice cluster: how many there are, and that none stays. */
let program: KubectlProgram;
afterEach(() => program.shared.close());

/** The nodes whose calico-node never fills its CalicoNodeStatus: it reaches neither of its BIRDs. */
type Options = {readonly nodes: number; readonly silent?: readonly string[]};

async function start({nodes, silent = []}: Options) {
	program = await shareKubernetes('kubernetes-v1', {
		nodes,
		kubernetes: {sockets: node => ({bird: !silent.includes(node), bird6: !silent.includes(node)})},
	});
	const {kubernetes, faults} = program.shared.cluster;
	/** How many there are now, counted without a call of their own. */
	const count = (): number => {
		const argv = ['get', 'caliconodestatuses.crd.projectcalico.org', '-o', 'name'];
		const answer = kubernetes?.runKubectl({argv, input: '', directory: '/'});
		if (!answer || answer instanceof Promise) throw new Error('no count');
		return answer.stdout.split('\n').filter(Boolean).length;
	};
	/** What there was before every command: only commands create and delete. */
	const counts: number[] = [];
	faults.add({
		match: () => {
			counts.push(count());
			return false;
		},
		kind: 'fail',
	});
	return {...program, count, counts};
}

const watch = ['status', '--watch', '--via', 'kubectl', '--live', 'node-status'];
describe('status --watch', () => {
	test(
		'has ten at most while nodes never report, and the others go on being looked at',
		async () => {
			const silent = ['ip-10-0-0-2', 'ip-10-0-0-5'];
			const {env, count, counts, calls} = await start({nodes: 24, silent});
			const running = startProgram([...watch, '--json'], {env});
			const lines = () => running.stdout().split('\n').filter(Boolean);
			await until('the first picture', () => lines().length > 0, 60_000);
			const looks = () => calls.filter(call => call.startsWith('kubectl create')).length;
			const begun = looks();
			await until('why the two are not known', () => running.stdout().includes('has not filled'), 60_000);
			// Ten seconds are waited for the two; the other 22 nodes take three looks a round meanwhile.
			expect(looks() - begun).toBeGreaterThanOrEqual(6);
			await until('that of both', () => running.stdout().split('has not filled').length > 2, 60_000);
			running.signal('SIGINT');
			expect((await running.finished).exitCode).toBe(130);
			expect(Math.max(...counts)).toBe(10);
			expect(count()).toBe(0);
			const [first, ...changes] = lines().map(line => JSON.parse(line));
			expect(first.nodes).toHaveLength(24);
			// A node that the first picture does not show yet is told of when it is seen.
			const seen = new Set<string>();
			for (const {type, node, name = node, error} of [...first.nodes, ...changes]) {
				if (type !== 'peer' && error === null) seen.add(name);
			}
			expect(seen.size).toBe(22);
			for (const name of silent) expect(seen).not.toContain(name);
		},
		patience,
	);

	test.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)(
		'removes them at %s',
		async (signal, code) => {
			const {env, count, counts} = await start({nodes: 12, silent: ['ip-10-0-0-3']});
			const running = startProgram(watch, {env});
			await until('objects', () => counts.some(each => each > 0) && count() > 0, 60_000);
			running.signal(signal);
			expect((await running.finished).exitCode).toBe(code);
			expect(count()).toBe(0);
		},
		patience,
	);

	test(
		'removes them at Ctrl+C on a terminal, also while kubectl does not answer',
		async () => {
			const {count, shared} = await start({nodes: 4});
			shared.cluster.faults.add({match: /^kubectl get caliconodestatuses/, kind: 'hang-without-effect', times: 50});
			const terminal = new TestTerminal(watch, {env: shared.env});
			await until('objects', () => count() > 0, 60_000);
			terminal.press('\u0003');
			expect(await terminal.exit).toBe(130);
			expect(count()).toBe(0);
		},
		patience,
	);
});

test(
	'the wizard removes them when it is left in the middle of a look',
	async () => {
		const {count, shared} = await start({nodes: 4, silent: ['ip-172-31-40-30']});
		const terminal = new TestTerminal(['--via', 'kubectl', '--live', 'node-status'], {env: shared.env});
		await terminal.waitFor('3/3 up', 60_000);
		await until('objects', () => count() > 0, 60_000);
		terminal.press('q');
		expect(await terminal.exit).toBe(0);
		expect(count()).toBe(0);
	},
	patience,
);
