import {familyOf, withoutPrefix} from '../../core/peering/addresses.ts';
import type {Family, KernelRoute} from '../../core/session.ts';
import {contains, networkOf} from '../bgp/addresses.ts';
import type {Network} from '../bgp/network.ts';

/** How a packet ends: at the node that takes it, or where and why it does not go on. */
export type Flight =
	| {readonly ends: 'taken'; readonly node: string; readonly routers: number}
	/** Dropped in silence: a link is cut, a blackhole, a loop. */
	| {readonly ends: 'dropped'}
	/** A node has no route, or nobody on its network has the address. */
	| {readonly ends: 'no-route' | 'no-host'; readonly node: string};

/** Routers that a packet passes before it is thrown away (RFC 1812, 5.3.1; Linux sends with 64). */
const timeToLive = 64;

/**
 * Follows a packet from node to node by what each one's kernel says at that moment: BIRD's routes, Felix's, and those
 * added beside them. A node takes what is for its own address or lies in one of its blocks: there it stands for a pod.
 */
export function followPacket(network: Network, from: string, destination: string, at: number): Flight {
	let node = from;
	for (let routers = -1; routers < timeToLive; routers++) {
		if (takes(network, node, destination)) return {ends: 'taken', node, routers: Math.max(0, routers)};
		const next = nextNode(network, node, destination, at);
		if (typeof next !== 'string') return next;
		if (network.isCut(node) || network.isCut(next)) return {ends: 'dropped'};
		node = next;
	}
	return {ends: 'dropped'};
}

/** Whether a node has a way for packets to that address: what connect(2) finds out before anything is sent. */
export function hasRoute(network: Network, node: string, destination: string, at: number): boolean {
	if (takes(network, node, destination)) return true;
	const next = nextNode(network, node, destination, at);
	return typeof next === 'string' || next.ends !== 'no-route';
}

function takes(network: Network, node: string, destination: string): boolean {
	const family = familyOf(destination);
	if (network.addressOf(node, family)?.address === destination) return true;
	return network.blocksOf(node, family).some(block => contains(block, destination));
}

/** The node that a packet goes to next. Nodes reach each other's addresses: their BGP sessions go the same way. */
function nextNode(network: Network, node: string, destination: string, at: number): string | Flight {
	const family = familyOf(destination);
	const neighbour = network.nodeAt(destination);
	if (neighbour !== undefined) return neighbour;
	const own = network.addressOf(node, family);
	if (own && contains(networkOf(own.cidr), destination)) return {ends: 'no-host', node};
	const route = longestRoute(network, node, destination, at);
	if (!route) return {ends: 'no-route', node};
	// Of several next hops the kernel keeps one flow on one of them.
	const [via] = route.via;
	if (route.blackhole || via === undefined) return {ends: 'dropped'};
	return network.nodeAt(via) ?? network.tunnelEnd(via) ?? {ends: 'no-host', node};
}

/** The kernel's choice: the longest prefix, and of equal ones the least metric (ip-route(8)). */
function longestRoute(network: Network, node: string, destination: string, at: number): KernelRoute | undefined {
	const family = familyOf(destination);
	let best: KernelRoute | undefined;
	for (const route of network.allRoutes(node, family, at)) {
		if (!contains(route.destination, destination)) continue;
		if (!best || isBetter(route, best)) best = route;
	}
	return best;
}

function isBetter(route: KernelRoute, than: KernelRoute): boolean {
	const length = ({destination}: KernelRoute) => Number(destination.split('/')[1]);
	return length(route) - length(than) > 0 || (length(route) === length(than) && metricOf(route) < metricOf(than));
}

function metricOf({metric}: KernelRoute): number {
	return metric ?? 0;
}

/** The addresses that programs on the node itself have: the node's own, and each block's first, which is its workload's. */
export function localAddresses(network: Network, node: string, family: Family): readonly string[] {
	const own = network.addressOf(node, family)?.address;
	return [...(own === undefined ? [] : [own]), ...network.blocksOf(node, family).map(withoutPrefix)];
}
