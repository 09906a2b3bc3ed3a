import type {SecretReference} from '../resources.ts';
import type {Family, PeerKind} from '../session.ts';
import type {Peering, PeeringNode, PeeringRule} from './prepare.ts';

/** One session end that one node has towards another, before it is rendered for BIRD. */
export type End = {
	readonly kind: PeerKind;
	readonly port: number | null;
	readonly as: string;
	readonly localAs: string;
	/** The other end's cluster ID as confd knows it: only a peer found by a selector has one. */
	readonly remoteClusterId: string;
	readonly passive: boolean;
	readonly password: SecretReference | null;
};

/** AS number that the node speaks as. */
export function ownAs(peering: Peering, node: PeeringNode): string {
	return node.as ?? peering.globalAs;
}

/** Port that BIRD on that node listens on, null for BGP's own 179. */
export function listenPort(peering: Peering, node: PeeringNode): number | null {
	return node.listenPort ?? peering.globalPort;
}

/**
 * The session ends that `from` has towards `to` in one family: confd's processMeshPeers and updatePeersV1 for one pair.
 * Usually none or one; a mesh and an explicit end for the same pair are both rendered (calico.md §4.5), and so are
 * explicit ends that differ in the port.
 */
export function endsBetween(peering: Peering, from: PeeringNode, to: PeeringNode, family: Family): readonly End[] {
	const own = from.address[family];
	const other = to.address[family];
	if (from === to || own === '' || other === '' || own === other) return none;
	const isMesh = peering.meshEnabled && from.clusterId === '' && to.clusterId === '';
	if (peering.rules.length === 0) return isMesh ? [meshEnd(peering, from, to, family)] : none;
	const ends = explicitEnds(peering, from, to, family);
	return isMesh ? [meshEnd(peering, from, to, family), ...ends] : ends;
}

const none: readonly End[] = [];

function meshEnd(peering: Peering, from: PeeringNode, to: PeeringNode, family: Family): End {
	const localAs = ownAs(peering, from);
	return {
		kind: 'mesh',
		port: listenPort(peering, to),
		as: to.as ?? (peering.meshAs === 'own' ? localAs : peering.globalAs),
		localAs,
		remoteClusterId: '',
		passive: isPassive(from, to, family),
		password: peering.meshPassword,
	};
}

/** The end with the smaller address, compared as text, waits: 10.0.0.10 is less than 10.0.0.9 (bgp_processor.go). */
function isPassive(from: PeeringNode, to: PeeringNode, family: Family): boolean {
	return to.address[family] > from.address[family];
}

/** Forward passes first (global, then node-scoped), then the reverse pass; the first writer of a port wins. */
function explicitEnds(peering: Peering, from: PeeringNode, to: PeeringNode, family: Family): readonly End[] {
	const ends = new Map<number | null, End>();
	const add = (
		kind: 'global' | 'node',
		rule: PeeringRule,
		found: {readonly port: number | null; readonly bySelector: boolean},
	) => {
		if (ends.has(found.port)) return;
		ends.set(found.port, {
			kind,
			port: found.port,
			as: found.bySelector ? ownAs(peering, to) : (rule.as ?? peering.globalAs),
			localAs: rule.localAs ?? ownAs(peering, from),
			remoteClusterId: found.bySelector ? to.clusterId : '',
			passive: kind === 'global' && isPassive(from, to, family),
			password: rule.password,
		});
	};
	for (const kind of ['global', 'node'] as const) {
		for (const rule of peering.rules) {
			if (rule.global !== (kind === 'global') || !rule.local[from.index]) continue;
			const found = remoteSide(peering, rule, to, family);
			if (found) add(kind, rule, found);
		}
	}
	for (const rule of peering.rules) {
		if (rule.reverse && rule.local[to.index] && isRemote(peering, rule, from, family)) {
			add('node', rule, {port: listenPort(peering, to), bySelector: true});
		}
	}
	return ends.size === 0 ? none : [...ends.values()];
}

function remoteSide(peering: Peering, rule: PeeringRule, to: PeeringNode, family: Family) {
	if (rule.remote) return rule.remote[to.index] ? {port: listenPort(peering, to), bySelector: true} : undefined;
	return rule.peerIp?.address === to.address[family] ? {port: rule.peerIp.port, bySelector: false} : undefined;
}

/** Whether the rule's remote side is this node: by selector, or because the node owns the address, the AS and the port. */
function isRemote(peering: Peering, rule: PeeringRule, node: PeeringNode, family: Family): boolean {
	if (rule.remote) return rule.remote[node.index] === 1;
	if (rule.peerIp?.address !== node.address[family] || node.address[family] === '') return false;
	const sameAs = ownAs(peering, node) === (rule.as ?? peering.globalAs);
	return sameAs && (rule.peerIp.port === null || rule.peerIp.port === listenPort(peering, node));
}
