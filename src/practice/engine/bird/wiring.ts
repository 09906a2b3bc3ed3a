import {networkOf} from '../../bgp/addresses.ts';
import type {NodeSeed} from '../../datastore/seed.ts';
import type {Host} from './host.ts';

/** Name of the interface with the node's address, as on the practice cluster's model. */
const device = 'eth0';

/**
 * Makes the nodes' namespaces and joins them: a switch, in a namespace of its own so that nothing of this machine's
 * network is touched, and a cable from it to each node's eth0.
 */
export async function wire(host: Host, nodes: readonly NodeSeed[]): Promise<void> {
	const parts = ['switch' as const, ...nodes.keys()];
	await host.run(['ip', '-batch', '-'], lines(parts.map(part => `netns add ${host.namespace(part)}`)));
	await host.runIn(
		'switch',
		['ip', '-batch', '-'],
		lines([
			'link add bridge type bridge',
			'link set bridge up',
			...nodes.flatMap((_node, index) => [
				`link add ${port(index)} type veth peer name ${device} netns ${host.namespace(index)}`,
				`link set ${port(index)} master bridge`,
				`link set ${port(index)} up`,
			]),
		]),
	);
	const networks = new Set(nodes.flatMap(addressesOf).map(networkOf));
	for (const [index, node] of nodes.entries()) {
		await host.runIn(index, ['ip', '-batch', '-'], lines(nodeLines(node, networks)));
	}
}

/** The switch's end of a node's cable. */
export function port(node: number): string {
	return `node${node}`;
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
		// All nodes share one switch; one with an address of another network is on the link all the same.
		...[...networks]
			.filter(network => !own.has(network) && hasFamily(network))
			.map(network => `${isIpv6(network) ? '-6 ' : ''}route add ${network} dev ${device} proto static`),
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

function lines(text: readonly string[]): string {
	return text.map(line => `${line}\n`).join('');
}
