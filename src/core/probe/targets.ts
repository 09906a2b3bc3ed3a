import {isInside} from '../hold.ts';
import {withoutPrefix} from '../peering/addresses.ts';
import type {NodeResource} from '../resources.ts';
import type {Family, KernelRoute} from '../session.ts';

/** Addresses that pings of one family may go between, the best first. */
export type ProbeEnds = {
	/** What can be sent from: an address in the node's own block, so that the way back counts too, else the node's. */
	readonly sources: readonly string[];
	/** What stands for the node's pods. */
	readonly targets: readonly string[];
};

/** What is known of a node before its ends are looked for. */
export type ProbedNode = {
	readonly node: NodeResource;
	/** Its own routes of BIRD. */
	readonly routes: readonly KernelRoute[];
	/** Addresses of pods that run on it. */
	readonly pods: readonly string[];
};

/**
 * The ends of a node's pings. Its blocks are the blackholes that BIRD has inside the pools; outside of them it also makes
 * some for services. Targets: a running pod's address; the node's tunnel address, which Calico takes from the block; and
 * the block's first address, which Calico hands out first.
 */
export function probeEnds({node, routes, pods}: ProbedNode, pools: readonly string[], family: Family): ProbeEnds {
	const {bgp} = node.spec;
	const own = withoutPrefix(family === 4 ? bgp?.ipv4Address : bgp?.ipv6Address);
	const blocks = routes.filter(
		route => route.blackhole && route.family === family && pools.some(pool => isInside(pool, route)),
	);
	if (own === '' || blocks.length === 0) return {sources: [], targets: []};
	const inBlock = (address: string): boolean =>
		address.includes(':') === (family === 6) &&
		blocks.some(({destination}) =>
			isInside(destination, {destination: `${address}/${family === 4 ? 32 : 128}`, family}),
		);
	const tunnel = family === 4 ? [bgp?.ipv4IPIPTunnelAddr].filter(address => typeof address === 'string') : [];
	const [first = ''] = blocks.map(block => withoutPrefix(block.destination));
	const tunnels = tunnel.filter(inBlock);
	return {
		sources: unique([...tunnels, first, own]),
		targets: unique([...pods.filter(inBlock).slice(0, 1), ...tunnels, first]),
	};
}

function unique(addresses: readonly string[]): readonly string[] {
	return [...new Set(addresses)];
}
