import type {Family} from '../../core/session.ts';
import {addressBits, compareAddresses, contains, networkOf} from '../bgp/addresses.ts';
import type {Network} from '../bgp/network.ts';
import type {Route} from '../bgp/paths.ts';
import {tablePlace} from './table-order.ts';

/** A line of `show route`: where it leads, who says so, since when. */
export type TableEntry = {
	readonly destination: string;
	readonly best: boolean;
	readonly protocol: string;
	readonly since: number;
	readonly source:
		| {readonly kind: 'blackhole'}
		| {readonly kind: 'device'; readonly device: string}
		| {readonly kind: 'bgp'; readonly device: string; readonly route: Route};
};

/** BIRD's routing table on a node, in the order in which `show route` prints it. */
export function routingTable(network: Network, node: string, family: Family, at: number): readonly TableEntry[] {
	const since = network.bird(node, at)?.startedAt ?? at;
	const entries: TableEntry[] = [];
	for (const destination of network.blocksOf(node, family)) {
		entries.push({destination, best: true, protocol: 'static1', since, source: {kind: 'blackhole'}});
		// The node's one workload has the first address of its block.
		const workload = `${destination.split('/')[0]}/${family === 4 ? 32 : 128}`;
		entries.push(device(workload, 'lo', since));
	}
	const address = network.addressOf(node, family);
	if (address) entries.push(device(networkOf(address.cidr), network.device, since));
	for (const {destination, best, route} of network.paths(node, family, at)) {
		entries.push({
			destination,
			best,
			protocol: route.session.config.peer.protocol,
			since: route.learnedAt,
			source: {kind: 'bgp', device: network.device, route},
		});
	}
	return inTableOrder(entries);
}

function device(destination: string, name: string, since: number): TableEntry {
	return {destination, best: true, protocol: 'direct1', since, source: {kind: 'device', device: name}};
}

function inTableOrder(entries: readonly TableEntry[]): readonly TableEntry[] {
	const size = new Set(entries.map(({destination}) => destination)).size;
	const places = new Map(entries.map(({destination}) => [destination, tablePlace(destination, size)]));
	// Destinations of one place keep the order in which they came; sorting is stable.
	return [...entries].sort(
		(left, right) =>
			(places.get(left.destination) ?? 0) - (places.get(right.destination) ?? 0) ||
			compareAddresses(left.destination, right.destination),
	);
}

/** The longest destination that an address or block falls into, as `show route for` finds it. */
export function longestMatch(entries: readonly TableEntry[], target: string): string | undefined {
	let found: string | undefined;
	for (const {destination} of entries) {
		if (!contains(destination, target)) continue;
		if (found === undefined || lengthOf(destination) > lengthOf(found)) found = destination;
	}
	return found;
}

function lengthOf(destination: string): number {
	return Number(destination.split('/')[1]);
}

/** Whether a text is an address of that family, and whether it has a prefix length. */
export function parseTarget(text: string, family: Family): 'address' | 'prefix' | undefined {
	const [address = '', length] = text.split('/');
	const pattern = family === 4 ? /^\d{1,3}(\.\d{1,3}){3}$/ : /^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*$/;
	if (!pattern.test(address) || (family === 4 && address.split('.').some(part => Number(part) > 255))) return undefined;
	if (length === undefined) return 'address';
	const isLength = /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128);
	// BIRD takes a prefix only where no bit is set behind it.
	return isLength && addressBits(networkOf(text)) === addressBits(address) ? 'prefix' : undefined;
}
