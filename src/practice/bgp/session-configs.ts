import {type End, endsBetween} from '../../core/peering/between.ts';
import {externalEnds, peersBetween, peersOf} from '../../core/peering/peers.ts';
import type {Peering, PeeringNode} from '../../core/peering/prepare.ts';
import type {Family, Peer} from '../../core/session.ts';
import type {SessionConfig} from './protocol.ts';

/** The other end of a session: a node by its name, or a router outside the cluster by its address. */
export type Partner = {readonly name: string} | {readonly address: string};

/** What BIRD on `from` is told of its sessions with a partner, sorted by protocol name. */
export function sessionConfigs(peering: Peering, from: string, to: Partner, family: Family): readonly SessionConfig[] {
	const node = peering.byName.get(from);
	if (!node) return none;
	const found = 'name' in to ? withNode(peering, node, to.name, family) : withRouter(peering, node, to.address, family);
	return found.length < 2
		? found
		: [...found].sort((left, right) => (left.peer.protocol < right.peer.protocol ? -1 : 1));
}

const none: readonly SessionConfig[] = [];

function withNode(peering: Peering, from: PeeringNode, name: string, family: Family): readonly SessionConfig[] {
	const to = peering.byName.get(name);
	if (!to) return none;
	const ends = endsBetween(peering, from, to, family);
	if (ends.length === 0) return none;
	const peers = peersBetween(peering, from.name, name).filter(peer => peer.family === family);
	return ends.flatMap((end, index) => {
		const peer = peers[index];
		return peer ? toConfig(peer, end) : [];
	});
}

function withRouter(peering: Peering, from: PeeringNode, address: string, family: Family): readonly SessionConfig[] {
	const ends = externalEnds(peering, from, family).filter(external => external.address === address);
	if (ends.length === 0) return none;
	const peers = peersOf(peering, from.name).filter(peer => peer.family === family && peer.address === address);
	return ends.flatMap(({end}) => {
		const peer = peers.find(each => each.port === end.port && each.kind === end.kind);
		return peer ? toConfig(peer, end) : [];
	});
}

function toConfig(peer: Peer, {localAs, password}: End): SessionConfig {
	return {peer, localAs, password: password ? `${password.secretKeyRef.name}/${password.secretKeyRef.key}` : ''};
}

/**
 * The other end of a session with a router outside the cluster. Every router that a BGPPeer names is there and is
 * configured to match; it waits to be dialled.
 */
export function routerConfigs(configs: readonly SessionConfig[], family: Family): readonly SessionConfig[] {
	return configs.map(({peer, localAs, password}) => ({
		peer: {
			protocol: peer.protocol,
			family,
			kind: 'node',
			address: '',
			port: null,
			as: localAs,
			passive: true,
			reflectorClient: false,
			clusterId: null,
		},
		localAs: peer.as,
		password,
	}));
}

/** Whether BIRD sees no difference, and leaves the session alone. */
export function sameConfig(left: SessionConfig, right: SessionConfig): boolean {
	const [a, b] = [left.peer, right.peer];
	return (
		left.localAs === right.localAs &&
		left.password === right.password &&
		a.protocol === b.protocol &&
		a.as === b.as &&
		a.passive === b.passive &&
		a.reflectorClient === b.reflectorClient &&
		a.clusterId === b.clusterId
	);
}

/** Whether two lists tell BIRD the same. */
export function sameConfigs(left: readonly SessionConfig[], right: readonly SessionConfig[]): boolean {
	return (
		left.length === right.length &&
		left.every((config, index) => {
			const other = right[index];
			return other !== undefined && sameConfig(config, other);
		})
	);
}

/** Whether two ends agree so far that their session comes up. */
export function canMeet(left: SessionConfig | undefined, right: SessionConfig | undefined): boolean {
	if (!left || !right) return false;
	const sameSecret = left.password === right.password;
	const sameAs = left.peer.as === right.localAs && right.peer.as === left.localAs;
	return sameSecret && sameAs && !(left.peer.passive && right.peer.passive);
}
