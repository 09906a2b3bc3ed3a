import {isVxlan} from '../../core/pools.ts';
import type {KernelRoute} from '../../core/session.ts';
import type {Snapshot} from '../../core/snapshot.ts';
import {compareAddresses, contains} from './addresses.ts';

/** Felix's own protocol number in the kernel: 80 unless another is set (felix, vxlan_mgr.go). */
export const felixProtocol = '80';

/** Whether Felix, and not BIRD, programs the routes to a block: it lies in a VXLAN pool (calico.md §8.2). */
export function isFelixBlock({ipPools}: Snapshot, block: string): boolean {
	return ipPools.some(pool => isVxlan(pool) && contains(pool.spec.cidr, block));
}

/**
 * Felix's routes to the blocks of VXLAN pools, from the datastore and whatever BGP says: to each node's tunnel address,
 * which is the first one of its block, and a blackhole for the node's own.
 */
export function felixRoutesOf(
	snapshot: Snapshot,
	node: string,
	blockOf: (node: string) => readonly string[],
): readonly KernelRoute[] {
	if (!snapshot.ipPools.some(isVxlan)) return [];
	const routes = snapshot.nodes.flatMap(({metadata: {name}}) =>
		blockOf(name)
			.filter(block => isFelixBlock(snapshot, block))
			.map(block => (name === node ? blackhole(block) : overTunnel(block))),
	);
	return routes.sort((left, right) => compareAddresses(left.destination, right.destination));
}

function overTunnel(destination: string): KernelRoute {
	const family = destination.includes(':') ? 6 : 4;
	const via = destination.split('/')[0] ?? '';
	const device = family === 4 ? 'vxlan.calico' : 'vxlan-v6.calico';
	return {
		destination,
		family,
		via: [via],
		device,
		protocol: felixProtocol,
		metric: null,
		blackhole: false,
		hops: [{via, device, onlink: true, weight: null}],
	};
}

function blackhole(destination: string): KernelRoute {
	const family = destination.includes(':') ? 6 : 4;
	return {destination, family, via: [], device: null, protocol: felixProtocol, metric: null, blackhole: true};
}
