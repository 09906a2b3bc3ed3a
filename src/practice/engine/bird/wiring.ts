import {contains, networkOf} from '../../bgp/addresses.ts';
import type {NodeSeed} from '../../datastore/seed.ts';
import {type Host, lines, type Part} from './host.ts';

/** Name of the interface with the node's address, as on the practice cluster's model. */
export const device = 'eth0';

/**
 * Makes the nodes' namespaces and joins them: a switch, in a namespace of its own so that nothing of this machine's
 * network is touched, and a cable from it to the eth0 of each node and of what is outside.
 */
export async function wire(host: Host, nodes: readonly NodeSeed[]): Promise<void> {
	const plugged: readonly Part[] = [...nodes.keys(), 'outside'];
	const parts: readonly Part[] = ['switch', ...plugged];
	await host.run(['ip', '-batch', '-'], lines(parts.map(part => `netns add ${host.namespace(part)}`)));
	await host.runIn(
		'switch',
		['ip', '-batch', '-'],
		lines([
			'link add bridge type bridge',
			'link set bridge up',
			...plugged.flatMap(part => [
				`link add ${port(part)} type veth peer name ${device} netns ${host.namespace(part)}`,
				`link set ${port(part)} master bridge`,
				`link set ${port(part)} up`,
			]),
		]),
	);
	const networks = networksOf(nodes);
	await host.runIn('outside', ['ip', '-batch', '-'], lines(outsideLines(networks)));
	for (const [index, node] of nodes.entries()) {
		await host.runIn(index, ['ip', '-batch', '-'], lines(nodeLines(node, networks)));
	}
}

/** The switch's end of a cable. */
export function port(part: Part): string {
	return typeof part === 'number' ? `node${part}` : part;
}

/** Gives a router outside the cluster its address, which every node reaches over the same switch. */
export async function wireRouter(host: Host, nodes: readonly NodeSeed[], address: string): Promise<void> {
	const [only, nodad] = isIpv6(address) ? [`${address}/128`, ' nodad'] : [`${address}/32`, ''];
	await host.runIn('outside', ['ip', '-batch', '-'], lines([`address replace ${only} dev ${device}${nodad}`]));
	if ([...networksOf(nodes)].some(network => contains(network, address))) return;
	for (const [index, node] of nodes.entries()) {
		if (!addressesOf(node).some(own => isIpv6(own) === isIpv6(address))) continue;
		await host.runIn(index, ['ip', '-batch', '-'], lines([`route replace ${only} dev ${device} proto static`]));
	}
}

function outsideLines(networks: ReadonlySet<string>): readonly string[] {
	return ['link set lo up', `link set ${device} up`, ...[...networks].map(network => onLink(network))];
}

/** All share one switch, so that every network is on the link. */
function onLink(network: string): string {
	return `route add ${network} dev ${device} proto static`;
}

function networksOf(nodes: readonly NodeSeed[]): ReadonlySet<string> {
	return new Set(nodes.flatMap(addressesOf).map(networkOf));
}

function nodeLines(node: NodeSeed, networks: ReadonlySet<string>): readonly string[] {
	const addresses = addressesOf(node);
	const own = new Set(addresses.map(networkOf));
	const hasFamily = (network: string): boolean => addresses.some(address => isIpv6(address) === isIpv6(network));
	return [
		'link set lo up',
		`link set ${device} up`,
		// Without nodad an IPv6 address cannot be used for a second or two (RFC 4862, 5.4).
		...addresses.map(address => `address add ${address} dev ${device}${isIpv6(address) ? ' nodad' : ''}`),
		// The node's one workload has the first address of its block, so that there is something to ping.
		...(node.blocks ?? []).map(block => `address add ${firstOf(block)} dev lo${isIpv6(block) ? ' nodad' : ''}`),
		...[...networks].filter(network => !own.has(network) && hasFamily(network)).map(onLink),
	];
}

/** A block's first address: `192.168.0.64/26` → `192.168.0.64/32`. */
export function firstOf(block: string): string {
	return `${block.split('/')[0]}/${isIpv6(block) ? 128 : 32}`;
}

function addressesOf({ipv4Address, ipv6Address}: NodeSeed): readonly string[] {
	return [ipv4Address, ipv6Address].flatMap(cidr => cidr ?? []);
}

function isIpv6(text: string): boolean {
	return text.includes(':');
}
