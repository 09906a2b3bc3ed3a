import type {Family} from '../../core/session.ts';

/** Those of addresses or blocks that are of a family. */
export function ofFamily(texts: readonly string[], family: Family): readonly string[] {
	return texts.filter(text => text.includes(':') === (family === 6));
}

/** The bits of an address or a block, as a number that compares. IPv4 is 32 bits, IPv6 128. */
export function addressBits(text: string): bigint {
	const [address = ''] = text.split('/');
	if (!address.includes(':')) {
		return address.split('.').reduce((bits, part) => bits * 256n + BigInt(Number.parseInt(part, 10) || 0), 0n);
	}
	return groupsOf(address).reduce((bits, group) => bits * 65_536n + BigInt(group), 0n);
}

/** The eight 16-bit groups of an IPv6 address; `::` stands for as many zeros as are missing (RFC 4291, 2.2). */
export function groupsOf(address: string): readonly number[] {
	const [head = '', tail] = address.split('::');
	const parse = (text: string): number[] => (text === '' ? [] : text.split(':').map(part => Number.parseInt(part, 16)));
	const [left, right] = [parse(head), parse(tail ?? '')];
	const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
	return [...left, ...Array.from({length: missing}, () => 0), ...right];
}

/** Whether an address, or a whole block, lies in a block. */
export function contains(block: string, other: string): boolean {
	if (block.includes(':') !== other.includes(':')) return false;
	const bits = block.includes(':') ? 128 : 32;
	const length = Number(block.split('/')[1] ?? bits);
	if (Number(other.split('/')[1] ?? bits) < length) return false;
	const shift = BigInt(bits - length);
	return addressBits(block) >> shift === addressBits(other) >> shift;
}

const known = new Map<string, bigint>();

/** Addresses and blocks by their value: 172.31.40.30 comes before 172.31.40.217. */
export function compareAddresses(left: string, right: string): number {
	if (left === right) return 0;
	const [a, b] = [remembered(left), remembered(right)];
	return a < b ? -1 : a > b ? 1 : 0;
}

function remembered(text: string): bigint {
	let bits = known.get(text);
	if (bits === undefined) {
		bits = addressBits(text);
		if (known.size > 100_000) known.clear();
		known.set(text, bits);
	}
	return bits;
}

/** The network an address with a prefix length stands in: `172.31.40.1/16` → `172.31.0.0/16`. */
export function networkOf(cidr: string): string {
	const isIpv6 = cidr.includes(':');
	const width = isIpv6 ? 128 : 32;
	const length = Number(cidr.split('/')[1] ?? width);
	const shift = BigInt(width - length);
	const bits = (addressBits(cidr) >> shift) << shift;
	return `${isIpv6 ? printIpv6(bits) : printIpv4(bits)}/${length}`;
}

function printIpv4(bits: bigint): string {
	return [24n, 16n, 8n, 0n].map(shift => (bits >> shift) & 255n).join('.');
}

/** The longest run of zero groups becomes `::` (RFC 5952, 4.2). */
function printIpv6(bits: bigint): string {
	const groups = Array.from({length: 8}, (_, index) => ((bits >> BigInt(112 - index * 16)) & 65_535n).toString(16));
	let longest = {start: 0, length: 0};
	for (let start = 0; start < 8; start++) {
		let length = 0;
		while (groups[start + length] === '0') length += 1;
		if (length > longest.length) longest = {start, length};
	}
	if (longest.length < 2) return groups.join(':');
	const [head, tail] = [groups.slice(0, longest.start), groups.slice(longest.start + longest.length)];
	return `${head.join(':')}::${tail.join(':')}`;
}
