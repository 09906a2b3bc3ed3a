import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {equalJson} from '../../../src/core/json.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeCluster} from '../../../src/practice/cluster.ts';
import type {NodeSeed} from '../../../src/practice/datastore/seed.ts';
import {servePractice} from '../../../src/practice/server.ts';
import {peerManifest} from '../../support/practice-calicoctl.ts';
import {cleanEnvironment, nodeBin, practiceBin, runProgram, startProgram, until} from '../../support/program.ts';
import {leftBy, startRealBird, whyNoBird} from '../../support/real-bird.ts';
import {practiceNodeShell} from '../../support/shared-practice.ts';
import {keys, TestTerminal} from '../../support/terminal.ts';

if (whyNoBird !== '') console.log(`The tests with real BIRD are skipped: ${whyNoBird}.`);

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'] as const;

/** BIRDs of one busy machine collide longer than those of machines of their own. */
const patient = ['--gate-timeout', '180'];

type Event = {readonly type: string; readonly [field: string]: unknown};
const eventsOf = (stdout: string): readonly Event[] =>
	stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as Event);

async function ask(cluster: PracticeCluster, node: string, command: string): Promise<string> {
	const {stdout, stderr, exitCode} = await cluster.engine.runOnNode(node, command.split(' '), {input: ''});
	if (exitCode !== 0) throw new Error(`${node}: ${command}: ${stdout}${stderr}`);
	return stdout;
}

async function calicoctl(cluster: PracticeCluster, argv: readonly string[], input = ''): Promise<void> {
	const result = await cluster.exec('calicoctl', argv, {input, timeout: 20_000});
	if (result.exitCode !== 0) throw new Error(`calicoctl ${argv.join(' ')}: ${result.stderr}`);
}

const patchNode = (name: string, label: '' | null, clusterId: string | null) => {
	const patch = {
		metadata: {labels: {'calico-route-reflector': label}},
		spec: {bgp: {routeReflectorClusterID: clusterId}},
	};
	return ['patch', 'node', name, '-p', JSON.stringify(patch)];
};

describe.skipIf(whyNoBird !== '')('the program on real BIRD', {concurrent: true}, () => {
	const migrate = [
		'apply',
		'--practice',
		'--engine',
		'bird',
		'--reflectors',
		reflectors.join(','),
		'--yes',
		'--json',
		...patient,
	];

	test('migrates and leaves nothing behind', async () => {
		const program = startProgram(migrate);
		const {exitCode, stdout, stderr} = await program.finished;
		expect(stderr).toContain('Starting real BIRD on 5 nodes');
		expect(exitCode).toBe(0);
		const events = eventsOf(stdout);
		expect(events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});
		expect(leftBy(program.pid)).toEqual([]);
	});

	test('goes back when it is interrupted, and leaves nothing behind', async () => {
		const program = startProgram(migrate);
		await until('the first write', () => program.stdout().includes('"type":"write"'), 90_000);
		expect(leftBy(program.pid)).not.toEqual([]);
		program.signal('SIGINT');
		const {exitCode, stdout} = await program.finished;
		expect(exitCode).toBe(130);
		expect(eventsOf(stdout).at(-1)).toMatchObject({type: 'run-ended', outcome: 'went-back'});
		expect(leftBy(program.pid)).toEqual([]);
	});

	test('what SIGKILL leaves, the next start takes away', async () => {
		const watching = startProgram(['status', '--practice=2', '--engine', 'bird', '--watch']);
		await until('the first table', () => watching.stdout().includes('Established'), 60_000);
		watching.signal('SIGKILL');
		await watching.finished;
		expect(leftBy(watching.pid)).not.toEqual([]);
		const {exitCode, stdout} = await runProgram(['status', '--practice=2', '--engine', 'bird']);
		expect(exitCode).toBe(0);
		expect(stdout).toContain('2 of 2 session ends Established on 2 nodes.');
		expect(leftBy(watching.pid)).toEqual([]);
	});

	test('sees real BIRD through kubectl: by exec and by CalicoNodeStatus', async () => {
		for (const live of ['exec', 'node-status']) {
			const flags = ['--practice=2', '--engine', 'bird', '--via', 'kubectl', '--live', live];
			const {exitCode, stdout} = await runProgram(['status', ...flags]);
			expect(exitCode).toBe(0);
			expect(stdout).toContain('2 of 2 session ends Established on 2 nodes.');
		}
	});

	test('carries a practice shell, whose time nobody can change', async () => {
		const script = 'birdcl show status; lab time x10; echo "code $?"; lab time +3s';
		const {exitCode, stdout, stderr} = await runProgram(
			['practice', 'run', '--practice=2', '--engine', 'bird', '--', 'sh', '-c', script],
			{env},
		);
		expect(stderr).toContain('Real BIRD lives in real time, which runs no faster.');
		expect(stdout).toMatch(/^BIRD 1\.6(?:.|\n)*Daemon is up and running\ncode 2\nIt is .* real time\.\n$/);
		expect(exitCode).toBe(0);
	});

	const env = cleanEnvironment({PATH: [nodeBin, '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter)});

	test('is ended by Ctrl+C while a lab waits for it, and leaves nothing behind', async () => {
		const lab = startProgram(['lab', 'run', 'isolated-node', '--engine', 'bird'], {env});
		await until('the lab waits', () => lab.stderr().includes('Waiting 30 s'), 60_000);
		lab.signal('SIGINT');
		expect(await lab.finished).toMatchObject({exitCode: 130, stdout: ''});
		expect(leftBy(lab.pid)).toEqual([]);
	});

	test('ends with the lab on the screen that is left while it waits', async () => {
		const terminal = new TestTerminal(['lab', '--engine', 'bird'], {env});
		await terminal.waitFor('0 of 18 solved');
		terminal.press(keys.enter);
		await until('BIRD runs', () => leftBy(terminal.pid).length > 0, 60_000);
		terminal.press(keys.escape);
		await terminal.waitFor('0 of 18 solved');
		terminal.press('q');
		expect(await terminal.exit).toBe(0);
		expect(leftBy(terminal.pid)).toEqual([]);
	});

	test('refuses what real BIRD has not', async () => {
		const fast = await runProgram(['status', '--engine', 'bird', '--speed', '10']);
		expect(fast).toMatchObject({exitCode: 2, stderr: expect.stringContaining('real BIRD runs in real time')});
	});
});

/** Pings from the block of each node to the block of each other, ten a second, until it is told to stop. */
function pingAll(cluster: PracticeCluster, blocks: ReadonlyMap<string, string>) {
	let stopped = false;
	const lost = new Map<string, number>();
	let sent = 0;
	const pairs = [...blocks].flatMap(([from, own]) =>
		[...blocks].filter(([to]) => to !== from).map(([to, other]) => ({from, to, own, other})),
	);
	const done = Promise.all(
		pairs.map(async ({from, to, own, other}) => {
			while (!stopped) {
				const argv = ['ping', '-n', '-q', '-i', '0.1', '-c', '20', '-W', '1', '-I', own, other];
				const {stdout} = await cluster.engine.runOnNode(from, argv, {input: ''});
				const [, transmitted, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
				if (received === undefined) throw new Error(`ping from ${from} to ${to}: ${stdout}`);
				sent += Number(transmitted);
				const missing = Number(transmitted) - Number(received);
				if (missing > 0) lost.set(`${from} ${to}`, (lost.get(`${from} ${to}`) ?? 0) + missing);
			}
		}),
	);
	return {
		async stop() {
			stopped = true;
			await done;
			return {sent, lost};
		},
	};
}

describe.skipIf(whyNoBird !== '')('pings between real BIRDs', () => {
	let cluster: PracticeCluster;
	let close: () => Promise<void>;
	let env: Record<string, string>;
	const blocks = new Map([
		['ip-172-31-40-217', '192.168.0.0'],
		['ip-172-31-40-30', '192.168.0.64'],
		['ip-172-31-45-29', '192.168.0.128'],
		['ip-172-31-37-123', '192.168.0.192'],
		['ip-172-31-42-47', '192.168.1.0'],
	]);

	beforeAll(async () => {
		cluster = await startRealBird();
		const server = await servePractice(cluster, join(mkdtempSync(join(tmpdir(), 'practice-')), 'socket'));
		env = cleanEnvironment({
			PATH: [practiceBin, nodeBin].join(delimiter),
			PRACTICE_SOCKET: server.path,
			ETCD_ENDPOINTS: 'http://127.0.0.1:1',
		});
		close = async () => {
			await server.close();
			await cluster.engine.close();
		};
	});
	afterAll(async () => close?.());

	async function during(args: readonly string[]) {
		const pings = pingAll(cluster, blocks);
		const program = await runProgram([...args, ...practiceNodeShell, '--yes', '--json', ...patient], {env});
		const {sent, lost} = await pings.stop();
		expect(program.exitCode, program.stderr).toBe(0);
		expect(eventsOf(program.stdout).at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});
		expect(sent).toBeGreaterThan(1000);
		return lost;
	}

	test('with the hold the migration and the way back lose none', async () => {
		const untouched = cluster.datastore.snapshot();
		expect(await during(['apply', '--reflectors', reflectors.join(',')])).toEqual(new Map());
		expect(await during(['rollback'])).toEqual(new Map());
		const {bgpPeers, bgpConfigurations} = cluster.datastore.snapshot();
		expect({bgpPeers, bgpConfigurations}).toEqual({
			bgpPeers: untouched.bgpPeers,
			bgpConfigurations: untouched.bgpConfigurations,
		});
	}, 1_200_000);

	test('without it a new reflector loses some, and nobody else', async () => {
		const [reflector] = reflectors;
		const lost = await during(['apply', '--reflectors', reflector, '--no-hold']);
		expect(lost.size).toBeGreaterThan(0);
		for (const pair of lost.keys()) expect(pair).toContain(reflector);
	}, 600_000);
});

describe.skipIf(whyNoBird !== '')('the model shows what real BIRD shows', () => {
	const node = 'ip-172-31-40-217';
	type Step = {readonly name: string; readonly writes: readonly (readonly [readonly string[], string?])[]};
	const steps: readonly Step[] = [
		{name: 'the mesh', writes: []},
		{
			name: 'BGPPeers that match nothing',
			writes: [
				[
					['create', '-f', '-'],
					peerManifest('peer-to-rrs', {
						nodeSelector: '!has(calico-route-reflector)',
						peerSelector: 'has(calico-route-reflector)',
					}),
				],
				[
					['create', '-f', '-'],
					peerManifest('rrs-to-rrs', {
						nodeSelector: 'has(calico-route-reflector)',
						peerSelector: 'has(calico-route-reflector)',
					}),
				],
			],
		},
		{name: 'a label without cluster ID', writes: [[patchNode(node, '', null)]]},
		{name: 'a cluster ID without label', writes: [[patchNode(node, null, '224.0.0.1')]]},
		{name: 'one reflector', writes: [[patchNode(node, '', '224.0.0.1')]]},
		{
			name: 'three reflectors',
			writes: [[patchNode('ip-172-31-37-123', '', '224.0.0.1')], [patchNode('ip-172-31-42-47', '', '224.0.0.1')]],
		},
		{
			name: 'the mesh off',
			writes: [
				[
					['create', '-f', '-'],
					JSON.stringify({
						apiVersion: 'projectcalico.org/v3',
						kind: 'BGPConfiguration',
						metadata: {name: 'default'},
						spec: {nodeToNodeMeshEnabled: false, asNumber: 64512},
					}),
				],
			],
		},
		{
			name: 'a router outside, of another AS',
			writes: [[['create', '-f', '-'], peerManifest('tor', {peerIP: '172.31.32.1', asNumber: 64600})]],
		},
		{name: 'the router is named no more', writes: [[['delete', 'bgppeer', 'tor']]]},
	];
	const dualStack: readonly NodeSeed[] = [1, 2, 3].map(index => ({
		name: `n${index}`,
		ipv4Address: `172.31.40.${index}/20`,
		ipv6Address: `fd00:1::${index}/64`,
		blocks: [`192.168.${index}.0/26`, `fd00:10:244:${index}::/122`],
	}));

	/** What a node shows, without the times; which of two equal copies of a route came first is chance. */
	async function look(cluster: PracticeCluster, name: string): Promise<readonly string[]> {
		const shown = await Promise.all(
			[
				'birdcl show protocols',
				'birdcl6 show protocols',
				'birdcl show route',
				'birdcl6 show route',
				'calicoctl node status',
				'ip route show proto bird',
				'ip route',
				'ip -6 route show proto bird',
			].map(async command => `${command}\n${await ask(cluster, name, command)}`),
		);
		return shown
			.map(text => text.replaceAll(/\d\d:\d\d:\d\d/g, 'hh:mm:ss').replace(/^BIRD .* ready\.$/m, 'BIRD ready.'))
			.map(text => (text.includes('show route\n') ? sortCopies(text) : sortSessions(text)));
	}

	/**
	 * A session that a reconfiguration restarts goes to the end of BIRD's list, and the next reconfiguration puts it back: how
	 * many came while it restarted hangs on this machine's load. The order is judged by what real Calico printed.
	 */
	function sortSessions(text: string): string {
		const isSession = (line: string): boolean => /^(?:(?:Mesh|Node|Global)_|\| \d)/.test(line);
		const lines = text.split('\n');
		const sorted = lines.filter(isSession).sort();
		return lines.map(line => (isSession(line) ? (sorted.shift() ?? line) : line)).join('\n');
	}

	function sortCopies(text: string): string {
		const groups: string[][] = [];
		for (const line of text.split('\n')) {
			if (line.startsWith(' ')) groups.at(-1)?.push(line);
			else groups.push([line]);
		}
		return groups.map(([first = '', ...copies]) => [first, ...copies.sort()].join('\n')).join('\n');
	}

	async function compare(state: string, real: PracticeCluster, model: PracticeCluster): Promise<void> {
		await model.clock.sleep(120_000);
		for (const {metadata} of model.datastore.snapshot().nodes) {
			const expected = await look(model, metadata.name);
			// Sessions take their time, on a busy machine a minute and more; what is different in the end is shown.
			const end = performance.now() + 180_000;
			let shown = await look(real, metadata.name);
			while (performance.now() < end && !equalJson([...shown], [...expected])) shown = await look(real, metadata.name);
			expect(shown, `${state}, ${metadata.name}`).toEqual(expected);
		}
	}

	test('in each state of a migration', async () => {
		const model = createPracticeCluster({clock: createClock({speed: 'jump'})});
		const real = await startRealBird();
		try {
			for (const {name, writes} of steps) {
				for (const [argv, input] of writes) {
					await calicoctl(model, argv, input);
					await calicoctl(real, argv, input);
				}
				await compare(name, real, model);
			}
		} finally {
			await real.engine.close();
		}
	}, 600_000);

	test('with IPv6 beside IPv4, in the mesh and by way of a reflector', async () => {
		const options = {nodes: dualStack};
		const model = createPracticeCluster({...options, clock: createClock({speed: 'jump'})});
		const real = await startRealBird(options);
		try {
			await compare('dual stack', real, model);
			const toReflectors = steps.find(({name}) => name === 'BGPPeers that match nothing')?.writes ?? [];
			const meshOff = steps.find(({name}) => name === 'the mesh off')?.writes ?? [];
			for (const [argv, input] of [...toReflectors, [patchNode('n1', '', '224.0.0.1')] as const, ...meshOff]) {
				await calicoctl(model, argv, input);
				await calicoctl(real, argv, input);
			}
			await compare('dual stack with a reflector', real, model);
			expect(await ask(real, 'n2', 'ip -6 route show proto bird')).toContain('fd00:10:244:3::/122 via fd00:1::3');
		} finally {
			await real.engine.close();
		}
	});
});
