import {addressBits, groupsOf} from '../bgp/addresses.ts';

/**
 * Where a destination stands in the hash table of BIRD's routing table, which `show route` walks (nest/rt-fib.c). The
 * table begins with 1,024 places and grows by four when there are four times as many destinations as places.
 */
export function tablePlace(destination: string, size: number): number {
	let order = 10;
	while (order < 16 && size > 4 * 2 ** order) order += 2;
	return hash(destination) >> (16 - order);
}

/** ipv4_hash and ipv6_hash in lib/ipv4.h and lib/ipv6.h: 16 bits. */
function hash(destination: string): number {
	if (destination.includes(':')) {
		const words = wordsOf(destination.split('/')[0] ?? '');
		const mixed = words.reduce((value, word) => (value ^ word) >>> 0, 0);
		return (mixed ^ (mixed >>> 16) ^ (mixed >>> 8)) & 0xffff;
	}
	const bits = Number(addressBits(destination));
	const folded = (bits ^ (bits >>> 16)) >>> 0;
	return (folded ^ (folded << 10)) & 0xffff;
}

/** An IPv6 address as four words of 32 bits. */
function wordsOf(address: string): readonly number[] {
	const groups = groupsOf(address);
	return [0, 2, 4, 6].map(index => (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0);
}
