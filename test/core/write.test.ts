import {describe, expect, test} from 'vitest';
import type {BgpConfigurationResource, NodeResource} from '../../src/core/resources.ts';
import {fieldChanges, patchBody, withChanges} from '../../src/core/write.ts';

const apiVersion = 'projectcalico.org/v3';
const bare: NodeResource = {apiVersion, kind: 'Node', metadata: {name: 'n'}, spec: {bgp: {ipv4Address: '10.0.0.1/24'}}};
const marked: NodeResource = {
	...bare,
	metadata: {name: 'n', labels: {rr: ''}},
	spec: {bgp: {ipv4Address: '10.0.0.1/24', routeReflectorClusterID: '224.0.0.1'}},
};
const guarded: BgpConfigurationResource = {
	apiVersion,
	kind: 'BGPConfiguration',
	metadata: {name: 'default'},
	spec: {nodeMeshPassword: {secretKeyRef: {name: 'bgp', key: 'pw'}}, communities: [{name: 'a', value: '1:2'}]},
};

describe('the patch of a write', () => {
	test('sets and clears a reflector’s two marks and nothing else', () => {
		expect(patchBody(fieldChanges(bare, marked))).toEqual({
			metadata: {labels: {rr: ''}},
			spec: {bgp: {routeReflectorClusterID: '224.0.0.1'}},
		});
		expect(patchBody(fieldChanges(marked, bare))).toEqual({
			metadata: {labels: {rr: null}},
			spec: {bgp: {routeReflectorClusterID: null}},
		});
	});

	test('takes a password away as a whole: what is left of it would still be a password to Calico', () => {
		const {nodeMeshPassword: _, ...spec} = guarded.spec;
		const off = {...guarded, spec: {...spec, nodeToNodeMeshEnabled: false}};
		expect(patchBody(fieldChanges(guarded, off))).toEqual({
			spec: {nodeMeshPassword: null, nodeToNodeMeshEnabled: false},
		});
		expect(patchBody(fieldChanges(off, guarded))).toEqual({
			spec: {nodeMeshPassword: guarded.spec.nodeMeshPassword, nodeToNodeMeshEnabled: null},
		});
	});

	test('replaces a list as a whole', () => {
		const other = {...guarded, spec: {...guarded.spec, communities: [{name: 'b', value: '1:3'}]}};
		expect(patchBody(fieldChanges(guarded, other))).toEqual({spec: {communities: [{name: 'b', value: '1:3'}]}});
	});
});

test('changes made one after the other lead from one resource to the other, keys in their place', () => {
	expect(JSON.stringify(withChanges(marked, fieldChanges(marked, bare)))).toBe(JSON.stringify(bare));
	expect(withChanges(bare, fieldChanges(bare, marked))).toEqual(marked);
});
