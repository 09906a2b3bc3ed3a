import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {predict} from '../../src/commands/predict.ts';
import type {Options} from '../../src/commands/table.ts';
import {fakeIo} from '../support/fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'predict-'));
let count = 0;

function file(content: string): string {
	count += 1;
	const path = join(folder, `${count}.yaml`);
	writeFileSync(path, content);
	return path;
}

function node(name: string, address: string, more = ''): string {
	return `kind: Node\napiVersion: projectcalico.org/v3\nmetadata:\n  name: ${name}\n${more}spec:\n  bgp:\n    ipv4Address: ${address}/24\n`;
}

async function run(options: Options, positionals: readonly string[] = []) {
	const {io, stdout, stderr} = fakeIo();
	const exitCode = await predict({positionals, options}, io);
	return {exitCode, stdout: stdout(), stderr: stderr()};
}

const mesh = file([node('a', '10.0.0.9'), node('b', '10.0.0.10')].join('---\n'));

test('--json has the documented shape', async () => {
	const {exitCode, stdout} = await run({file: [mesh], json: true});
	expect(exitCode).toBe(0);
	const peer = {family: 4, kind: 'mesh', port: null, as: '64512', reflectorClient: false, clusterId: null};
	expect(JSON.parse(stdout)).toEqual({
		schemaVersion: 1,
		nodes: [
			// Calico compares addresses as texts: 10.0.0.10 is smaller than 10.0.0.9, so a dials and b waits.
			{name: 'a', peers: [{...peer, protocol: 'Mesh_10_0_0_10', address: '10.0.0.10', passive: false}]},
			{name: 'b', peers: [{...peer, protocol: 'Mesh_10_0_0_9', address: '10.0.0.9', passive: true}]},
		],
	});
});

test('--node limits it', async () => {
	const {stdout} = await run({file: [mesh], json: true, node: 'b'});
	expect(JSON.parse(stdout).nodes.map((each: {name: string}) => each.name)).toEqual(['b']);
	await expect(run({file: [mesh], node: 'c'})).rejects.toThrow("There is no node 'c'");
});

test('text: totals and a table for each node', async () => {
	const {stdout} = await run({file: [mesh]});
	expect(stdout).toContain('2 nodes: 1 BGP session between them.');
	expect(stdout).toMatch(/^Mesh_10_0_0_10 +10\.0\.0\.10 +64512 +dials$/m);
});

test('many nodes are summed up', async () => {
	const nodes = Array.from({length: 30}, (_, index) => node(`n${index}`, `10.0.1.${index + 1}`)).join('---\n');
	const {stdout} = await run({file: [file(nodes)]});
	expect(stdout).toContain('30 nodes: 435 BGP sessions between them.');
	expect(stdout).toMatch(/^29 +30 +n0, n1, n2, n3 and 26 more$/m);
});

test('a later file replaces what an earlier one says, and lists are read', async () => {
	const off = file(
		JSON.stringify({
			kind: 'BGPConfigurationList',
			apiVersion: 'projectcalico.org/v3',
			items: [{kind: 'BGPConfiguration', metadata: {name: 'default'}, spec: {nodeToNodeMeshEnabled: false}}],
		}),
	);
	const {stdout} = await run({file: [mesh, off]});
	expect(stdout).toContain('2 nodes: 0 BGP sessions between them.');
});

test('kinds that decide nothing are left out, and it says so', async () => {
	const {stderr} = await run({file: [mesh, file('kind: FelixConfiguration\nmetadata: {name: default}\n')]});
	expect(stderr).toContain('1 FelixConfiguration');
});

test('a selector that Calico cannot read is named', async () => {
	const bad = file('kind: BGPPeer\nmetadata: {name: x}\nspec: {nodeSelector: "has(", peerSelector: all()}\n');
	const {stderr} = await run({file: [mesh, bad]});
	expect(stderr).toContain('BGPPeer x: nodeSelector');
});

test.each<[string, string, RegExp]>([
	['broken YAML', 'kind: [Node', /is not valid YAML/],
	['broken JSON', '{"kind": ', /is not valid JSON/],
	['no kind', 'metadata: {name: x}', /without a kind/],
	['no name', 'kind: Node\nspec: {}', /holds a Node without a name/],
	['a plain text', 'hello', /something that is no resource/],
	['a spec that is none', 'kind: Node\nmetadata: {name: x}\nspec: 3', /spec of Node x must be a map/],
	[
		'an address that is a number',
		'kind: Node\nmetadata: {name: x}\nspec: {bgp: {ipv4Address: 3}}',
		/spec\.bgp\.ipv4Address/,
	],
	['labels that are numbers', 'kind: Node\nmetadata: {name: x, labels: {a: 1}}', /metadata\.labels/],
	[
		'a mesh switch that is a text',
		'kind: BGPConfiguration\nmetadata: {name: default}\nspec: {nodeToNodeMeshEnabled: off}',
		/must be true or false/,
	],
	["Kubernetes' own Node", 'kind: Node\napiVersion: v1\nmetadata: {name: x}', /holds a Kubernetes Node/],
	[
		'a bomb of aliases',
		'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nkind: Node',
		/not valid YAML|without a name/,
	],
])('%s is refused in one sentence', async (_, content, sentence) => {
	await expect(run({file: [file(content)]})).rejects.toThrow(sentence);
});

test.each([
	['/nowhere/at-all.yaml', 'there is no such file'],
	[folder, 'it is a folder'],
])('%s cannot be read', async (path, reason) => {
	await expect(run({file: [path]})).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(reason)});
});

test('no file at all', async () => {
	await expect(run({})).rejects.toThrow('predict needs files.');
});
