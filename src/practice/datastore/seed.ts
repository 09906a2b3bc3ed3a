import {ofFamily} from '../bgp/addresses.ts';
import type {Random} from '../random.ts';
import type {Seed} from './datastore.ts';

/** A node of the practice cluster as it is made. Addresses are CIDRs: `172.31.45.29/20`. */
export type NodeSeed = {
	readonly name: string;
	readonly ipv4Address?: string;
	readonly ipv6Address?: string;
	readonly asNumber?: number;
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	/** The blocks of pod addresses that live on it: `192.168.0.0/26`. */
	readonly blocks?: readonly string[];
};

/** What the cluster knows of itself, in ClusterInformation `default`. */
export type ClusterSeed = {
	readonly guid?: string;
	readonly version: string;
	readonly pool: string;
	/** The pool's vxlanMode: `Never` unless given. */
	readonly vxlanMode?: string;
};

/** The nodes of the tutorial, in the order in which it names them. */
const tutorialAddresses = ['172.31.40.217', '172.31.40.30', '172.31.45.29', '172.31.37.123', '172.31.42.47'];
/** The node on which the tutorial types its commands; kubeadm's control plane in a cluster of five. */
export const localNodeIndex = 2;
const zones = ['zone-a', 'zone-b', 'zone-c'];
/** The tutorial names no zones; these make its own three reflectors the ones that are proposed. */
const tutorialZones = ['zone-a', 'zone-a', 'zone-b', 'zone-b', 'zone-c'];

/** As many /26 blocks fit into the tutorial's pool of pod addresses; larger clusters get a larger pool. */
const tutorialPool = {cidr: '192.168.0.0/16', blocks: 1024};
const largePool = {cidr: '100.64.0.0/10'};

/** The pool of pod addresses for so many nodes with one block each. */
export function poolFor(nodes: number): string {
	return nodes <= tutorialPool.blocks ? tutorialPool.cidr : largePool.cidr;
}

/** So many nodes: the tutorial's five, then 10.0.0.1 and on; the same number gives the same nodes. */
export function generateNodes(count: number): readonly NodeSeed[] {
	const [base = 0] = addressNumbers(poolFor(count));
	return Array.from({length: count}, (_item, index): NodeSeed => {
		const tutorial = tutorialAddresses[index];
		const address = tutorial ?? numberedAddress(index - tutorialAddresses.length);
		const name = `ip-${address.replaceAll('.', '-')}`;
		return {
			name,
			ipv4Address: `${address}/${tutorial ? 20 : 8}`,
			labels: {
				'kubernetes.io/hostname': name,
				...(index === localNodeIndex && {'node-role.kubernetes.io/control-plane': ''}),
				'topology.kubernetes.io/zone': tutorialZones[index] ?? zones[index % zones.length] ?? '',
			},
			blocks: [`${printAddress(base + index * 64)}/26`],
		};
	});
}

/** 10.0.0.1, 10.0.0.2, … 10.0.0.254, 10.0.1.1, …: none ends in 0 or 255. */
function numberedAddress(index: number): string {
	const third = Math.floor(index / 254);
	return `10.${Math.floor(third / 256)}.${third % 256}.${(index % 254) + 1}`;
}

function addressNumbers(...cidrs: readonly string[]): readonly number[] {
	return cidrs.map(cidr => (cidr.split('/')[0] ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
}

function printAddress(number: number): string {
	return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** The resources of a cluster as Calico's installation leaves them: pool, nodes, cluster information, no `default` BGPConfiguration. */
export function seedResources(nodes: readonly NodeSeed[], cluster: ClusterSeed, random: Random): readonly Seed[] {
	return [...poolSeeds(nodes, cluster), ...nodes.map(nodeSeed), informationSeed(cluster, random)];
}

/**
 * The pools of the nodes' blocks; one of IPv6 where nodes have such blocks. Without it reflectors would pass none of their
 * routes on: a node exports its own blocks, and of others what lies in a pool (bird_ipam.cfg; seen with real BIRD).
 */
export function poolSeeds(nodes: readonly NodeSeed[], {pool, vxlanMode = 'Never'}: ClusterSeed): readonly Seed[] {
	const hasIpv6 = nodes.some(({blocks = []}) => ofFamily(blocks, 6).length > 0);
	return [
		poolSeed('default-ipv4-ippool', {cidr: pool, vxlanMode, natOutgoing: true, blockSize: 26}),
		...(hasIpv6 ? [poolSeed('default-ipv6-ippool', ipv6Pool)] : []),
	];
}

const ipv6Pool = {cidr: 'fd00:10:244::/48', vxlanMode: 'Never', natOutgoing: false, blockSize: 122};

function poolSeed(name: string, {cidr, vxlanMode, natOutgoing, blockSize}: typeof ipv6Pool): Seed {
	return {
		kind: 'IPPool',
		metadata: {name},
		spec: {
			cidr,
			vxlanMode,
			ipipMode: 'Never',
			natOutgoing,
			blockSize,
			nodeSelector: 'all()',
			allowedUses: ['Workload', 'Tunnel'],
			assignmentMode: 'Automatic',
		},
	};
}

export function informationSeed({guid, version}: ClusterSeed, random: Random): Seed {
	return {
		kind: 'ClusterInformation',
		metadata: {name: 'default'},
		spec: {
			clusterGUID: guid ?? random.uuid().replaceAll('-', ''),
			clusterType: 'k8s,bgp',
			calicoVersion: version,
			datastoreReady: true,
		},
	};
}

function nodeSeed({name, ipv4Address, ipv6Address, asNumber, labels, annotations}: NodeSeed): Seed {
	const bgp = {
		...(asNumber !== undefined && {asNumber}),
		...(ipv4Address !== undefined && {ipv4Address}),
		...(ipv6Address !== undefined && {ipv6Address}),
	};
	return {
		kind: 'Node',
		metadata: {name, ...(labels && {labels}), ...(annotations && {annotations})},
		spec: Object.keys(bgp).length > 0 ? {bgp} : {},
	};
}
