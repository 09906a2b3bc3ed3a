import {afterEach, describe, expect, test} from 'vitest';
import {readerRules, withoutExecRules} from '../../src/practice/kubernetes/rbac.ts';
import type {ApiShape} from '../../src/practice/kubernetes/types.ts';
import {type KubectlProgram, patience, shareKubernetes} from '../support/kubectl-program.ts';
import {startProgram, until} from '../support/program.ts';
import type {SharedPractice, sharePractice} from '../support/shared-practice.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

/** The built program on a Kubernetes cluster, over a real `kubectl` process for every call and with nothing else. */
let shared: SharedPractice;
let kubectl: KubectlProgram['kubectl'];
afterEach(() => shared.close());

const reflectors = ['ip-172-31-40-217', 'ip-172-31-40-30'];
const chosen = ['--reflectors', reflectors.join(',')];
const viaKubectl = ['--via', 'kubectl'];

async function share(datastore: ApiShape, options: Partial<Parameters<typeof sharePractice>[0]> = {}) {
	const started = await shareKubernetes(datastore, options);
	({shared, kubectl} = started);
	return started;
}

const shapes: readonly ApiShape[] = ['kubernetes-v1', 'kubernetes-aggregated', 'kubernetes-native'];

describe.each(shapes)('%s', shape => {
	test(
		'doctor, plan, apply, status and rollback',
		async () => {
			const {run, calls} = await share(shape);
			const before = shared.datastore();

			const doctor = await run('doctor', ...viaKubectl, ...chosen, '--json');
			expect(JSON.parse(doctor.stdout).findings.filter(({state}: {state: string}) => state === 'block')).toEqual([]);
			expect(doctor.exitCode).toBe(0);

			const plan = JSON.parse((await run('plan', ...viaKubectl, ...chosen, '--json')).stdout);
			const writes = plan.steps.flatMap((step: {writes: object[]}) => step.writes);
			expect(writes).toHaveLength(5);
			for (const write of writes) expect(write).toMatchObject({dryRun: {state: 'accepted'}});
			expect(shared.datastore()).toBe(before);

			const apply = await run('apply', ...viaKubectl, ...chosen, '--yes');
			expect(apply.stderr).toContain('Cluster: context practice at https://127.0.0.1:6443, through kubectl, 4 nodes.');
			expect(apply.stderr).toContain('Done.');
			expect(apply.exitCode).toBe(0);

			// What the transcript of real Kubernetes shows at this point.
			const group = shape === 'kubernetes-v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
			for (const name of reflectors) {
				expect((await kubectl('get', 'node', name)).metadata).toMatchObject({
					labels: {'calico-route-reflector': ''},
					annotations: {'projectcalico.org/RouteReflectorClusterID': '224.0.0.1'},
				});
			}
			expect((await kubectl('get', `bgpconfigurations.${group}`, 'default')).spec).toMatchObject({
				asNumber: 64_512,
				nodeToNodeMeshEnabled: false,
			});

			const status = JSON.parse((await run('status', ...viaKubectl, '--json')).stdout);
			expect(status.nodes).toHaveLength(4);
			for (const node of status.nodes) {
				expect(node).toMatchObject({error: null, source: 'kubectl exec'});
				expect(node.peers.length).toBeGreaterThan(1);
				for (const peer of node.peers) expect(peer).toMatchObject({type: 'node specific', info: 'Established'});
			}

			const back = await run('rollback', ...viaKubectl, '--yes');
			expect(back.exitCode).toBe(0);
			expect(shared.datastore()).toBe(before);
			expect(calls.every(call => call.startsWith('kubectl '))).toBe(true);
		},
		patience,
	);
});

describe('rights', () => {
	const viewer = {users: [{name: 'kubernetes-admin', rules: readerRules}]};

	test('a viewer gets the exact list of what is missing, and nothing is written', async () => {
		const {run} = await share('kubernetes-v1', {kubernetes: viewer});
		const before = shared.datastore();
		const doctor = await run('doctor', ...chosen, '--json');
		expect(doctor.exitCode).toBe(1);
		const finding = JSON.parse(doctor.stdout).findings.find(({id}: {id: string}) => id === 'permissions');
		expect(finding.state).toBe('block');
		const [, list = ''] = /missing: (.*)\.$/.exec(finding.reason) ?? [];
		expect(list.split(', ').sort()).toEqual(
			[
				...['create', 'delete', 'patch'].map(verb => `${verb} bgpconfigurations.crd.projectcalico.org`),
				...['create', 'delete'].map(verb => `${verb} bgppeers.crd.projectcalico.org`),
				...['create', 'delete'].map(verb => `${verb} caliconodestatuses.crd.projectcalico.org`),
				'patch nodes',
			].sort(),
		);
		expect((await run('plan', ...chosen)).stdout).toContain('server refuses: ');
		const apply = await run('apply', ...chosen, '--yes');
		expect(apply.exitCode).toBe(1);
		expect(apply.stderr).toContain('The server refuses to create BGPPeer peer-to-rrs in step ');
		expect(apply.stderr).toContain('cannot create resource "bgppeers"');
		expect(apply.stderr).not.toContain('[1/');
		expect(shared.datastore()).toBe(before);
	});

	test(
		'where exec is forbidden, CalicoNodeStatus serves the migration and leaves nothing',
		async () => {
			const users = [{name: 'kubernetes-admin', rules: withoutExecRules}];
			const {run, calls} = await share('kubernetes-native', {kubernetes: {users}});
			const before = shared.datastore();
			const apply = await run('apply', ...chosen, '--yes');
			expect(apply.stderr).toContain('Done.');
			expect(apply.exitCode).toBe(0);
			expect(calls.filter(call => call.startsWith('kubectl exec'))).toEqual([]);
			const status = await run('status', '--json');
			for (const node of JSON.parse(status.stdout).nodes) expect(node.source).toBe('CalicoNodeStatus');
			expect((await run('rollback', '--yes')).exitCode).toBe(0);
			expect(shared.datastore()).toBe(before);
			expect((await kubectl('get', 'caliconodestatuses.projectcalico.org')).items).toEqual([]);
		},
		patience,
	);

	test('a context without rights of its own is named on the command line', async () => {
		const kubeconfig = {
			contexts: [
				{name: 'practice', cluster: 'practice', user: 'kubernetes-admin'},
				{name: 'other', cluster: 'practice', user: 'viewer'},
			],
			current: 'practice',
		};
		const {run} = await share('kubernetes-v1', {kubernetes: {kubeconfig}});
		const {exitCode, stderr} = await run('status', '--context', 'other');
		expect(exitCode).toBe(1);
		expect(stderr).toContain('orbidden');
		expect((await run('status')).exitCode).toBe(0);
	});
});

test('a node that answers nothing delays no other row', async () => {
	const {env} = await share('kubernetes-v1');
	const slow = 'ip-172-31-40-217';
	const pods = (await kubectl('get', 'pods', '-n', 'calico-system')).items;
	const pod = pods.find((each: {spec: {nodeName: string}}) => each.spec.nodeName === slow).metadata.name;
	/** Milliseconds from the first to the last row of the nodes that answer. */
	const spread = async () => {
		const running = startProgram(['status'], {env});
		const rows = () => running.stdout().match(/^Node ip/gm)?.length ?? 0;
		await until('the first row', () => rows() > 0);
		const first = performance.now();
		await until('all other rows', () => rows() >= 3);
		return {running, took: performance.now() - first};
	};
	const usual = await spread();
	await usual.running.finished;
	shared.cluster.faults.add({
		match: (_file, argv) => argv.includes('exec') && argv.includes(pod),
		kind: 'hang-without-effect',
		times: 10,
	});
	const {running, took} = await spread();
	expect(running.stdout()).not.toContain(`Node ${slow}`);
	expect(took).toBeLessThan(usual.took + 1000);
	const {stdout} = await running.finished;
	expect(stdout).toMatch(new RegExp(`^Node ${slow} .*\\nNot known: the node did not answer in time`, 'm'));
});

test('reading 1,000 nodes takes five kubectl processes at most', async () => {
	const {run, calls} = await share('kubernetes-aggregated', {nodes: 1000});
	const {exitCode} = await run('plan', '--reflectors', 'node-0001', '--no-hold');
	expect([0, 2]).toContain(exitCode);
	expect(calls.filter(call => !call.includes('--dry-run')).length).toBeLessThanOrEqual(5);
});

describe('the first screen', () => {
	const kubeconfig = {
		contexts: [
			{name: 'practice', cluster: 'practice', user: 'kubernetes-admin'},
			{name: 'far', cluster: 'far', user: 'kubernetes-admin', server: 'https://10.9.9.9:6443'},
		],
		current: 'practice',
	};

	test(
		'offers the contexts and the practice cluster; the chosen one is named on every screen of the migration',
		async () => {
			await share('kubernetes-native', {kubernetes: {kubeconfig}});
			const terminal = new TestTerminal(['--no-hold'], {cols: 140, rows: 40, env: shared.env});
			const first = await terminal.waitFor('practice cluster');
			expect(first).toMatch(/❯ practice +https:\/\/127\.0\.0\.1:6443 +current context/);
			expect(first).toMatch(/ far +https:\/\/10\.9\.9\.9:6443/);
			terminal.press(keys.enter);
			const name = 'context practice at https://127.0.0.1:6443';
			await terminal.waitUntil('all nodes seen', text => text.includes(name) && text.split('3/3 up').length === 5);
			terminal.press(keys.enter);
			await terminal.waitUntil('the choice', text => text.includes('Chosen') && text.includes(name));
			terminal.press(keys.enter);
			await terminal.waitUntil(
				'the verdicts, and what the doctor found',
				text => text.includes(name) && /The server accepts (\d) of \1 writes/.test(text) && /Doctor: \d/.test(text),
			);
			terminal.press(keys.enter);
			await terminal.waitUntil(
				'the confirmation',
				text => text.includes(`This changes ${name}.`) && text.includes('Type practice and press enter'),
			);
			terminal.press('practice');
			await terminal.waitFor('> practice');
			terminal.press(keys.enter);
			const end = await terminal.waitFor('what changed', 120_000);
			expect(end).toContain(name);
			terminal.press('q');
			expect(await terminal.exit).toBe(0);
			expect((await kubectl('get', 'bgpconfigurations.projectcalico.org', 'default')).spec).toMatchObject({
				nodeToNodeMeshEnabled: false,
			});
		},
		patience,
	);

	test(
		'the practice cluster needs no kubectl; q leaves with nothing done',
		async () => {
			await share('kubernetes-native', {kubernetes: {kubeconfig}});
			const terminal = new TestTerminal([], {cols: 140, rows: 40, env: shared.env});
			await terminal.waitFor('current context');
			terminal.press(keys.down);
			terminal.press(keys.down);
			await terminal.waitFor('❯ practice cluster');
			terminal.press(keys.enter);
			await terminal.waitUntil('five nodes', text => text.split('4/4 up').length === 6);
			terminal.press('q');
			expect(await terminal.exit).toBe(0);

			const other = new TestTerminal([], {cols: 140, rows: 40, env: shared.env});
			await other.waitFor('current context');
			other.press('q');
			expect(await other.exit).toBe(0);
			expect(other.isAlternate).toBe(false);
		},
		patience,
	);
});
