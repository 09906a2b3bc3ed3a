import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {peersBetween, peersOf} from '../../../src/core/peering/peers.ts';
import {preparePeering} from '../../../src/core/peering/prepare.ts';
import {countSessions} from '../../../src/core/peering/totals.ts';
import type {BgpConfigurationSpec, BgpPeerSpec, NodeResource} from '../../../src/core/resources.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {arbitraryChoice, arbitraryCluster} from '../../support/arbitrary-cluster.ts';

type NodeInput = {
	name: string;
	v4?: string;
	v6?: string;
	as?: number | string;
	id?: string;
	labels?: Record<string, string>;
};

const apiVersion = 'projectcalico.org/v3';

function node({name, v4, v6, as, id, labels = {}}: NodeInput): NodeResource {
	return {
		apiVersion,
		kind: 'Node',
		metadata: {name, labels},
		spec: {
			bgp: {
				...(v4 ? {ipv4Address: `${v4}/24`} : {}),
				...(v6 ? {ipv6Address: `${v6}/64`} : {}),
				...(as === undefined ? {} : {asNumber: as}),
				...(id ? {routeReflectorClusterID: id} : {}),
			},
		},
	};
}

type Input = {
	nodes: NodeInput[];
	peers?: Record<string, BgpPeerSpec>;
	configurations?: Record<string, BgpConfigurationSpec>;
};

function cluster({nodes, peers = {}, configurations = {}}: Input): Snapshot {
	return {
		nodes: nodes.map(node),
		bgpPeers: Object.entries(peers).map(([name, spec]) => ({apiVersion, kind: 'BGPPeer', metadata: {name}, spec})),
		bgpConfigurations: Object.entries(configurations).map(([name, spec]) => ({
			apiVersion,
			kind: 'BGPConfiguration',
			metadata: {name},
			spec,
		})),
		ipPools: [],
	};
}

function names(input: Input, name: string): string[] {
	return peersOf(preparePeering(cluster(input)), name).map(peer => peer.protocol);
}

const a = {name: 'a', v4: '10.0.0.9'};
const b = {name: 'b', v4: '10.0.0.10'};
const c = {name: 'c', v4: '10.0.0.11'};
const rr = {name: 'r', v4: '10.0.0.1', id: '224.0.0.1', labels: {rr: ''}};
const toReflectors = {nodeSelector: '!has(rr)', peerSelector: 'has(rr)'};

describe('the mesh', () => {
	test('is on where BGPConfiguration default, or its field, is absent', () => {
		expect(names({nodes: [a, b, c]}, 'a')).toEqual(['Mesh_10_0_0_10', 'Mesh_10_0_0_11']);
		expect(names({nodes: [a, b], configurations: {default: {}}}, 'a')).toEqual(['Mesh_10_0_0_10']);
		expect(names({nodes: [a, b], configurations: {default: {nodeToNodeMeshEnabled: false}}}, 'a')).toEqual([]);
	});

	test('leaves out every node with a cluster ID, in both directions and families', () => {
		const dual = [
			{...a, v6: 'fd00::9'},
			{...rr, v6: 'fd00::1'},
			{...c, v6: 'fd00::11'},
		];
		expect(names({nodes: dual}, 'a')).toEqual(['Mesh_10_0_0_11', 'Mesh_fd00__11']);
		expect(names({nodes: dual}, 'r')).toEqual([]);
	});

	test('the greater address as text is waited for: 10.0.0.10 comes before 10.0.0.9', () => {
		const peering = preparePeering(cluster({nodes: [a, b]}));
		expect(peersOf(peering, 'b').map(peer => peer.passive)).toEqual([true]);
		expect(peersOf(peering, 'a').map(peer => peer.passive)).toEqual([false]);
	});

	test('a peer without an AS of its own is taken to have this node’s since v3.32, the cluster’s before', () => {
		const snapshot = cluster({nodes: [{...a, as: 65_001}, b], configurations: {default: {asNumber: 64_600}}});
		expect(peersOf(preparePeering(snapshot), 'a')[0]?.as).toBe('65001');
		expect(peersOf(preparePeering(snapshot, {meshAs: 'global'}), 'a')[0]?.as).toBe('64600');
		expect(peersOf(preparePeering(snapshot), 'b')[0]?.as).toBe('65001');
	});

	test('a listen port shows as the port and never in the name', () => {
		const peers = peersOf(
			preparePeering(
				cluster({nodes: [a, b, c], configurations: {default: {listenPort: 1790}, 'node.b': {listenPort: 1791}}}),
			),
			'a',
		);
		expect(peers.map(peer => [peer.protocol, peer.port])).toEqual([
			['Mesh_10_0_0_10', 1791],
			['Mesh_10_0_0_11', 1790],
		]);
	});

	test('nodes without an address of a family have no session in it', () => {
		expect(names({nodes: [a, {name: 'six', v6: 'fd00::6'}, {name: 'none'}]}, 'a')).toEqual([]);
		expect(names({nodes: [a, b, {name: 'none'}]}, 'none')).toEqual([]);
	});
});

describe('BGPPeers', () => {
	test('one BGPPeer from clients to reflectors gives both ends (reverse pass)', () => {
		const input = {
			nodes: [a, b, rr],
			peers: {p: toReflectors},
			configurations: {default: {nodeToNodeMeshEnabled: false}},
		};
		expect(names(input, 'a')).toEqual(['Node_10_0_0_1']);
		expect(names(input, 'r')).toEqual(['Node_10_0_0_10', 'Node_10_0_0_9']);
	});

	test('reversePeering Manual keeps the other end from getting it', () => {
		const input = {nodes: [a, rr], peers: {p: {...toReflectors, reversePeering: 'Manual' as const}}};
		expect(names(input, 'a')).toEqual(['Node_10_0_0_1']);
		expect(names(input, 'r')).toEqual([]);
	});

	test('a label without cluster ID gives a second session beside the mesh, for the same pair', () => {
		const input = {nodes: [a, b, {...rr, id: ''}], peers: {p: toReflectors}};
		expect(names(input, 'a')).toEqual(['Mesh_10_0_0_1', 'Mesh_10_0_0_10', 'Node_10_0_0_1']);
	});

	test('a cluster ID without BGPPeer leaves the node alone', () => {
		expect(names({nodes: [a, b, {...rr, labels: {}}], peers: {p: toReflectors}}, 'r')).toEqual([]);
	});

	test('clients are rr clients, reflectors with the same cluster ID are not, with another one are', () => {
		const reflectors = (id: string) =>
			cluster({
				nodes: [a, rr, {...rr, name: 's', v4: '10.0.0.2', id}],
				peers: {p: {nodeSelector: 'all()', peerSelector: 'has(rr)'}},
			});
		const flags = (snapshot: Snapshot) =>
			Object.fromEntries(
				peersOf(preparePeering(snapshot), 'r').map(peer => [peer.protocol, [peer.reflectorClient, peer.clusterId]]),
			);
		expect(flags(reflectors('224.0.0.1'))).toEqual({Node_10_0_0_2: [false, null], Node_10_0_0_9: [true, '224.0.0.1']});
		expect(flags(reflectors('224.0.0.2'))).toEqual({
			Node_10_0_0_2: [true, '224.0.0.1'],
			Node_10_0_0_9: [true, '224.0.0.1'],
		});
	});

	test('an eBGP peer is no rr client', () => {
		const peers = peersOf(preparePeering(cluster({nodes: [{...a, as: 65_001}, rr], peers: {p: toReflectors}})), 'r');
		expect(peers.map(peer => [peer.as, peer.reflectorClient])).toEqual([['65001', false]]);
	});

	test('a global entry for the same address and port wins over a node-scoped one', () => {
		const peers = {g: {peerIP: '192.0.2.1', asNumber: 65_000}, n: {node: 'a', peerIP: '192.0.2.1', asNumber: 65_009}};
		expect(names({nodes: [a, b], peers}, 'a')).toEqual(['Global_192_0_2_1', 'Mesh_10_0_0_10']);
	});

	test('two ports of one address are two sessions, named by the port', () => {
		const peers = {g: {peerIP: '192.0.2.1'}, h: {peerIP: '192.0.2.1:1790'}, i: {peerIP: '[fd00::5]:1790'}};
		expect(names({nodes: [{...a, v6: 'fd00::9'}], peers}, 'a')).toEqual([
			'Global_192_0_2_1',
			'Global_192_0_2_1_port_1790',
			'Global_fd00__5_port_1790',
		]);
	});

	test('a peerIP that a node owns gives that node the other end, if AS and port agree', () => {
		const other = (spec: BgpPeerSpec) =>
			names(
				{
					nodes: [a, b],
					peers: {p: {node: 'a', peerIP: '10.0.0.10', ...spec}},
					configurations: {default: {nodeToNodeMeshEnabled: false}},
				},
				'b',
			);
		expect(other({})).toEqual(['Node_10_0_0_9']);
		expect(other({asNumber: 0})).toEqual(['Node_10_0_0_9']);
		expect(other({asNumber: 65_000})).toEqual([]);
		expect(other({peerIP: '10.0.0.10:1790'})).toEqual([]);
	});

	test('global peers that are nodes wait by the same rule as the mesh; node specific ones never wait', () => {
		const off = {default: {nodeToNodeMeshEnabled: false}};
		const passive = (spec: BgpPeerSpec) =>
			peersOf(preparePeering(cluster({nodes: [a, b], peers: {p: spec}, configurations: off})), 'b').map(peer => [
				peer.protocol,
				peer.passive,
			]);
		expect(passive({peerSelector: 'all()'})).toEqual([['Global_10_0_0_9', true]]);
		expect(passive({nodeSelector: 'all()', peerSelector: 'all()'})).toEqual([['Node_10_0_0_9', false]]);
	});

	test('an unparsable selector matches nothing, and is named', () => {
		const peering = preparePeering(
			cluster({nodes: [a, b], peers: {p: {nodeSelector: 'has((', peerSelector: 'all()'}}}),
		);
		expect(peersOf(peering, 'a').map(peer => peer.protocol)).toEqual(['Mesh_10_0_0_10']);
		expect(peering.badSelectors.map(bad => [bad.bgpPeer, bad.field, bad.error.column])).toEqual([
			['p', 'nodeSelector', 5],
		]);
	});

	test('dotted AS numbers are rendered in decimal', () => {
		expect(peersOf(preparePeering(cluster({nodes: [a, {...b, as: '1.10'}]})), 'a')[0]?.as).toBe('65546');
	});
});

describe('on any cluster', () => {
	test('sessions between nodes have two ends, since no BGPPeer here is Manual', () => {
		fc.assert(
			fc.property(arbitraryChoice, ({snapshot}) => {
				const peering = preparePeering(snapshot);
				for (const from of peering.nodes) {
					for (const to of peering.nodes) {
						// A rule that names an address with its AS gives the other end only where the AS agrees.
						if (snapshot.bgpPeers.some(({spec}) => spec.peerIP === '10.1.0.2')) continue;
						expect(peersBetween(peering, from.name, to.name).map(peer => peer.kind)).toEqual(
							peersBetween(peering, to.name, from.name).map(peer => peer.kind),
						);
					}
				}
			}),
		);
	});

	test('a mesh session has exactly one end that waits', () => {
		fc.assert(
			fc.property(arbitraryCluster, snapshot => {
				const peering = preparePeering(snapshot);
				for (const from of peering.nodes) {
					for (const to of peering.nodes) {
						const [there] = peersBetween(peering, from.name, to.name).filter(peer => peer.kind === 'mesh');
						const [back] = peersBetween(peering, to.name, from.name).filter(peer => peer.kind === 'mesh');
						if (there || back) expect(there?.passive).toBe(!back?.passive);
					}
				}
			}),
		);
	});

	test('counting without listing agrees with listing', () => {
		fc.assert(
			fc.property(arbitraryCluster, snapshot => {
				const peering = preparePeering(snapshot);
				const totals = countSessions(peering);
				for (const {name} of peering.nodes) expect(totals.endsOf.get(name)).toBe(peersOf(peering, name).length);
				let sessions = 0;
				for (const [index, from] of peering.nodes.entries()) {
					for (const to of peering.nodes.slice(index + 1)) {
						for (const family of [4, 6]) {
							const ends = [peersBetween(peering, from.name, to.name), peersBetween(peering, to.name, from.name)];
							sessions += Math.max(...ends.map(list => list.filter(peer => peer.family === family).length));
						}
					}
				}
				expect(totals.sessions).toBe(sessions);
			}),
		);
	});
});
