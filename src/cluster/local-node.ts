import {hostname, networkInterfaces} from 'node:os';
import type {NodeResource} from '../core/resources.ts';

/** What tells machines apart. */
export type Machine = {readonly hostname: string; readonly addresses: readonly string[]};

/** The machine this program runs on. */
export function thisMachine(): Machine {
	const interfaces = Object.values(networkInterfaces()).flatMap(list => list ?? []);
	return {hostname: hostname(), addresses: interfaces.filter(({internal}) => !internal).map(({address}) => address)};
}

/** The node that this machine is: the one whose BGP address it has, else the one with its name; undefined if none. */
export function findLocalNode(nodes: readonly NodeResource[], machine: Machine): string | undefined {
	const addresses = new Set(machine.addresses.map(address => address.toLowerCase()));
	const byAddress = nodes.filter(node => bgpAddresses(node).some(address => addresses.has(address)));
	const byName = nodes.filter(node => node.metadata.name === machine.hostname);
	// Two nodes with our addresses cannot both be us.
	const found = byAddress.length > 0 ? byAddress : byName;
	return found.length === 1 ? found[0]?.metadata.name : undefined;
}

function bgpAddresses({spec: {bgp}}: NodeResource): string[] {
	return [bgp?.ipv4Address, bgp?.ipv6Address].flatMap(cidr => cidr?.split('/')[0]?.toLowerCase() ?? []);
}
