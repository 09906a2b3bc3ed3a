import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {createCalicoctl, peerManifest} from '../../support/practice-calicoctl.ts';

test.each([
	['get nodes ip-172-31-45-29', 'NAME              \nip-172-31-45-29   \n\n'],
	[
		'get node ip-172-31-45-29 -o wide',
		'NAME              ASN       IPV4              IPV6   \nip-172-31-45-29   (64512)   172.31.45.29/20          \n\n',
	],
	['get bgppeers', 'NAME   PEERIP   NODE   ASN   \n\n'],
	[
		'get ippool -o wide',
		'NAME                  CIDR             NAT    IPIPMODE   VXLANMODE   DISABLED   DISABLEBGPEXPORT   SELECTOR   \ndefault-ipv4-ippool   192.168.0.0/16   true   Never      Never       false      false              all()      \n\n',
	],
	[
		'get clusterinfo default -o custom-columns=CALICOVERSION,NAME',
		'CALICOVERSION   NAME      \nv3.32.1         default   \n\n',
	],
])('%s', (words, stdout) => {
	expect(createCalicoctl().run(words)).toEqual({stdout, stderr: '', exitCode: 0});
});

test('several names give a list in yaml and json, and a table each', () => {
	const {run} = createCalicoctl();
	const names = 'ip-172-31-45-29 ip-172-31-40-30';
	const {stdout} = run(`get node ${names} -o json --export`);
	const nodes: readonly {readonly metadata: Readonly<Record<string, unknown>>}[] = JSON.parse(stdout);
	expect(nodes.map(({metadata}) => metadata.name)).toEqual(names.split(' '));
	expect(nodes.map(({metadata}) => Object.keys(metadata))).toEqual([
		['name', 'labels'],
		['name', 'labels'],
	]);
	expect(parse(run(`get node ${names} -oyaml --export`).stdout)).toEqual(nodes);
	expect(run(`get node ${names}`).stdout).toBe(
		'NAME              \nip-172-31-45-29   \n\nNAME              \nip-172-31-40-30   \n\n',
	);
});

test('what is found is printed though a name is missing', () => {
	const {stdout, stderr, exitCode} = createCalicoctl().run('get node ip-172-31-45-29 a b -o json');
	expect(JSON.parse(stdout).metadata.name).toBe('ip-172-31-45-29');
	expect(stderr).toBe(
		'resource does not exist: Node(a) with error: <nil>\nresource does not exist: Node(b) with error: <nil>\n',
	);
	expect(exitCode).toBe(1);
});

test('--export without a name changes nothing', () => {
	const {run} = createCalicoctl();
	expect(run('get nodes -o yaml --export')).toEqual(run('get nodes -o yaml'));
});

test('the AS number of the cluster stands in brackets where a node has none of its own', () => {
	const {run} = createCalicoctl();
	const manifest =
		'{kind: BGPConfiguration, apiVersion: projectcalico.org/v3, metadata: {name: default}, spec: {asNumber: "1.10"}}';
	expect(run('create -f -', manifest).exitCode).toBe(0);
	run(['patch', 'node', 'ip-172-31-45-29', '-p', '{"spec":{"bgp":{"asNumber":"64600"}}}']);
	expect(run('get nodes -o custom-columns=ASN').stdout.match(/\S+/g)).toEqual([
		'ASN',
		'(65546)',
		'(65546)',
		'(65546)',
		'(65546)',
		'64600',
	]);
});

test('resources can be named by a file', () => {
	const {run} = createCalicoctl();
	run('apply -f -', peerManifest('a', {peerIP: '10.0.0.1', asNumber: 64512}));
	expect(run('get -f -', peerManifest('a', {})).stdout).toBe(
		'NAME   PEERIP     NODE       ASN     \na      10.0.0.1   (global)   64512   \n\n',
	);
});

describe('what cannot be', () => {
	test.each([
		['get', 'Usage:\n  calicoctl get ( (<KIND> [<NAME>...]) |', 1],
		['get nodes --colour', 'Usage:', 1],
		['get nodes -f -', 'Usage:', 1],
		['get nodes -o yaml -o json', 'Usage:', 1],
		['get nodes -o', 'Usage:', 1],
		['get nodes -n default', 'Node is not namespaced\n', 1],
		['get nodes -A', 'Node is not namespaced\n', 1],
		['get nodes -o custom-columns=COLOUR', 'unknown heading COLOUR, valid values are: NAME, ASN, IPV4, IPV6\n', 1],
		['get nodes -o custom-columns', 'need to specify at least one column\n', 1],
		['get nodes -o yaml=x', "unrecognized output format 'yaml=x'\n", 1],
		['get caliconodestatus', "failed to get resources: resource type 'caliconodestatus' is not supported\n", 1],
		['get -f /no/such.yaml', 'failed to execute command: open /no/such.yaml: no such file or directory\n', 1],
		['get nodes --config /no/such.cfg', '', 1],
		['get networkpolicies', 'the practice cluster does not know the kind networkpolicies\n', 70],
		['get nodes -o go-template={{.}}', 'the practice cluster does not know Go templates\n', 70],
		['ipam show', 'the practice cluster does not know calicoctl ipam\n', 70],
		['node run', 'the practice cluster does not know calicoctl node run\n', 70],
		['frobnicate', 'unknown command: "frobnicate"\n', 1],
		['', 'Usage:', 1],
	])('%s', (words, stderr, exitCode) => {
		const result = createCalicoctl().run(words === '' ? [] : words);
		expect(result.exitCode).toBe(exitCode);
		expect(result.stderr.startsWith(stderr)).toBe(true);
	});
});

test('a missing configuration file is told on stdout', () => {
	const answer = createCalicoctl().run('get nodes -c /no/such.cfg');
	expect(answer).toEqual({stdout: 'Error reading config file: /no/such.cfg\n', stderr: '', exitCode: 1});
});

test('a configuration file that exists, a context and a shortened option are taken', () => {
	const directory = mkdtempSync(join(tmpdir(), 'practice-'));
	writeFileSync(join(directory, 'calicoctl.cfg'), '');
	const {run} = createCalicoctl({directory});
	expect(run('--context lab get nodes --conf calicoctl.cfg --context=lab').exitCode).toBe(0);
	expect(run('get nodes --con calicoctl.cfg').exitCode).toBe(1);
});

test('help is printed to stdout', () => {
	const {run} = createCalicoctl();
	expect(run('patch -h')).toMatchObject({exitCode: 0, stderr: '', stdout: expect.stringContaining('<KIND> <NAME>')});
	expect(run('--help')).toMatchObject({exitCode: 0, stderr: '', stdout: expect.stringContaining('<command>')});
});

test('node status is that of the machine', () => {
	expect(createCalicoctl().run('node status')).toEqual({stdout: 'node status\n', stderr: '', exitCode: 0});
	expect(createCalicoctl().run('node status --every')).toMatchObject({exitCode: 1, stdout: ''});
});

test('a flag before the command is handed on', () => {
	const {run} = createCalicoctl({clientVersion: 'v3.31.0'});
	expect(run('get nodes').stderr).toContain('version mismatch');
	expect(run('--allow-version-mismatch get nodes').exitCode).toBe(0);
	expect(run('version').stdout).toBe(
		'Client Version:    v3.31.0\nGit commit:        \nCluster Version:   v3.32.1\nCluster Type:      k8s,bgp\n',
	);
});
