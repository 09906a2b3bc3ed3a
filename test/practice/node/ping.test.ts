import {describe, expect, test} from 'vitest';
import type {ExecResult} from '../../../src/cluster/exec.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeOptions} from '../../../src/practice/cluster.ts';
import * as real from '../../support/real-pings.ts';

const nodes = [
	{name: 'node-0', ipv4Address: '172.31.40.1/24', blocks: ['10.65.0.0/26']},
	{name: 'node-1', ipv4Address: '172.31.40.2/24', blocks: ['10.65.0.64/26']},
	{name: 'node-2', ipv4Address: '172.31.40.3/24', blocks: ['10.65.0.128/26']},
];
const start = Date.UTC(2026, 10, 23, 12);

function world(options: Omit<PracticeOptions, 'clock'> = {}) {
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({clock, nodes, ...options});
	const run = (node: string, command: string): Promise<ExecResult> =>
		practice.exec('node-exec', [node, ...command.split(' ')], {timeout: 60_000});
	return {clock, practice, run};
}

/** Without mesh and BGPPeers: no routes but those that a test adds. */
async function withoutRoutes() {
	const made = world();
	const input = JSON.stringify({
		apiVersion: 'projectcalico.org/v3',
		kind: 'BGPConfiguration',
		metadata: {name: 'default'},
		spec: {nodeToNodeMeshEnabled: false, asNumber: 64512},
	});
	await made.practice.exec('calicoctl', ['create', '-f', '-'], {input, timeout: 1000});
	await made.clock.sleep(5000);
	const route = (verb: string, node: string, block: string, via: string) =>
		made.run(node, `ip route ${verb} ${block} via ${via} dev eth0`);
	return {
		...made,
		there: (verb: 'add' | 'del') => route(verb, 'node-0', '10.65.0.64/26', '172.31.40.2'),
		back: (verb: 'add' | 'del') => route(verb, 'node-1', '10.65.0.0/26', '172.31.40.1'),
		route,
	};
}

/** Without the numbers that differ from one time to the next. */
function masked({stdout, stderr, exitCode}: Pick<ExecResult, 'stdout' | 'stderr' | 'exitCode'>) {
	const text = stdout
		.replaceAll(/time=[\d.]+ ms/g, 'time=T ms')
		.replaceAll(/time \d+ms/g, 'time Tms')
		.replaceAll(/pipe \d+/g, 'pipe P')
		.replaceAll(/= [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/g, '= A/B/C/D ms')
		.replaceAll(/^\[\d+\.\d{6}\]/gm, '[T]');
	return {text, stderr, exitCode};
}

test('in a VXLAN pool pods reach each other whatever becomes of BIRD: Felix keeps the routes', async () => {
	const {practice, clock, run} = world({vxlanMode: 'Always', pool: '10.65.0.0/16'});
	await practice.engine.killBird('node-1');
	await clock.sleep(600_000);
	for (const [from, to] of [
		['node-0', '10.65.0.64'],
		['node-1', '10.65.0.128'],
	] as const) {
		expect((await run(from, `ping -n -c 2 ${to}`)).stdout).toContain('2 received, 0% packet loss');
	}
	await practice.engine.cutLink('node-1');
	expect((await run('node-0', 'ping -n -c 2 10.65.0.64')).stdout).toContain('100% packet loss');
});

describe('as real ping printed it', () => {
	test('answered, quiet, stamped, small', async () => {
		const {run} = world();
		for (const each of [real.answered, real.quiet])
			expect(masked(await run('node-0', each.argv))).toEqual(masked(each));
		const local = (text: string) => text.replaceAll('127.0.0.1', '172.31.40.1');
		for (const each of [real.stamped, real.small]) {
			expect(masked(await run('node-0', local(each.argv)))).toEqual(masked({...each, stdout: local(each.stdout)}));
		}
	});

	test('the route there goes and comes back, or the one back does', async () => {
		for (const side of ['there', 'back'] as const) {
			const {clock, run, ...routes} = await withoutRoutes();
			await routes.there('add');
			await routes.back('add');
			const change = async () => {
				await clock.sleep(500);
				await routes[side]('del');
				await clock.sleep(600);
				await routes[side]('add');
			};
			const [result] = await Promise.all([run('node-0', real.routeGone.argv), change()]);
			expect(masked(result)).toEqual(masked(real.routeGone));
		}
	});

	test('no route at all, with an address to send from', async () => {
		const {run} = await withoutRoutes();
		expect(masked(await run('node-0', real.noRoute.argv))).toEqual(masked(real.noRoute));
	});

	test('nobody has the address', async () => {
		const {run, clock} = world();
		expect(masked(await run('node-0', real.nobody.argv))).toEqual(masked(real.nobody));
		expect(clock.now() - start).toBe(6000);
	});

	test('the next node has no route', async () => {
		const {run, route} = await withoutRoutes();
		await route('add', 'node-0', '10.66.0.0/26', '172.31.40.2');
		const {stdout, exitCode} = await run('node-0', real.transitWithoutRoute.argv);
		// The practice cluster's kernel sends every error, the real one about one a second.
		const third = 'From 172.31.40.2 icmp_seq=3 Destination Net Unreachable\n';
		const said = stdout.replace(third, '').replace('+3 errors', '+2 errors');
		expect(stdout).toContain(third);
		expect(masked({stdout: said, stderr: '', exitCode})).toEqual(masked(real.transitWithoutRoute));
	});

	test.each(real.refused)('%s', async (argv, stderr, exitCode) => {
		expect(await world().run('node-0', argv)).toEqual({stdout: '', stderr, exitCode});
	});
});

describe('what decides about a packet', () => {
	test('a copy that holds a route, a longer prefix, a transit node', async () => {
		const {run, there, back, route} = await withoutRoutes();
		const lost = async () => /(\d+)% packet loss/.exec((await run('node-0', real.routeGone.argv)).stdout)?.[1];
		await back('add');
		await run('node-0', 'ip route add 10.65.0.64/26 proto kernel metric 4096 via 172.31.40.2 dev eth0');
		expect(await lost()).toBe('0');
		// A better route that leads the wrong way wins over it: node-2 has no route on.
		await route('add', 'node-0', '10.65.0.64/27', '172.31.40.3');
		expect(await lost()).toBe('100');
		await route('add', 'node-2', '10.65.0.64/26', '172.31.40.2');
		expect(await lost()).toBe('0');
		await route('del', 'node-0', '10.65.0.64/27', '172.31.40.3');
		await there('add');
		await back('del');
		expect(await lost()).toBe('100');
	});

	test('a loop ends', async () => {
		const {run, route} = await withoutRoutes();
		await route('add', 'node-0', '10.66.0.0/26', '172.31.40.2');
		await route('add', 'node-1', '10.66.0.0/26', '172.31.40.1');
		expect((await run('node-0', 'ping -n -c 2 -i 0.2 -W 1 10.66.0.1')).stdout).toContain('100% packet loss');
	});

	test('a cut link, for as long as it is cut', async () => {
		const {clock, practice, run} = world();
		const cut = async () => {
			await clock.sleep(500);
			practice.network.cutLink('node-1', clock.now());
			await clock.sleep(600);
			practice.network.restoreLink('node-1', clock.now());
		};
		const [result] = await Promise.all([run('node-0', real.routeGone.argv), cut()]);
		expect(masked(result)).toEqual(masked(real.routeGone));
	});

	test("the node's own address as its source needs no route back to its block", async () => {
		const {run, there} = await withoutRoutes();
		await there('add');
		expect(await run('node-0', 'ping -n -c 2 -i 0.2 10.65.0.64')).toMatchObject({exitCode: 0});
		expect(await run('node-0', 'ping -I 10.65.0.0 -n -c 2 -i 0.2 -W 1 10.65.0.64')).toMatchObject({exitCode: 1});
	});
});

test('a deadline ends it, or as many answers as were asked for', async () => {
	const {clock, run} = world();
	const {stdout} = await run('node-0', 'ping -n -i 0.2 -w 1 10.65.0.64');
	expect(stdout).toContain('5 packets transmitted, 5 received, 0% packet loss, time 800ms');
	expect(clock.now() - start).toBe(1000);
	expect(await run('node-0', 'ping -n -c 2 -i 0.2 -w 9 10.65.0.64')).toMatchObject({exitCode: 0});
	expect(clock.now() - start).toBe(1200);
	expect(await run('node-0', 'ping -nqc2 -w1 10.65.0.200')).toMatchObject({
		stdout: '',
		exitCode: 2,
	});
});

test.each([
	'ping 10.65.0.64',
	'ping -f -c 3 10.65.0.64',
	'ping -c 3 -i 0 10.65.0.64',
	'ping -c 3 -s 9000 10.65.0.64',
	'ping -c 3 -I eth0 10.65.0.64',
	'ping -c 3 172.31.40.2 10.65.0.64',
	'ping -c',
])('%s is not made up', async command => {
	const {stdout, stderr, exitCode} = await world().run('node-0', command);
	expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 1});
	expect(stderr).toContain('the practice cluster does not know this command');
});

test('by kubectl exec as by node-exec, and an image without it says so', async () => {
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({
		clock,
		nodes,
		datastore: 'kubernetes-v1',
		hasPing: node => node !== 'node-1',
	});
	const kubectl = (words: readonly string[]) => practice.exec('kubectl', words, {timeout: 60_000});
	const {stdout} = await kubectl([
		'get',
		'pods',
		'-n',
		'calico-system',
		'--no-headers',
		'-o',
		'custom-columns=N:.metadata.name,H:.spec.nodeName',
	]);
	const podOf = (node: string) =>
		stdout
			.split('\n')
			.find(line => line.endsWith(node))
			?.split(/ +/)[0] ?? '';
	const exec = (node: string, command: string) =>
		kubectl(['exec', '-n', 'calico-system', podOf(node), '-c', 'calico-node', '--', ...command.split(' ')]);
	expect(masked(await exec('node-0', real.answered.argv))).toEqual(masked(real.answered));
	const lost = await exec('node-0', 'ping -n -c 2 -i 0.2 -W 1 10.65.0.200');
	expect(lost).toMatchObject({exitCode: 2, stderr: expect.stringMatching(/command terminated with exit code 2\n$/)});
	expect(await exec('node-1', real.answered.argv)).toEqual({
		stdout: '',
		stderr:
			'OCI runtime exec failed: exec failed: unable to start container process: exec: "ping": executable file not found in $PATH: unknown\ncommand terminated with exit code 126\n',
		exitCode: 126,
	});
	expect(await practice.exec('node-exec', ['node-1', ...real.answered.argv.split(' ')], {timeout: 1000})).toEqual({
		stdout: '',
		stderr: 'ping: command not found\n',
		exitCode: 127,
	});
});
