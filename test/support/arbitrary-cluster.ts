import fc from 'fast-check';
import type {
	BgpConfigurationResource,
	BgpConfigurationSpec,
	BgpPeerResource,
	NodeResource,
} from '../../src/core/resources.ts';
import type {Snapshot} from '../../src/core/snapshot.ts';

const apiVersion = 'projectcalico.org/v3';

function arbitraryNode(index: number): fc.Arbitrary<NodeResource> {
	return fc
		.record({
			family: fc.constantFrom('4', '6', '46'),
			as: fc.option(fc.constantFrom<number | string>(64_512, 64_513, '1.10'), {nil: undefined, freq: 4}),
			labels: fc.dictionary(fc.constantFrom('zone', 'rack', 'team'), fc.constantFrom('a', 'b', ''), {maxKeys: 2}),
			annotations: fc.dictionary(fc.constantFrom('note', 'owner'), fc.string({maxLength: 5}), {maxKeys: 1}),
		})
		.map(({family, as, labels, annotations}) => ({
			apiVersion,
			kind: 'Node',
			metadata: {
				name: `node-${index}`,
				...(Object.keys(labels).length > 0 ? {labels} : {}),
				...(Object.keys(annotations).length > 0 ? {annotations} : {}),
				resourceVersion: String(index + 5),
			},
			spec: {
				bgp: {
					...(as === undefined ? {} : {asNumber: as}),
					...(family.includes('4') ? {ipv4Address: `10.1.${index >> 8}.${(index & 255) + 1}/16`} : {}),
					...(family.includes('6') ? {ipv6Address: `fd00::${(index + 1).toString(16)}/64`} : {}),
				},
				orchRefs: [{nodeName: `k8s-${index}`, orchestrator: 'k8s'}],
			},
			status: {},
		}));
}

const arbitraryConfiguration: fc.Arbitrary<readonly BgpConfigurationResource[]> = fc.oneof(
	fc.constant<readonly BgpConfigurationResource[]>([]),
	fc
		.record(
			{
				nodeToNodeMeshEnabled: fc.constant(true),
				asNumber: fc.constantFrom<number | string>(64_512, 65_000, '2.3'),
				listenPort: fc.constantFrom(179, 1790),
				logSeverityScreen: fc.constant('Info'),
				nodeMeshPassword: fc.constant({secretKeyRef: {name: 'bgp', key: 'pw'}}),
				nodeMeshMaxRestartTime: fc.constant('30s'),
				serviceClusterIPs: fc.constant([{cidr: '10.96.0.0/12'}]),
			},
			{requiredKeys: []},
		)
		.map((spec): readonly BgpConfigurationResource[] => [
			{apiVersion, kind: 'BGPConfiguration', metadata: {name: 'default'}, spec: spec as BgpConfigurationSpec},
		]),
);

const arbitraryBgpPeers: fc.Arbitrary<readonly BgpPeerResource[]> = fc.subarray<BgpPeerResource>([
	{apiVersion, kind: 'BGPPeer', metadata: {name: 'tor'}, spec: {peerIP: '192.0.2.1', asNumber: 64_999}},
	{
		apiVersion,
		kind: 'BGPPeer',
		metadata: {name: 'rack-a'},
		spec: {nodeSelector: "rack == 'a'", peerIP: '192.0.2.7:1790', asNumber: 64_998},
	},
	{
		apiVersion,
		kind: 'BGPPeer',
		metadata: {name: 'team'},
		spec: {nodeSelector: 'has(team)', peerSelector: "zone in {'a'}"},
	},
	{apiVersion, kind: 'BGPPeer', metadata: {name: 'a-node'}, spec: {node: 'node-0', peerIP: '10.1.0.2'}},
	{apiVersion, kind: 'BGPPeer', metadata: {name: 'broken'}, spec: {nodeSelector: 'has((', peerSelector: 'all()'}},
]);

/** Clusters with a mesh: sizes, address families, AS numbers, existing BGPPeers and configurations of every kind. */
export const arbitraryCluster: fc.Arbitrary<Snapshot> = fc.integer({min: 2, max: 9}).chain(size =>
	fc.record({
		nodes: fc.tuple(...Array.from({length: size}, (_, index) => arbitraryNode(index))),
		bgpPeers: arbitraryBgpPeers,
		bgpConfigurations: arbitraryConfiguration,
		ipPools: fc.constant([]),
	}),
);

/** A cluster with some of its nodes chosen as reflectors. */
export const arbitraryChoice = arbitraryCluster.chain(snapshot =>
	fc.record({
		snapshot: fc.constant(snapshot),
		reflectors: fc.subarray(
			snapshot.nodes.map(node => node.metadata.name),
			{minLength: 1, maxLength: Math.min(3, snapshot.nodes.length)},
		),
		order: fc.constantFrom('safe' as const, 'tutorial' as const),
		clusterId: fc.constant({mode: 'shared' as const, id: '224.0.0.1'}),
		label: fc.constant('calico-route-reflector'),
	}),
);
