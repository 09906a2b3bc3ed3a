import {mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parseRecording} from '../../src/apply/recording-read.ts';
import {cleanEnvironment, runProgram} from '../support/program.ts';
import {practiceNodeShell, type SharedPractice, sharePractice} from '../support/shared-practice.ts';

/** Where a secret stands, and the secret: each can be told from the others where it leaks. */
const planted = {
	password: 'hunter2-planted-password',
	etcd: 'planted-etcd-password',
	environment: 'planted-environment-token',
	annotation: 'planted-annotation-token',
	applied: 'planted-last-applied-password',
	bearer: 'planted-bearer-token-0123456789',
	jwt: 'eyJhbGciOiJSUzI1NiJ9.cGxhbnRlZC1wYXlsb2Fk.c2lnbmF0dXJl',
	key: 'MIIEpAIBAAKCAQEAplantedprivatekey',
	kubeconfig: 'cGxhbnRlZC1jbGllbnQta2V5LWRhdGE=',
} as const;

/** What a tool may complain of with all of it in its words. */
const complaint = [
	`dial https://admin:${planted.password}@etcd.example:2379: connection refused`,
	`Authorization: Bearer ${planted.bearer}`,
	`token ${planted.jwt} has expired`,
	`ETCD_PASSWORD=${planted.etcd}`,
	`client-key-data: ${planted.kubeconfig}`,
	'-----BEGIN RSA PRIVATE KEY-----',
	planted.key,
	'-----END RSA PRIVATE KEY-----',
].join('\n');

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
let shared: SharedPractice;
let env: Record<string, string>;

beforeAll(async () => {
	shared = await sharePractice({nodes: 3, speed: 50});
	const config = join(folder, 'calicoctl.cfg');
	writeFileSync(config, `spec:\n  etcdPassword: ${planted.password}\n`);
	env = cleanEnvironment({
		...shared.env,
		ETCD_ENDPOINTS: `https://admin:${planted.password}@127.0.0.1:1`,
		ETCD_USERNAME: 'admin',
		ETCD_PASSWORD: planted.etcd,
		ETCD_KEY: `-----BEGIN RSA PRIVATE KEY-----\n${planted.key}\n-----END RSA PRIVATE KEY-----`,
		K8S_API_TOKEN: planted.environment,
		KUBECONFIG: config,
	});
	const annotations = {
		'example.com/token': planted.annotation,
		'kubectl.kubernetes.io/last-applied-configuration': `{"password":"${planted.applied}"}`,
	};
	const apply = (resource: unknown) => {
		const reply = shared.cluster.run({file: 'calicoctl', argv: ['apply', '-f', '-'], input: JSON.stringify(resource)});
		if (reply === 'silence' || reply instanceof Promise || reply.exitCode !== 0) throw new Error(JSON.stringify(reply));
	};
	const apiVersion = 'projectcalico.org/v3';
	for (const node of shared.cluster.datastore.snapshot().nodes)
		apply({...node, metadata: {name: node.metadata.name, annotations}});
	apply({
		apiVersion,
		kind: 'BGPPeer',
		metadata: {name: 'tor', annotations},
		spec: {
			nodeSelector: "rack == 'x'",
			peerIP: '192.0.2.1',
			asNumber: 65_000,
			password: {secretKeyRef: {name: 'bgp-secrets', key: 'tor'}},
		},
	});
	apply({
		apiVersion,
		kind: 'BGPConfiguration',
		metadata: {name: 'default', annotations},
		spec: {nodeToNodeMeshEnabled: true, asNumber: 64_512},
	});
});
afterAll(() => shared.close());

/** Every file below a folder, with its mode. */
function filesBelow(
	path: string,
): readonly {readonly path: string; readonly mode: number; readonly isFolder: boolean}[] {
	return readdirSync(path, {withFileTypes: true}).flatMap(entry => {
		const full = join(path, entry.name);
		const found = {path: full, mode: statSync(full).mode & 0o777, isFolder: entry.isDirectory()};
		return entry.isDirectory() ? [found, ...filesBelow(full)] : [found];
	});
}

function leaksIn(text: string): readonly string[] {
	return Object.entries(planted).flatMap(([where, secret]) => (text.includes(secret) ? [where] : []));
}

function leaksInFiles(path: string): readonly string[] {
	return filesBelow(path)
		.filter(file => !file.isFolder)
		.flatMap(file => leaksIn(readFileSync(file.path, 'latin1')).map(where => `${where} in ${file.path}`));
}

const apply = ['apply', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217', '--yes'];

describe('what is written about a migration and its way back', () => {
	test.each([
		['plan', ['plan', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217'], 0],
		['plan --json', ['plan', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217', '--json'], 0],
		[
			'plan --save',
			['plan', ...practiceNodeShell, '--reflectors', 'ip-172-31-40-217', '--save', join(folder, 'plan')],
			0,
		],
		['apply --json', [...apply, '--json'], 0],
		['rollback', ['rollback', ...practiceNodeShell, '--yes'], 0],
		['apply', apply, 0],
		['rollback --json', ['rollback', ...practiceNodeShell, '--yes', '--json'], 0],
		['doctor', ['doctor', ...practiceNodeShell], null],
		['doctor --json', ['doctor', ...practiceNodeShell, '--json'], null],
		['status --json', ['status', ...practiceNodeShell, '--json'], 0],
		['hold status --json', ['hold', 'status', ...practiceNodeShell, '--json'], 0],
	] as const)('%s holds no secret', async (_, args, code) => {
		const {stdout, stderr, exitCode} = await runProgram([...args], {env});
		expect(leaksIn(stdout + stderr)).toEqual([]);
		if (code !== null) expect(exitCode, stderr).toBe(code);
	});

	test('nor does any file it left, and only its owner can read them', () => {
		const state = String(env.XDG_STATE_HOME);
		expect(leaksInFiles(state)).toEqual([]);
		const files = filesBelow(state);
		expect(files.filter(file => file.path.endsWith('.jsonl')).length).toBeGreaterThan(2);
		for (const {path, mode, isFolder} of files)
			expect([path, mode.toString(8)]).toEqual([path, isFolder ? '700' : '600']);
		const saved = filesBelow(join(folder, 'plan'));
		expect(saved.length).toBeGreaterThan(3);
		for (const {path, mode, isFolder} of saved)
			expect([path, mode.toString(8)]).toEqual([path, isFolder ? '700' : '600']);
		expect(saved.filter(file => !file.isFolder && readFileSync(file.path, 'utf8').includes(planted.applied))).toEqual(
			[],
		);
	});
});

test('nor does a recording, whose JSON stays JSON, and only its owner can read it', async () => {
	const path = join(folder, 'recordings', 'run.jsonl');
	const args = ['record', '--output', path, '--', ...apply];
	const {stdout, stderr, exitCode} = await runProgram(args, {env});
	expect(exitCode, stderr).toBe(0);
	expect(leaksIn(stdout + stderr)).toEqual([]);
	expect(leaksInFiles(dirname(path))).toEqual([]);
	expect(statSync(path).mode & 0o777).toBe(0o600);
	const {calls} = parseRecording(readFileSync(path, 'utf8'), path);
	const nodes = calls.filter(call => call.argv.join(' ') === 'calicoctl get nodes -o json');
	expect(nodes.length).toBeGreaterThan(0);
	for (const {stdout: text} of nodes) {
		expect(text).toContain('example.com/token');
		expect(JSON.parse(text).items).toHaveLength(3);
	}
	await runProgram(['rollback', ...practiceNodeShell, '--yes'], {env});
});

test.each(['read', 'write', 'node'] as const)('a tool that quotes secrets when it fails: %s', async what => {
	const own = await sharePractice({nodes: 3, speed: 50});
	const match = {read: /^calicoctl get/, write: /^calicoctl (create|patch)/, node: /^node-exec/}[what];
	own.cluster.faults.add({match, kind: 'fail', stderr: `${complaint}\n`, times: what === 'write' ? 1 : 1e9});
	const home = cleanEnvironment({...own.env, ETCD_ENDPOINTS: `https://admin:${planted.password}@127.0.0.1:1`});
	const impatient = [...apply, '--gate-timeout', '3'];
	const recording = ['record', '--output', join(String(home.HOME), 'run.jsonl'), '--', ...impatient];
	for (const args of [impatient, [...impatient, '--json'], ['doctor', ...practiceNodeShell], recording]) {
		const {stdout, stderr} = await runProgram(args, {env: home});
		expect(leaksIn(stdout + stderr)).toEqual([]);
	}
	mkdirSync(String(home.XDG_STATE_HOME), {recursive: true});
	expect(leaksInFiles(String(home.HOME))).toEqual([]);
	await own.close();
});

test('nor does one of a node shell that is given its secret as a word', async () => {
	const bin = join(folder, 'bin');
	mkdirSync(bin);
	writeFileSync(join(bin, 'sshpass'), '#!/bin/sh\nshift 2\nexec "$@"\n', {mode: 0o755});
	const path = join(folder, 'recordings', 'sshpass.jsonl');
	const shell = `sshpass -p ${planted.password} ${practiceNodeShell.at(-1)}`;
	const through = [...practiceNodeShell.slice(0, -1), shell];
	const args = ['record', '--output', path, '--', 'status', ...through];
	const {stdout, stderr, exitCode} = await runProgram(args, {env: {...env, PATH: `${env.PATH}:${bin}`}});
	expect(exitCode, stderr).toBe(0);
	expect(leaksIn(stdout + stderr)).toEqual([]);
	expect(leaksInFiles(dirname(path))).toEqual([]);
	const {calls} = parseRecording(readFileSync(path, 'utf8'), path);
	expect(calls.map(({argv}) => argv.slice(0, 3))).toContainEqual(['sshpass', '-p', '(hidden)']);
});

test('the log of a defect holds no secret of the command line, and only its owner can read it', async () => {
	const home = cleanEnvironment({NODE_OPTIONS: '--import=data:text/javascript,JSON.stringify=()=>null.planted'});
	const shell = `sshpass -p ${planted.password} ssh --token ${planted.password} {node} {command}`;
	const {stdout, stderr} = await runProgram(['plan', '--practice', '--json', '--node-shell', shell], {env: home});
	expect(leaksIn(stdout + stderr)).toEqual([]);
	const logs = filesBelow(String(home.HOME)).filter(file => file.path.endsWith('.log'));
	expect(logs).toHaveLength(1);
	for (const {path, mode} of logs) {
		expect(mode).toBe(0o600);
		expect(leaksIn(readFileSync(path, 'utf8'))).toEqual([]);
	}
});
