import {isIPv4, isIPv6} from 'node:net';
import type {Family, KernelRoute, NextHop} from '../../core/session.ts';
import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';

/** Words that stand alone, and words that a value follows (iproute2 ip/iproute.c, print_route and print_rta_…). */
const flags = new Set(['onlink', 'dead', 'linkdown', 'pervasive', 'offload', 'offload_failed', 'rt_offload', 'trap']);
const valued = new Set(
	'via dev metric proto scope src table weight nhid mtu advmss pref error expires hoplimit window realms'.split(' '),
);
/** Routes that lead nowhere on purpose; `blackhole` is how BIRD holds the node's own block. */
const nowhere = new Set(['blackhole', 'unreachable', 'prohibit', 'throw']);

/** Next hops and attributes of one line. */
type Attributes = ReadonlyMap<string, string>;

/** A route and what its lines said so far. */
type Draft = {readonly line: Line; readonly type: string; readonly destination: string; readonly hops: Attributes[]};

/**
 * Reads `ip route show proto bird` (family 4) or `ip -6 route show proto bird` (6). With that filter `ip` leaves the
 * protocol out of each line, so `protocol` is what the caller asked for. A node without routes prints nothing.
 */
export function parseKernelRoutes(output: string, family: Family, protocol: string): Parsed<readonly KernelRoute[]> {
	return parseLines(output, lines => {
		const drafts: Draft[] = [];
		for (const line of lines) {
			const words = line.text.trim().split(/ +/);
			const last = drafts.at(-1);
			if (!line.text.startsWith(' ')) drafts.push(readRoute(line, words, family));
			else if (words[0] === 'nexthop' && last) last.hops.push(readAttributes(line, words.slice(1)));
			else throw new ParseError(line.number, `${quote(line.text)} belongs to no route`);
		}
		return drafts.map(draft => finish(draft, family, protocol));
	});
}

function readRoute(line: Line, words: readonly string[], family: Family): Draft {
	const [first = ''] = words;
	const typed = nowhere.has(first) || first === 'unicast';
	const [place = '', ...rest] = typed ? words.slice(1) : words;
	const destination = readDestination(place, family);
	if (destination === null) throw new ParseError(line.number, `${quote(place)} is no IPv${family} destination`);
	return {line, type: typed ? first : 'unicast', destination, hops: [readAttributes(line, rest)]};
}

/** `ip` writes a single address without its length, and everything as `default`. */
function readDestination(text: string, family: Family): string | null {
	const longest = family === 4 ? 32 : 128;
	if (text === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
	const [address = '', length = String(longest), more] = text.split('/');
	if (more !== undefined || !/^\d{1,3}$/.test(length) || Number(length) > longest) return null;
	return isAddress(address, family) ? `${address}/${length}` : null;
}

function readAttributes(line: Line, words: readonly string[]): Attributes {
	const attributes = new Map<string, string>();
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? '';
		if (flags.has(word)) {
			attributes.set(word, '');
			continue;
		}
		// `via inet6 fe80::1`: an IPv4 route over an IPv6 next hop (RFC 5549).
		if (word === 'via' && words[index + 1] === 'inet6') index++;
		const value = words[++index];
		if (!valued.has(word) || value === undefined) {
			throw new ParseError(line.number, `${quote(word)} is no complete part of a route`);
		}
		attributes.set(word, value);
	}
	const via = attributes.get('via');
	if (via !== undefined && !isIPv4(via) && !isIPv6(via)) {
		throw new ParseError(line.number, `${quote(via)} is no next hop`);
	}
	if (!/^\d+$/.test(attributes.get('metric') ?? '0')) throw new ParseError(line.number, 'the metric is no number');
	return attributes;
}

function finish({line, type, destination, hops}: Draft, family: Family, protocol: string): KernelRoute {
	const via = hops.flatMap(hop => hop.get('via') ?? []);
	const devices = new Set(hops.flatMap(hop => hop.get('dev') ?? []));
	if (via.length === 0 && devices.size === 0 && !nowhere.has(type)) {
		throw new ParseError(line.number, `${quote(line.text)} leads nowhere`);
	}
	const metric = hops[0]?.get('metric');
	const [device = null] = devices;
	return {
		destination,
		family,
		via,
		// Next hops over several devices have no one device.
		device: devices.size > 1 || nowhere.has(type) ? null : device,
		protocol: hops[0]?.get('proto') ?? protocol,
		metric: metric === undefined ? null : Number(metric),
		blackhole: type === 'blackhole',
		hops: hops.flatMap(hop => (hop.has('via') || hop.has('dev') ? nextHop(hop) : [])),
	};
}

function nextHop(hop: Attributes): NextHop {
	const weight = hop.get('weight');
	return {
		via: hop.get('via') ?? null,
		device: hop.get('dev') ?? null,
		onlink: hop.has('onlink'),
		weight: weight === undefined ? null : Number(weight),
	};
}

function isAddress(text: string, family: Family): boolean {
	return family === 4 ? isIPv4(text) : isIPv6(text);
}
