import {hasBgpAddress} from '../reflectors.ts';
import type {Snapshot} from '../snapshot.ts';
import type {GateScope} from './types.ts';

/** Up to this many nodes a gate asks every one; above, the reflectors and a sample (one reflector's table covers all nodes). */
export const smallCluster = 20;
/** How many non-reflectors a gate asks on a larger cluster. */
const sample = 5;

/** A gate on everything: every reflector, and every other node or a sample of them. */
export function gateEverywhere(snapshot: Snapshot, reflectors: readonly string[]): GateScope {
	return {nodes: nodesToAsk(snapshot, reflectors), routes: true};
}

/** A gate around one node that changes its sessions: on a large cluster the others are asked about it alone. */
export function gateAround(snapshot: Snapshot, name: string, reflectors: readonly string[]): GateScope {
	const names = namesInBgp(snapshot);
	if (names.length <= smallCluster) return {nodes: nodesToAsk(snapshot, reflectors), routes: true};
	// The node's own table has every session that moves; five others say that the change has reached them too.
	return {nodes: [name, ...spread(names.filter(other => other !== name))], about: name, routes: false};
}

function namesInBgp(snapshot: Snapshot): readonly string[] {
	return snapshot.nodes.filter(hasBgpAddress).map(node => node.metadata.name);
}

function nodesToAsk(snapshot: Snapshot, reflectors: readonly string[]): readonly string[] {
	const names = namesInBgp(snapshot);
	if (names.length <= smallCluster) return names;
	return [...reflectors, ...spread(names.filter(name => !reflectors.includes(name)))];
}

/** A few of the nodes. */
function spread(others: readonly string[]): readonly string[] {
	// Evenly spread over the list, so that the sample is the same at every look and not all from one rack.
	const picked = Array.from({length: sample}, (_, index) => others[Math.floor((index * others.length) / sample)]);
	return picked.filter(name => name !== undefined);
}

/** What a step waits for before its first write, in words. */
export function checkText({reflectors}: GateScope): string {
	const needed = Math.min(2, reflectors?.length ?? 0);
	const learned =
		needed === 0 ? '' : `, and each block is learned from ${needed === 1 ? 'the reflector' : 'two reflectors'}`;
	return `Before the first write it waits until every session is Established and heard of lately${learned}.`;
}
