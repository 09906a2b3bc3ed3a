import type {BgpPeerResource, NodeResource} from '../../../src/core/resources.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {createNetwork, type Network} from '../../../src/practice/bgp/network.ts';

/** The five nodes that real Calico was measured with. */
export const nodeNames = ['node-0', 'node-1', 'node-2', 'node-3', 'node-4'] as const;

export const blockOf: Readonly<Record<string, string>> = {
	'node-0': '10.65.0.0/26',
	'node-1': '10.65.0.64/26',
	'node-2': '10.65.0.128/26',
	'node-3': '10.65.0.192/26',
	'node-4': '10.65.1.0/26',
};

const apiVersion = 'projectcalico.org/v3';

/** What the nodes' blocks are from, in both families. */
export const pools: Snapshot['ipPools'] = [
	{apiVersion, kind: 'IPPool', metadata: {name: 'v4'}, spec: {cidr: '10.65.0.0/16'}},
	{apiVersion, kind: 'IPPool', metadata: {name: 'v6'}, spec: {cidr: 'fd00:10:65::/48'}},
];

/** How a node differs from a plain one. */
export type NodeChange = {
	readonly label?: boolean;
	readonly clusterId?: string;
	readonly as?: number;
	readonly ipv6?: boolean;
};

export function peerTo(name: string, nodeSelector: string, peerSelector: string): BgpPeerResource {
	return {apiVersion, kind: 'BGPPeer', metadata: {name}, spec: {nodeSelector, peerSelector}};
}

export const reflectorPeers = [
	peerTo('peer-to-rrs', '!has(calico-route-reflector)', 'has(calico-route-reflector)'),
	peerTo('rrs-to-rrs', 'has(calico-route-reflector)', 'has(calico-route-reflector)'),
];

/** A cluster of the five nodes; `mesh` undefined means that there is no BGPConfiguration. */
export function snapshotOf({
	nodes = {},
	mesh,
	bgpPeers = [],
	password,
}: {
	readonly nodes?: Readonly<Record<string, NodeChange>>;
	readonly mesh?: boolean;
	readonly bgpPeers?: readonly BgpPeerResource[];
	readonly password?: string;
}): Snapshot {
	const spec = {
		...(mesh !== undefined && {nodeToNodeMeshEnabled: mesh}),
		...(password !== undefined && {nodeMeshPassword: {secretKeyRef: {name: password, key: 'pw'}}}),
	};
	return {
		nodes: nodeNames.map((name, index) => toNode(name, index, nodes[name] ?? {})),
		bgpPeers,
		bgpConfigurations:
			Object.keys(spec).length === 0 ? [] : [{apiVersion, kind: 'BGPConfiguration', metadata: {name: 'default'}, spec}],
		ipPools: pools,
	};
}

function toNode(name: string, index: number, {label, clusterId, as, ipv6}: NodeChange): NodeResource {
	return {
		apiVersion,
		kind: 'Node',
		metadata: {name, labels: label ? {'calico-route-reflector': ''} : {}},
		spec: {
			bgp: {
				ipv4Address: `172.31.40.${index + 1}/16`,
				...(ipv6 && {ipv6Address: `fd00:1::${index + 1}/64`}),
				...(clusterId !== undefined && {routeReflectorClusterID: clusterId}),
				...(as !== undefined && {asNumber: as}),
			},
		},
	};
}

/** Nodes of that name as route reflectors, by label and cluster ID in one write. */
export function reflectors(names: readonly string[], clusterId = '224.0.0.1'): Readonly<Record<string, NodeChange>> {
	return Object.fromEntries(names.map(name => [name, {label: true, clusterId}]));
}

/** A network whose clock the test moves. */
export type FiveNodes = Network & {
	now: number;
	/** The protocols of a node, a line each: `Mesh_172_31_40_2 up Established`. */
	rows(node: string, family?: 4 | 6): readonly string[];
	/** Names of the other nodes whose blocks are in the node's kernel. */
	reached(node: string): readonly string[];
};

export const began = Date.UTC(2026, 10, 23, 16, 36, 12);

export function createFiveNodes({
	seed = 1,
	blocks = name => [blockOf[name] ?? ''],
}: {
	readonly seed?: number;
	readonly blocks?: (name: string) => readonly string[];
} = {}): FiveNodes {
	let now = began;
	const clock = {now: () => now, sleep: () => Promise.reject(new Error('nobody sleeps here'))};
	const network = createNetwork({clock, seed, blockOf: blocks, device: 'eth0'});
	return {
		...network,
		get now() {
			return now;
		},
		set now(at: number) {
			now = at;
		},
		rows: (node, family = 4) =>
			(network.protocols(node, family, now) ?? []).map(({peer, state, bgpState, error}) =>
				[peer.protocol, state, bgpState, error].filter(Boolean).join(' '),
			),
		reached: node => {
			const destinations = new Set(
				network.kernelRoutes(node, 4, now).flatMap(route => (route.blackhole ? [] : route.destination)),
			);
			return nodeNames.filter(name => destinations.has(blockOf[name] ?? ''));
		},
	};
}
