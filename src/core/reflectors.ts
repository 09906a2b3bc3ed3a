import type {NodeResource} from './resources.ts';
import type {Family} from './session.ts';
import type {Snapshot} from './snapshot.ts';

/** How far a node is a route reflector: with both marks, with one of them, or with none. */
export type ReflectorState = 'reflector' | 'label-only' | 'cluster-id-only' | 'none';

/** Reads a node's marks: the label that the BGPPeers select, and the cluster ID that makes BIRD reflect. */
export function reflectorState(node: NodeResource, label: string): ReflectorState {
	const labelled = Object.hasOwn(node.metadata.labels ?? {}, label);
	const clusterId = (node.spec.bgp?.routeReflectorClusterID ?? '') !== '';
	return labelled ? (clusterId ? 'reflector' : 'label-only') : clusterId ? 'cluster-id-only' : 'none';
}

/** Whether Calico runs BGP for the node at all: without an address it is skipped everywhere. */
export function hasBgpAddress(node: NodeResource): boolean {
	return Boolean(node.spec.bgp?.ipv4Address || node.spec.bgp?.ipv6Address);
}

/** Names of the nodes that reflect now. */
export function currentReflectors(snapshot: Snapshot): readonly string[] {
	return snapshot.nodes.filter(node => node.spec.bgp?.routeReflectorClusterID).map(node => node.metadata.name);
}

/** All reflectors there will be: those that are there already, and the chosen ones. */
export function reflectorsWith(
	snapshot: Snapshot,
	choice: {readonly reflectors: readonly string[]} | null,
): readonly string[] {
	return [...new Set([...currentReflectors(snapshot), ...(choice?.reflectors ?? [])])];
}

/** The families in which a node has a BGP address. */
export function bgpFamilies({spec: {bgp}}: NodeResource): readonly Family[] {
	return [...(bgp?.ipv4Address ? ([4] as const) : []), ...(bgp?.ipv6Address ? ([6] as const) : [])];
}
