import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {AnswerError} from '../../../src/cluster/calicoctl/answers.ts';
import {nodePatchBody, UnwritableFieldError} from '../../../src/cluster/kubectl/node-patch.ts';
import {toCalicoNode} from '../../../src/cluster/kubectl/node-view.ts';
import {isObject, type Json, type JsonObject} from '../../../src/core/json.ts';
import type {NodeResource} from '../../../src/core/resources.ts';
import {withChanges} from '../../../src/core/write.ts';
import {row} from '../transcripts.ts';
import {itemsOf} from './table-exec.ts';

const label = 'calico-route-reflector';
const clusterId = ['spec', 'bgp', 'routeReflectorClusterID'];

/** RFC 7386, as the API server merges. */
function mergePatch(target: Json | undefined, patch: JsonObject): JsonObject {
	const merged: Record<string, Json | undefined> = isObject(target) ? {...target} : {};
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) delete merged[key];
		else merged[key] = isObject(value) ? mergePatch(merged[key], value) : value;
	}
	return merged;
}

/** What no two runs have in common. */
function masked({metadata, ...rest}: NodeResource) {
	return {...rest, metadata: {...metadata, uid: 'U', resourceVersion: 'N', creationTimestamp: 'T'}};
}

describe('toCalicoNode', () => {
	it('gives what calicoctl shows of the same nodes', () => {
		const kubernetes = itemsOf(row('kdd-v3.32.1/kubectl', 3).stdout) as unknown as readonly JsonObject[];
		const calico = itemsOf(row('kdd-v3.32.1/calicoctl-on-kdd', 1).stdout) as unknown as readonly NodeResource[];
		expect(kubernetes).toHaveLength(5);
		expect(kubernetes.map(node => masked(toCalicoNode(node, 'x')))).toEqual(calico.map(masked));
	});

	it("understands a cluster ID and Calico's own labels, which calicoctl wrote", () => {
		const view = toCalicoNode(JSON.parse(row('kdd-v3.32.1/calicoctl-on-kdd', 3).stdout), 'x');
		expect(view.metadata.labels).toMatchObject({[label]: '', 'kubernetes.io/hostname': 'node-0'});
		expect(view.spec.bgp).toEqual({ipv4Address: '172.31.40.1/16', routeReflectorClusterID: '224.0.0.1'});
		expect(view.metadata.annotations?.['projectcalico.org/kube-labels']).not.toContain(label);
	});

	const node = (metadata: JsonObject, rest: JsonObject = {}): JsonObject => ({
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {name: 'a', ...metadata},
		...rest,
	});

	it('lets a Kubernetes label win over one of Calico', () => {
		const view = toCalicoNode(
			node({labels: {rack: 'k'}, annotations: {'projectcalico.org/labels': '{"rack":"c","own":"c"}'}}),
			'x',
		);
		expect(view.metadata.labels).toEqual({rack: 'k', own: 'c'});
	});

	it.each([
		['projectcalico.org/RouteReflectorClusterID', 'not-an-ip'],
		['projectcalico.org/RouteReflectorClusterID', 'fd00::1'],
		['projectcalico.org/IPv4Address', '10.0.0.300/8'],
		['projectcalico.org/IPv6Address', '10.0.0.1/8'],
		['projectcalico.org/ASNumber', '4294967296'],
		['projectcalico.org/ASNumber', '1.65536'],
		['projectcalico.org/ASNumber', 'x'],
	])('ignores %s = %s, as Calico does', (annotation, text) => {
		expect(toCalicoNode(node({annotations: {[annotation]: text}}), 'x').spec).not.toHaveProperty('bgp');
	});

	it('reads every annotation that Calico reads', () => {
		const view = toCalicoNode(
			node(
				{
					annotations: {
						'projectcalico.org/ASNumber': '1.10',
						'projectcalico.org/IPv4Address': '10.0.0.1/8',
						'projectcalico.org/IPv6Address': 'fd00::1/64',
						'projectcalico.org/IPv4IPIPTunnelAddr': '10.65.0.1',
						'projectcalico.org/VXLANTunnelMACAddr': '66:aa:bb:cc:dd:ee',
						'projectcalico.org/WireguardPublicKey': 'k=',
						'projectcalico.org/annotations': '{"mine":"yes"}',
						'projectcalico.org/labels': 'no JSON',
						'kubernetes.io/other': 'x',
					},
				},
				{spec: {podCIDRs: ['10.244.0.0/24']}, status: {addresses: [{type: 'Hostname', address: 'a'}]}},
			),
			'x',
		);
		expect(view).toEqual({
			apiVersion: 'projectcalico.org/v3',
			kind: 'Node',
			metadata: {
				name: 'a',
				annotations: {
					mine: 'yes',
					'projectcalico.org/kube-labels': 'null',
					'projectcalico.org/labels': 'no JSON',
				},
			},
			spec: {
				bgp: {asNumber: 65_546, ipv4Address: '10.0.0.1/8', ipv6Address: 'fd00::1/64', ipv4IPIPTunnelAddr: '10.65.0.1'},
				vxlanTunnelMACAddr: '66:aa:bb:cc:dd:ee',
				orchRefs: [{nodeName: 'a', orchestrator: 'k8s'}],
				addresses: [
					{address: '10.0.0.1/8', type: 'CalicoNodeIP'},
					{address: 'fd00::1/64', type: 'CalicoNodeIP'},
				],
			},
			status: {podCIDRs: ['10.244.0.0/24'], wireguardPublicKey: 'k='},
		});
	});

	it.each([{labels: {a: 1}}, {annotations: []}, {name: '-o'}, {name: undefined}])('refuses %j', metadata => {
		expect(() => toCalicoNode(node(metadata as unknown as JsonObject), 'x')).toThrow(AnswerError);
	});
});

const texts = (keys: readonly string[]) =>
	fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('', 'a', 'b'), {maxKeys: 3});
const arbitraryNode: fc.Arbitrary<JsonObject> = fc
	.record({
		labels: fc.option(texts(['rack', 'zone', label]), {nil: undefined}),
		own: fc.option(texts(['rack', 'own', label]), {nil: undefined}),
		other: texts(['kubernetes.io/a', 'note']),
		address: fc.option(fc.constantFrom('10.0.0.1/8', 'fd00::1/64'), {nil: undefined}),
		clusterId: fc.option(fc.constantFrom('224.0.0.1', '10.0.0.9', 'broken'), {nil: undefined}),
	})
	.map(({labels, own, other, address, clusterId: id}) => ({
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {
			name: 'node-0',
			resourceVersion: '7',
			...(labels && {labels}),
			annotations: {
				...other,
				...(own && {'projectcalico.org/labels': JSON.stringify(own)}),
				...(address && {
					[address.includes(':') ? 'projectcalico.org/IPv6Address' : 'projectcalico.org/IPv4Address']: address,
				}),
				...(id && {'projectcalico.org/RouteReflectorClusterID': id}),
			},
		},
		spec: {taints: [{key: 'x', effect: 'NoSchedule'}]},
		status: {addresses: [{type: 'InternalIP', address: '10.0.0.1'}]},
	}));

/** What core compares of a node: the rest of the view follows from these. */
function essence({metadata, spec}: NodeResource) {
	return {labels: metadata.labels ?? {}, bgp: spec.bgp ?? {}};
}

describe('nodePatchBody', () => {
	it('is the one write that the transcripts have', () => {
		const before = toCalicoNode(JSON.parse(row('kdd-v3.32.1/calicoctl-on-kdd', 5).stdout), 'x');
		const after = withChanges(before, [
			{path: ['metadata', 'labels', label], before: undefined, after: ''},
			{path: clusterId, before: undefined, after: '224.0.0.1'},
		]);
		const forth = row('kdd-v3.32.1/kubectl', 17).argv.at(-1) ?? '';
		const back = row('kdd-v3.32.1/kubectl', 35).argv.at(-1) ?? '';
		expect(nodePatchBody(before, after)).toEqual(JSON.parse(forth));
		expect(nodePatchBody(after, before)).toEqual(JSON.parse(back));
	});

	it('makes and unmakes a reflector of any node, and touches nothing else', () => {
		fc.assert(
			fc.property(arbitraryNode, fc.constantFrom('224.0.0.1', '10.0.0.7'), (kubernetes, id) => {
				const before = toCalicoNode(kubernetes, 'x');
				const after = withChanges(before, [
					{path: ['metadata', 'labels', label], before: undefined, after: ''},
					{path: clusterId, before: undefined, after: id},
				]);
				const patched = mergePatch(kubernetes, nodePatchBody(before, after));
				const view = toCalicoNode(patched, 'x');
				expect(essence(view)).toEqual(essence(after));
				expect({...patched, metadata: undefined}).toEqual({...kubernetes, metadata: undefined});

				const restored = mergePatch(patched, nodePatchBody(after, before));
				expect(essence(toCalicoNode(restored, 'x'))).toEqual(essence(before));
			}),
		);
	});

	it("takes away a label wherever it lies, Calico's other labels kept", () => {
		fc.assert(
			fc.property(arbitraryNode, kubernetes => {
				const before = toCalicoNode(kubernetes, 'x');
				const after = withChanges(before, [
					{path: ['metadata', 'labels', label], before: undefined, after: undefined},
					{path: clusterId, before: undefined, after: undefined},
				]);
				const patched = mergePatch(kubernetes, nodePatchBody(before, after));
				expect(essence(toCalicoNode(patched, 'x'))).toEqual(essence(after));
			}),
		);
	});

	it('refuses a field for which a Kubernetes Node has no place', () => {
		const before = toCalicoNode({apiVersion: 'v1', kind: 'Node', metadata: {name: 'a'}}, 'x');
		const after = withChanges(before, [{path: ['spec', 'orchRefs'], before: undefined, after: []}]);
		expect(() => nodePatchBody(before, after)).toThrow(UnwritableFieldError);
	});
});
