import type {Family, Peer, PeerKind} from '../session.ts';
import {familyOf, protocolAddress} from './addresses.ts';
import {type End, endsBetween, ownAs} from './between.ts';
import type {Peering, PeeringNode} from './prepare.ts';

const prefixes: Readonly<Record<PeerKind, string>> = {mesh: 'Mesh', node: 'Node', global: 'Global'};

/** BIRD's name for a session: a port is part of it, but never in the mesh (bgp_processor.go). */
export function protocolName(kind: PeerKind, address: string, port: number | null): string {
	const suffix = kind === 'mesh' || port === null ? '' : `_port_${port}`;
	return `${prefixes[kind]}_${protocolAddress(address)}${suffix}`;
}

/**
 * The BGP sessions that Calico configures on a node, IPv4 first, sorted by BIRD's protocol name within a family.
 * Empty for a node that is not in the snapshot or has no BGP address. Costs one look at every other node.
 */
export function peersOf(peering: Peering, name: string): readonly Peer[] {
	const node = peering.byName.get(name);
	if (!node) return [];
	return ([4, 6] as const).flatMap(family => familyPeers(peering, node, family));
}

/** The sessions that `name` has towards one other node, of both families. */
export function peersBetween(peering: Peering, name: string, other: string): readonly Peer[] {
	const from = peering.byName.get(name);
	const to = peering.byName.get(other);
	if (!from || !to) return [];
	return ([4, 6] as const).flatMap(family =>
		endsBetween(peering, from, to, family).map(end => render(from, to.address[family], family, end)),
	);
}

function familyPeers(peering: Peering, node: PeeringNode, family: Family): readonly Peer[] {
	if (node.address[family] === '') return [];
	const peers = new Map<string, Peer>();
	const add = (peer: Peer) => {
		// Two nodes that claim one address give one session: confd keys its peers by address and port.
		if (!peers.has(peer.protocol)) peers.set(peer.protocol, peer);
	};
	for (const other of peering.nodes) {
		for (const end of endsBetween(peering, node, other, family)) add(render(node, other.address[family], family, end));
	}
	for (const {address, end} of externalEnds(peering, node, family)) add(render(node, address, family, end));
	return [...peers.values()].sort((left, right) => (left.protocol < right.protocol ? -1 : 1));
}

/** Session ends towards addresses that no node of the cluster has: top-of-rack switches, other routers. */
export function externalEnds(
	peering: Peering,
	node: PeeringNode,
	family: Family,
): ReadonlyArray<{readonly address: string; readonly end: End}> {
	const ends = new Map<string, {address: string; end: End}>();
	const rules = [...peering.rules.filter(rule => rule.global), ...peering.rules.filter(rule => !rule.global)];
	for (const rule of rules) {
		if (!rule.peerIp || !rule.local[node.index] || familyOf(rule.peerIp.address) !== family) continue;
		const {address, port} = rule.peerIp;
		const key = `${address} ${port}`;
		if (ends.has(key) || peering.byAddress.has(address)) continue;
		const end: End = {
			kind: rule.global ? 'global' : 'node',
			port,
			as: rule.as ?? peering.globalAs,
			localAs: rule.localAs ?? ownAs(peering, node),
			remoteClusterId: '',
			passive: false,
			password: rule.password,
		};
		ends.set(key, {address, end});
	}
	return [...ends.values()];
}

function render(node: PeeringNode, address: string, family: Family, end: End): Peer {
	// buildPeerFromData: a reflector's iBGP peers are its clients unless they carry the same cluster ID.
	const reflectorClient =
		end.kind !== 'mesh' && node.clusterId !== '' && end.as === end.localAs && end.remoteClusterId !== node.clusterId;
	return {
		protocol: protocolName(end.kind, address, end.port),
		family,
		kind: end.kind,
		address,
		port: end.port,
		as: end.as,
		passive: end.passive,
		reflectorClient,
		clusterId: reflectorClient ? node.clusterId : null,
	};
}
