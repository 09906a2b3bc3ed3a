import {bgpFamilies, hasBgpAddress} from '../reflectors.ts';
import type {Snapshot} from '../snapshot.ts';
import type {Write} from '../write.ts';

/** One direction between two nodes. */
export type ProbePair = {readonly from: string; readonly to: string};

/** The pairs that a run's pings go between, out of so many in the cluster. */
export type ProbeScope = {
	readonly pairs: readonly ProbePair[];
	readonly of: number;
	/** Some nodes have addresses of both families: between two that have IPv4 the pings go over it alone. */
	readonly leavesOutIpv6: boolean;
};

/**
 * Packets of one round of pings, and the milliseconds from one to the next: 200 is the least that every `ping` allows to
 * everybody (iputils, MINUSERINTERVAL). A round is one command on the node; `kubectl exec` costs about 0.1 s of CPU here,
 * so that twenty pairs in rounds of 5 s cost less than half a processor.
 */
export const probePace = {count: 25, interval: 200} as const;

/** So many pairs at most; five nodes have twenty. */
const mostPairs = 20;
/** Up to this many nodes every pair is measured. */
const smallCluster = 5;

/**
 * Between which nodes a run's pings go. On a small cluster all of them, in both directions. On a larger one the nodes that
 * convert with a few others, both ways: all loss is between a node that converts and the rest (measured on real Calico).
 */
export function probeScope(snapshot: Snapshot, writes: readonly Write[]): ProbeScope {
	const nodes = snapshot.nodes.filter(hasBgpAddress);
	const names = nodes.map(node => node.metadata.name);
	const of = names.length * (names.length - 1);
	const leavesOutIpv6 = nodes.some(node => bgpFamilies(node).length === 2);
	return {pairs: pairsOf(names, writes), of, leavesOutIpv6};
}

function pairsOf(names: readonly string[], writes: readonly Write[]): readonly ProbePair[] {
	if (names.length <= smallCluster) return allPairs(names);
	const written = new Set(writes.filter(write => write.kind === 'Node').map(write => write.name));
	const converting = spread(
		names.filter(name => written.has(name)),
		mostPairs / 2,
	);
	if (converting.length === 0) return allPairs(spread(names, smallCluster));
	const others = names.filter(name => !written.has(name));
	const partners = spread(others, Math.max(1, Math.floor(mostPairs / 2 / converting.length)));
	const pairs = converting.flatMap(one =>
		partners.flatMap(other => [
			{from: one, to: other},
			{from: other, to: one},
		]),
	);
	// Where every node converts there is no other: then among themselves.
	return pairs.length > 0 ? pairs : allPairs(spread(names, smallCluster));
}

function allPairs(names: readonly string[]): readonly ProbePair[] {
	return names.flatMap(from => names.flatMap(to => (from === to ? [] : [{from, to}])));
}

/** At most so many of the names, evenly spread over the list: not all from one rack, and the same at every look. */
function spread(names: readonly string[], most: number): readonly string[] {
	if (names.length <= most) return names;
	return Array.from({length: most}, (_, index) => names[Math.floor((index * names.length) / most)] ?? '');
}

/** The command of the probe as it runs on the nodes, for the preview; the addresses are found before the first write. */
export function probeCommand({pairs, of, leavesOutIpv6}: ProbeScope): string {
	const which = pairs.length === of ? `for each of ${of} pairs` : `for ${pairs.length} of ${of} pairs`;
	return `${pingArguments({source: 'ADDRESS', target: 'POD-ADDRESS', pace: probePace}).join(' ')}    on the nodes, from one to the other's block, ${which}, again and again until the run ends${leavesOutIpv6 ? '; over IPv4 where both nodes have it' : ''}`;
}

/** What one `ping` is asked for. */
export type PingRequest = {
	readonly source: string;
	readonly target: string;
	/** Packets, and milliseconds from one to the next. */
	readonly pace: {readonly count: number; readonly interval: number};
};

/**
 * The command of one round: numbers for names, a line for each packet that was not answered, a second for an answer at
 * most where none came at all. Given an address to send from, `ping` goes on where a route is missing: without, it asks
 * for one first and ends with "connect: Network is unreachable" (seen with iputils 20221126).
 */
export function pingArguments({source, target, pace: {count, interval}}: PingRequest): readonly string[] {
	return ['ping', '-n', '-O', '-i', String(interval / 1000), '-c', String(count), '-W', '1', '-I', source, target];
}
