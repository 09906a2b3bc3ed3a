import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {getAllCommand, getCommand, writeCommand} from '../../../src/cluster/calicoctl/commands.ts';
import type {BgpConfigurationResource, BgpPeerResource, NodeResource} from '../../../src/core/resources.ts';
import {inverse, type Write} from '../../../src/core/write.ts';

const apiVersion = 'projectcalico.org/v3';
const plain = {binary: 'calicoctl', allowVersionMismatch: false};
const node: NodeResource = {
	apiVersion,
	kind: 'Node',
	metadata: {name: 'node-0', uid: 'u', resourceVersion: '7', labels: {other: 'kept'}},
	spec: {bgp: {ipv4Address: '172.31.40.1/16'}},
};
const reflector: NodeResource = {
	...node,
	metadata: {...node.metadata, resourceVersion: '8', labels: {other: 'kept', 'calico-route-reflector': ''}},
	spec: {bgp: {ipv4Address: '172.31.40.1/16', routeReflectorClusterID: '224.0.0.1'}},
};
const peer: BgpPeerResource = {
	apiVersion,
	kind: 'BGPPeer',
	metadata: {name: 'peer-to-rrs', uid: 'u', resourceVersion: '21', creationTimestamp: '2026-11-23T16:35:43Z'},
	spec: {nodeSelector: '!has(calico-route-reflector)', peerSelector: 'has(calico-route-reflector)'},
};

describe('writeCommand', () => {
	it('patches label and cluster ID of a node together, and nothing else', () => {
		const write: Write = {verb: 'patch', kind: 'Node', name: 'node-0', before: node, after: reflector};
		const body =
			'{"metadata":{"labels":{"calico-route-reflector":""}},"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}';
		expect(writeCommand(plain, write)).toEqual({file: 'calicoctl', args: ['patch', 'node', 'node-0', '-p', body]});
		expect(writeCommand(plain, inverse(write)).args[4]).toBe(
			'{"metadata":{"labels":{"calico-route-reflector":null}},"spec":{"bgp":{"routeReflectorClusterID":null}}}',
		);
	});

	it('nulls what the mesh-off patch must null', () => {
		const before: BgpConfigurationResource = {
			apiVersion,
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			spec: {asNumber: 64512, nodeMeshMaxRestartTime: '30s'},
		};
		const after = {...before, spec: {asNumber: 64512, nodeToNodeMeshEnabled: false}};
		expect(writeCommand(plain, {verb: 'patch', kind: 'BGPConfiguration', name: 'default', before, after}).args).toEqual(
			['patch', 'bgpconfig', 'default', '-p', '{"spec":{"nodeMeshMaxRestartTime":null,"nodeToNodeMeshEnabled":false}}'],
		);
	});

	it("creates from YAML, without what is the datastore's to set", () => {
		const command = writeCommand(plain, {verb: 'create', kind: 'BGPPeer', name: 'peer-to-rrs', after: peer});
		expect(command).toEqual({
			file: 'calicoctl',
			args: ['create', '-f', '-'],
			input: `apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: peer-to-rrs
spec:
  nodeSelector: "!has(calico-route-reflector)"
  peerSelector: has(calico-route-reflector)
`,
		});
	});

	it('writes YAML that Go reads back as it was meant', () => {
		const labels = {
			yes: 'yes',
			on: 'off',
			a: '1_000',
			b: '12:30:45',
			c: '2026-01-01',
			d: '0o7',
			e: 'null',
			f: '~',
			g: '1.10',
		};
		const long = `${'has(a-long-label) && '.repeat(20)}all()`;
		const after = {...peer, metadata: {name: 'x', labels, annotations: labels}, spec: {nodeSelector: long}};
		const {input = ''} = writeCommand(plain, {verb: 'create', kind: 'BGPPeer', name: 'x', after});
		expect(parse(input, {version: '1.1'})).toEqual(after);
		expect(parse(input)).toEqual(after);
		expect(input).toContain(`nodeSelector: ${long}\n`);
		expect(input).not.toMatch(/[&*]a1/);
	});

	it('deletes by kind and name', () => {
		expect(writeCommand(plain, {verb: 'delete', kind: 'BGPPeer', name: 'peer-to-rrs', before: peer}).args).toEqual([
			'delete',
			'bgppeer',
			'peer-to-rrs',
		]);
	});
});

describe('options', () => {
	it('stand behind the question, each only where it was given', () => {
		const all = {binary: '/opt/calicoctl', configFile: '/etc/c.cfg', context: 'lab', allowVersionMismatch: true};
		expect(getAllCommand(all, 'Node')).toEqual({
			file: '/opt/calicoctl',
			args: ['get', 'nodes', '-o', 'json', '--config=/etc/c.cfg', '--context=lab', '--allow-version-mismatch'],
		});
		expect(getCommand(plain, 'BGPConfiguration', 'default').args).toEqual([
			'get',
			'bgpconfig',
			'default',
			'-o',
			'json',
		]);
		expect(writeCommand(all, {verb: 'delete', kind: 'BGPPeer', name: 'a', before: peer}).args.slice(3)).toEqual([
			'--config=/etc/c.cfg',
			'--context=lab',
			'--allow-version-mismatch',
		]);
	});
});
