import type {BgpConfigurationResource, BgpPeerResource, NodeResource, SecretReference} from '../resources.ts';
import {matches} from '../selector/evaluate.ts';
import {parseSelector} from '../selector/parse.ts';
import {type Selector, SelectorError} from '../selector/types.ts';
import type {Family} from '../session.ts';
import type {Snapshot} from '../snapshot.ts';
import {parsePeerIp, withoutPrefix} from './addresses.ts';
import {asText, defaultAs} from './as-number.ts';

/** What confd keeps of a node (bgpnodeprocessor.go): addresses are '' and AS is undefined where the node has none. */
export type PeeringNode = {
	readonly index: number;
	readonly name: string;
	readonly address: Readonly<Record<Family, string>>;
	readonly as: string | undefined;
	readonly clusterId: string;
	readonly listenPort: number | null;
};

/** A BGPPeer with its selectors worked out against every node. */
export type PeeringRule = {
	readonly name: string;
	/** Neither `node` nor `nodeSelector`: for every node. */
	readonly global: boolean;
	/** 1 at the index of each node on the local side. */
	readonly local: Uint8Array;
	/** 1 at the index of each node that peerSelector matches; null where the rule names an address. */
	readonly remote: Uint8Array | null;
	readonly peerIp: {readonly address: string; readonly port: number | null} | null;
	/** The AS the rule names; undefined where it names none (or 0): the cluster's. */
	readonly as: string | undefined;
	readonly localAs: string | undefined;
	/** Whether the other side gets the session too (`reversePeering` is not Manual). */
	readonly reverse: boolean;
	readonly password: SecretReference | null;
};

/** A selector in the snapshot that Calico cannot parse; confd logs it and lets it match no node. */
export type BadSelector = {
	readonly bgpPeer: string;
	readonly field: 'nodeSelector' | 'peerSelector';
	readonly error: SelectorError;
};

/** Everything `peers.ts` and `totals.ts` need, computed once for a snapshot. */
export type Peering = {
	readonly nodes: readonly PeeringNode[];
	readonly byName: ReadonlyMap<string, PeeringNode>;
	/** Which node has a BGP address. */
	readonly byAddress: ReadonlyMap<string, PeeringNode>;
	readonly rules: readonly PeeringRule[];
	readonly meshEnabled: boolean;
	readonly meshPassword: SecretReference | null;
	readonly globalAs: string;
	readonly globalPort: number | null;
	/**
	 * AS that a mesh peer without an override is taken to have: this node's own since v3.32
	 * (processMeshPeers in bgp_processor.go), the cluster's before.
	 */
	readonly meshAs: 'own' | 'global';
	readonly badSelectors: readonly BadSelector[];
};

/** Works out what Calico's confd would from the same resources (confd/pkg/backends/calico/client.go). */
export function preparePeering(
	snapshot: Snapshot,
	{meshAs = 'own'}: {readonly meshAs?: 'own' | 'global'} = {},
): Peering {
	const configurations = new Map(snapshot.bgpConfigurations.map(each => [each.metadata.name, each.spec]));
	const spec: BgpConfigurationResource['spec'] = configurations.get('default') ?? {};
	const nodes = snapshot.nodes.map((node, index) =>
		toPeeringNode(node, index, configurations.get(`node.${node.metadata.name}`)?.listenPort ?? null),
	);
	const badSelectors: BadSelector[] = [];
	// confd walks the BGPPeers in random order; by name is one of its orders, and always the same.
	const rules = [...snapshot.bgpPeers]
		.sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
		.map(bgpPeer => toRule(bgpPeer, snapshot.nodes, badSelectors));
	return {
		nodes,
		byName: new Map(nodes.map(node => [node.name, node])),
		byAddress: new Map(
			nodes.flatMap(node =>
				[node.address[4], node.address[6]].filter(Boolean).map(address => [address, node] as const),
			),
		),
		rules,
		meshEnabled: spec.nodeToNodeMeshEnabled ?? true,
		meshPassword: spec.nodeMeshPassword ?? null,
		globalAs: asText(spec.asNumber) ?? defaultAs,
		globalPort: spec.listenPort ?? null,
		meshAs,
		badSelectors,
	};
}

function toPeeringNode({metadata, spec}: NodeResource, index: number, listenPort: number | null): PeeringNode {
	const bgp = spec.bgp ?? {};
	return {
		index,
		name: metadata.name,
		address: {4: withoutPrefix(bgp.ipv4Address), 6: withoutPrefix(bgp.ipv6Address)},
		as: asText(bgp.asNumber),
		clusterId: bgp.routeReflectorClusterID ?? '',
		listenPort,
	};
}

function toRule({metadata, spec}: BgpPeerResource, nodes: readonly NodeResource[], bad: BadSelector[]): PeeringRule {
	const select = (field: 'nodeSelector' | 'peerSelector'): Uint8Array => {
		const selector = parsed(spec[field] ?? '', error => bad.push({bgpPeer: metadata.name, field, error}));
		return Uint8Array.from(nodes, node =>
			Number(selector !== undefined && matches(selector, node.metadata.labels ?? {})),
		);
	};
	const global = !spec.node && !spec.nodeSelector;
	const peerIp = spec.peerIP ? (parsePeerIp(spec.peerIP) ?? null) : null;
	const as = asText(spec.asNumber);
	return {
		name: metadata.name,
		global,
		local: spec.nodeSelector
			? select('nodeSelector')
			: Uint8Array.from(nodes, node => Number(global || node.metadata.name === spec.node)),
		remote: spec.peerSelector ? select('peerSelector') : null,
		peerIp: spec.peerSelector ? null : peerIp,
		as: as === '0' ? undefined : as,
		localAs: asText(spec.localASNumber),
		reverse: spec.reversePeering !== 'Manual' && !spec.localWorkloadSelector,
		password: spec.password ?? null,
	};
}

function parsed(text: string, onError: (error: SelectorError) => void): Selector | undefined {
	try {
		return parseSelector(text);
	} catch (error) {
		if (!(error instanceof SelectorError)) throw error;
		onError(error);
		return undefined;
	}
}
