import type {
	BgpConfigurationResource,
	BgpPeerResource,
	IpPoolResource,
	NodeResource,
	ResourceOf,
	WrittenKind,
} from './resources.ts';

/** The part of a cluster's datastore that decides which BGP sessions exist, as it was at one moment. */
export type Snapshot = {
	readonly nodes: readonly NodeResource[];
	readonly bgpPeers: readonly BgpPeerResource[];
	readonly bgpConfigurations: readonly BgpConfigurationResource[];
	readonly ipPools: readonly IpPoolResource[];
};

export const emptySnapshot: Snapshot = {nodes: [], bgpPeers: [], bgpConfigurations: [], ipPools: []};

const collections = {Node: 'nodes', BGPPeer: 'bgpPeers', BGPConfiguration: 'bgpConfigurations'} as const;

/** The resource of that kind and name, or undefined where there is none. */
export function findResource<K extends WrittenKind>(
	snapshot: Snapshot,
	kind: K,
	name: string,
): ResourceOf[K] | undefined {
	const list: readonly {readonly metadata: {readonly name: string}}[] = snapshot[collections[kind]];
	// The collection of a kind holds that kind only.
	return list.find(resource => resource.metadata.name === name) as ResourceOf[K] | undefined;
}

/** The snapshot with one resource put in place of its namesake, added, or (undefined) taken out. */
export function withResource(
	snapshot: Snapshot,
	kind: WrittenKind,
	name: string,
	resource: ResourceOf[WrittenKind] | undefined,
): Snapshot {
	const collection = collections[kind];
	const list: readonly ResourceOf[WrittenKind][] = snapshot[collection];
	const exists = list.some(other => other.metadata.name === name);
	const next = exists
		? list.flatMap(other => (other.metadata.name === name ? (resource ?? []) : other))
		: resource
			? [...list, resource]
			: list;
	return {...snapshot, [collection]: next};
}
