import {execFile, spawn} from 'node:child_process';
import {mkdtempSync, statSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createSteppedClock} from '../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeCluster} from '../../src/practice/cluster.ts';
import type {FaultKind} from '../../src/practice/faults.ts';
import {type PracticeServer, servePractice} from '../../src/practice/server.ts';
import {peerManifest} from '../support/practice-calicoctl.ts';
import {practiceBin} from '../support/program.ts';

const manifest = peerManifest('a', {nodeSelector: 'has(a)', peerSelector: 'has(b)'});

describe('a served cluster', () => {
	let cluster: PracticeCluster;
	let server: PracticeServer;
	let environment: NodeJS.ProcessEnv;

	beforeEach(async () => {
		cluster = createPracticeCluster({clock: createSteppedClock()});
		server = await servePractice(cluster, join(mkdtempSync(join(tmpdir(), 'practice-')), 'socket'));
		environment = {
			...process.env,
			PRACTICE_SOCKET: server.path,
			PATH: `${practiceBin}${delimiter}${process.env.PATH ?? ''}`,
		};
	});
	afterEach(async () => server.close());

	type Ended = {
		readonly stdout: string;
		readonly stderr: string;
		readonly code: number | null;
		readonly signal: unknown;
	};

	function run(file: string, argv: readonly string[], input = '', cwd = '/'): Promise<Ended> {
		return new Promise(resolve => {
			const options = {env: environment, cwd};
			const child = execFile(file, argv, options, (_error, stdout, stderr) =>
				resolve({stdout, stderr, code: child.exitCode, signal: child.signalCode}),
			);
			child.stdin?.end(input);
		});
	}

	test('is shared by processes, for this user only', async () => {
		expect(statSync(server.path).mode & 0o777).toBe(0o600);
		expect(await run('calicoctl', ['create', '-f', '-'], manifest)).toEqual({
			stdout: "Successfully created 1 'BGPPeer' resource(s)\n",
			stderr: '',
			code: 0,
			signal: null,
		});
		const [again, table] = await Promise.all([
			run('calicoctl', ['create', '--filename=-'], manifest),
			run('calicoctl', ['get', 'bgppeers']),
		]);
		expect(again).toMatchObject({code: 1, stderr: expect.stringContaining('resource already exists: BGPPeer(a)')});
		expect(table.stdout).toMatch(/^NAME {3}PEERIP {3}NODE {5}ASN {3}\na /);
	});

	test('takes files from where the command was run', async () => {
		const directory = mkdtempSync(join(tmpdir(), 'practice-'));
		writeFileSync(join(directory, 'peer.json'), manifest);
		expect(await run('calicoctl', ['apply', '-f', 'peer.json'], '', directory)).toMatchObject({code: 0});
		expect(cluster.datastore.get('BGPPeer', 'a')).toBeDefined();
	});

	test('answers more than a pipe holds', async () => {
		const annotations = Object.fromEntries(Array.from({length: 3000}, (_item, index) => [`a${index}`, 'x'.repeat(50)]));
		cluster.datastore.seed([{kind: 'Node', metadata: {name: 'large', annotations}, spec: {}}]);
		const {stdout} = await run('calicoctl', ['get', 'node', 'large', '-o', 'json']);
		expect(JSON.parse(stdout).metadata.annotations).toEqual(annotations);
	});

	test('runs commands on nodes', async () => {
		const answer = await run('node-exec', ['ip-172-31-45-29', 'calicoctl', 'node', 'status']);
		const reply = cluster.run({file: 'calicoctl', argv: ['node', 'status']});
		expect(reply).toEqual({stdout: answer.stdout, stderr: answer.stderr, exitCode: answer.code});
	});

	test.each<[FaultKind, boolean]>([
		['killed', false],
		['answer-lost', true],
	])('%s: the command dies, and has an effect: %s', async (kind, effect) => {
		cluster.faults.add({match: /create/, kind});
		expect(await run('calicoctl', ['create', '-f', '-'], manifest)).toMatchObject({code: null, signal: 'SIGKILL'});
		expect(cluster.datastore.get('BGPPeer', 'a') !== undefined).toBe(effect);
	});

	test.each<[FaultKind, boolean]>([
		['hang-without-effect', false],
		['hang-after-effect', true],
	])('%s: the command waits until it is killed, and has an effect: %s', async (kind, effect) => {
		const reached = new Promise<void>(resolve => {
			const match = (_file: string, [verb]: readonly string[]): boolean => {
				if (verb === 'create') resolve();
				return verb === 'create';
			};
			cluster.faults.add({match, kind});
		});
		const child = spawn('calicoctl', ['create', '-f', '-'], {env: environment});
		const ended = new Promise(resolve => child.on('exit', (_code, signal) => resolve(signal)));
		child.stdin.end(manifest);
		await reached;
		expect(child.exitCode).toBeNull();
		child.kill('SIGTERM');
		expect(await ended).toBe('SIGTERM');
		expect(cluster.datastore.get('BGPPeer', 'a') !== undefined).toBe(effect);
		expect((await run('calicoctl', ['version'])).code).toBe(0);
	});

	test('who goes away before the answer takes nobody else along', async () => {
		for (let time = 0; time < 5; time++) {
			const socket = connect(server.path);
			const gone = new Promise(resolve => socket.on('close', resolve));
			const line = JSON.stringify({file: 'node-exec', argv: ['ip-172-31-45-29', 'calicoctl', 'node', 'status']});
			socket.write(`${line}\n`, () => socket.destroy());
			await gone;
		}
		expect((await run('calicoctl', ['version'])).code).toBe(0);
	});

	test('a command without a cluster behind it says so', async () => {
		await server.close();
		expect(await run('calicoctl', ['version'])).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('calicoctl: connect'),
		});
	});
});
