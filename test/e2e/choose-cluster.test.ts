import {afterEach, describe, expect, test} from 'vitest';
import {type KubectlProgram, patience, shareKubernetes} from '../support/kubectl-program.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

/** The choice of a cluster as a plain question, where no flag names one; the screens' is in kubectl.test.ts. */
let program: KubectlProgram | undefined;
let terminal: TestTerminal;
afterEach(async () => {
	await terminal.close();
	await program?.shared.close();
	program = undefined;
});

const contexts = [
	{name: 'practice', cluster: 'practice', user: 'kubernetes-admin'},
	{name: 'far', cluster: 'far', user: 'kubernetes-admin', server: 'https://10.9.9.9:6443'},
];

async function start(args: readonly string[], current: string | undefined = 'practice') {
	program = await shareKubernetes('kubernetes-native', {kubernetes: {kubeconfig: {contexts, current}}});
	terminal = new TestTerminal(args, {cols: 140, rows: 40, env: program.shared.env});
	return program;
}

const question = 'Which cluster? No flag names one';

describe.each([
	['the wizard as prompts', ['--plain']],
	['apply', ['apply']],
])('%s on a terminal', (_, args) => {
	test(
		'offers the contexts and the practice cluster, the current one first at hand',
		async () => {
			await start([...args, '--no-hold']);
			const asked = await terminal.waitFor('practice cluster, in memory');
			expect(asked).toContain(question);
			expect(asked).toMatch(/> practice, https:\/\/127\.0\.0\.1:6443, current context/);
			expect(asked).toMatch(/ {2}far, https:\/\/10\.9\.9\.9:6443/);
			terminal.press(keys.enter);
			await terminal.waitFor('Which nodes become route reflectors?');
			expect(terminal.history()).toContain(
				'Cluster: context practice at https://127.0.0.1:6443, through kubectl, 4 nodes.',
			);
		},
		patience,
	);

	test(
		'takes the practice cluster only where it is chosen, and touches no other then',
		async () => {
			const {calls} = await start([...args, '--speed', '50']);
			await terminal.waitFor('practice cluster, in memory');
			terminal.press(keys.down);
			await terminal.waitFor(/> far/);
			terminal.press(keys.down);
			await terminal.waitFor(/> practice cluster/);
			terminal.press(keys.enter);
			await terminal.waitFor('Which nodes become route reflectors?');
			expect(terminal.history()).toContain('Cluster: practice cluster, 5 nodes.');
			expect(calls.every(call => call.startsWith('kubectl config view'))).toBe(true);
		},
		patience,
	);

	test(
		'is left with Ctrl+C before anything was asked of a cluster',
		async () => {
			const {calls} = await start(args);
			await terminal.waitFor('practice cluster, in memory');
			terminal.press(keys.ctrlC);
			expect(await terminal.exit).toBe(130);
			expect(terminal.history()).toContain('Left. Nothing was changed.');
			expect(calls.every(call => call.startsWith('kubectl config view'))).toBe(true);
		},
		patience,
	);

	test(
		'asks for no cluster that a flag names',
		async () => {
			await start([...args, '--context', 'practice', '--no-hold']);
			await terminal.waitFor('Which nodes become route reflectors?');
			expect(terminal.history()).not.toContain(question);
		},
		patience,
	);
});

describe('apply', () => {
	test(
		'offers the contexts where none is the current one',
		async () => {
			await start(['apply', '--no-hold'], '');
			const asked = await terminal.waitFor('practice cluster, in memory');
			expect(asked).toMatch(/> practice, https:\/\/127\.0\.0\.1:6443$/m);
			terminal.press(keys.enter);
			await terminal.waitFor('Which nodes become route reflectors?');
			expect(terminal.history()).toContain('Cluster: context practice at https://127.0.0.1:6443');
		},
		patience,
	);

	test('never starts on the practice cluster unasked, also where kubectl knows no context', async () => {
		terminal = new TestTerminal(['apply'], {cols: 140, rows: 40});
		expect(await terminal.exit).toBe(2);
		expect(terminal.history()).toContain('No cluster is named');
		expect(terminal.history()).not.toContain('Cluster: practice cluster');
	});
});
