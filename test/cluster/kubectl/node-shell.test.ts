import {describe, expect, it} from 'vitest';
import {createKubectlNodeShell} from '../../../src/cluster/kubectl/node-shell.ts';
import {createCalicoPods} from '../../../src/cluster/kubectl/pods.ts';
import {createKubectl} from '../../../src/cluster/kubectl/run.ts';
import {birdSessions, createObserver} from '../../../src/cluster/observe.ts';
import {createClock, createSteppedClock} from '../../../src/practice/clock.ts';
import {row} from '../transcripts.ts';
import {type Answer, createTableExec, list, refused} from './table-exec.ts';

const listed = 'kubectl get pods --all-namespaces -l k8s-app=calico-node -o json';
const inNamespace = (namespace: string) => `kubectl get pods -n ${namespace} -l k8s-app=calico-node -o json`;
const execIn = (pod: string, command = 'true', namespace = 'calico-system') =>
	`kubectl exec -n ${namespace} ${pod} -c calico-node -- ${command}`;
const pod = (
	name: string,
	nodeName: string,
	{phase = 'Running', deletionTimestamp = '', namespace = 'calico-system'} = {},
) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: {name, namespace, ...(deletionTimestamp && {deletionTimestamp})},
	spec: {nodeName},
	status: {phase},
});
const forbidden = (words: string) => refused(`Error from server (Forbidden): ${words}`);
const options = {timeout: 1000};

function shellOn(table: Record<string, Answer>, context?: string) {
	const {exec, calls} = createTableExec(table);
	const clock = createSteppedClock();
	const kubectl = createKubectl({exec, binary: 'kubectl', context, timeouts: {read: 1000, write: 1000}});
	const pods = createCalicoPods(kubectl, clock);
	return {shell: createKubectlNodeShell({exec, kubectl, pods}), calls, clock, pods};
}

describe('createKubectlNodeShell', () => {
	it('runs a command in the calico-node pod of the node; the pods are listed once', async () => {
		const {shell, calls} = shellOn({
			[listed]: row('kdd-v3.32.1/kubectl', 4).stdout,
			[execIn('calico-node-node-1')]: 'one\n',
			[execIn('calico-node-node-2')]: 'two\n',
		});
		const answers = await Promise.all(['node-1', 'node-2'].map(node => shell.run(node, ['true'], options)));
		expect(answers.map(({stdout}) => stdout)).toEqual(['one\n', 'two\n']);
		expect(calls.filter(call => call === listed)).toHaveLength(1);
		expect(shell.describe('node-1', ['ip', 'route'])).toEqual({
			file: 'kubectl',
			args: ['exec', '-n', 'calico-system', 'calico-node-node-1', '-c', 'calico-node', '--', 'ip', 'route'],
		});
	});

	it('puts the options that name the cluster before the command', () => {
		const {shell} = shellOn({}, 'lab');
		expect(shell.describe('a', ['ls', '--context=x']).args.slice(-4)).toEqual([
			'--context=lab',
			'--',
			'ls',
			'--context=x',
		]);
	});

	it('takes the pod that runs, not the one that ends', async () => {
		const pods = list(
			pod('ending', 'a', {deletionTimestamp: '2026-11-23T16:34:28Z'}),
			pod('running', 'a'),
			pod('pending', 'a', {phase: 'Pending'}),
		);
		const {shell} = shellOn({[listed]: pods, [execIn('running')]: 'ok\n'});
		expect(await shell.run('a', ['true'], options)).toMatchObject({exitCode: 0, stdout: 'ok\n'});
	});

	it.each([
		'Error from server (NotFound): pods "old" not found',
		'error: unable to upgrade connection: container not found ("calico-node")',
		'error: cannot exec into a container in a completed pod; current phase is Failed',
	])('finds the new pod after: %s', async words => {
		let lists = 0;
		const {shell, calls} = shellOn({
			[listed]: () => ({
				stdout: list(pod(lists++ === 0 ? 'old' : 'new', 'a'), pod('other', 'b')),
				stderr: '',
				exitCode: 0,
			}),
			[execIn('old')]: refused(words),
			[execIn('new')]: 'ok\n',
		});
		const answers = await Promise.all([shell.run('a', ['true'], options), shell.run('a', ['true'], options)]);
		expect(answers.map(({exitCode}) => exitCode)).toEqual([0, 0]);
		expect(calls.filter(call => call === listed)).toHaveLength(2);
	});

	it.each([
		['Error from server (NotFound): pods "p" not found', "the node's calico-node pod is gone or does not run ("],
		[
			'Error from server (Forbidden): pods "p" is forbidden: User "v" cannot create resource "pods/exec" in API group "" in the namespace "calico-system"',
			'"kubectl exec" is not allowed here (',
		],
		[
			'Error from server: error dialing backend: dial tcp 10.0.0.5:10250: i/o timeout',
			"the API server does not reach the node's kubelet (",
		],
		['error: You must be logged in to the server (Unauthorized)', 'your credentials are missing or have expired ('],
	])('says what %s means', async (words, meaning) => {
		const {shell} = shellOn({[listed]: list(pod('p', 'a')), [execIn('p')]: refused(words)});
		expect(await shell.run('a', ['true'], options)).toEqual({stdout: '', stderr: `${meaning}${words})`, exitCode: 1});
	});

	it("gives the command's own words, not kubectl's line about its exit code", async () => {
		const words = 'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory';
		const {shell} = shellOn({
			[listed]: list(pod('p', 'a')),
			[execIn('p')]: refused(`${words}\ncommand terminated with exit code 1`),
		});
		expect(await shell.run('a', ['true'], options)).toMatchObject({stderr: words, exitCode: 1});
	});

	it('says that a node has no pod, and looks for a new one only now and then', async () => {
		const {shell, calls, clock} = shellOn({[listed]: list(pod('p', 'a'))});
		for (let number = 0; number < 3; number++) {
			expect(await shell.run('b', ['true'], options)).toMatchObject({
				exitCode: 1,
				stderr: 'no calico-node pod runs on this node',
			});
		}
		expect(calls).toHaveLength(1);
		await clock.advance(10_000);
		await shell.run('b', ['true'], options);
		expect(calls).toHaveLength(2);
	});

	it("looks into Calico's namespaces where it may not look into all", async () => {
		const {shell} = shellOn({
			[listed]: forbidden('pods is forbidden'),
			[inNamespace('calico-system')]: forbidden('pods is forbidden'),
			[inNamespace('kube-system')]: list(pod('p', 'a', {namespace: 'kube-system'})),
			[execIn('p', 'true', 'kube-system')]: 'ok\n',
		});
		expect(await shell.run('a', ['true'], options)).toMatchObject({stdout: 'ok\n'});
	});

	it('asks once, not once for every node, where no pods may be listed', async () => {
		const refusal = forbidden('pods is forbidden: User "v" cannot list resource "pods"');
		const {shell, calls} = shellOn({
			[listed]: refusal,
			[inNamespace('calico-system')]: refusal,
			[inNamespace('kube-system')]: refusal,
		});
		for (const node of ['a', 'b', 'c']) {
			const {exitCode, stderr} = await shell.run(node, ['true'], options);
			expect([exitCode, stderr]).toEqual([1, expect.stringContaining("calico-node's pods cannot be listed")]);
		}
		expect(calls).toHaveLength(3);
	});

	it('takes no name from the cluster that could be an option', async () => {
		const {shell} = shellOn({[listed]: list(pod('--as=admin', 'a'))});
		expect(await shell.run('a', ['true'], options)).toMatchObject({stderr: 'no calico-node pod runs on this node'});
	});
});

it('a node that answers nothing delays no other row', async () => {
	const nodes = Array.from({length: 40}, (_, index) => `node-${index}`);
	const protocols = 'birdcl -s /var/run/calico/bird.ctl show protocols';
	const table: Record<string, Answer> = {[listed]: list(...nodes.map(node => pod(`pod-${node}`, node)))};
	for (const node of nodes) table[execIn(`pod-${node}`, protocols)] = row('kdd-v3.32.1/kubectl', 11).stdout;
	table[execIn('pod-node-0', protocols)] = (_input, {timeout}) =>
		new Promise(resolve => {
			setTimeout(() => resolve({stdout: '', stderr: '', exitCode: null, failure: 'timeout'}), timeout);
		});
	const {shell} = shellOn(table);
	const clock = createClock({speed: 1});
	const observe = createObserver({shell, sessions: birdSessions, clock, limit: 4, timeout: 300});
	const order: string[] = [];
	for await (const {node, sessions} of observe(
		nodes.map(name => ({name, families: [4] as const})),
		{routes: false},
	)) {
		order.push(node);
		if (node === 'node-0') expect(sessions).toEqual({known: false, reason: 'the node did not answer in time'});
		else expect(sessions).toMatchObject({known: true});
	}
	expect(order).toHaveLength(40);
	expect(order.at(-1)).toBe('node-0');
});
