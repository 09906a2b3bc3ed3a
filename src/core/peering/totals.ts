import type {Family} from '../session.ts';
import {endsBetween} from './between.ts';
import {externalEnds} from './peers.ts';
import type {Peering, PeeringNode} from './prepare.ts';

/** How many sessions a cluster has, and how many ends each node holds. */
export type Totals = {
	/** Sessions between two nodes, each counted once, both families. */
	readonly sessions: number;
	/** Sessions with routers outside the cluster. */
	readonly external: number;
	/** Session ends a node holds, external ones included. */
	readonly endsOf: ReadonlyMap<string, number>;
};

/** Nodes that no BGPPeer tells apart, so that one pair of them stands for all. */
type Group = {readonly members: readonly PeeringNode[]; readonly external: number};

/**
 * Counts a cluster's sessions without listing them: a mesh of 5,000 nodes has 25 million ends, but its nodes fall into
 * one group, and three reflectors make two.
 */
export function countSessions(peering: Peering): Totals {
	const groups = groupNodes(peering);
	const ends = new Map<Group, number>(groups.map(group => [group, group.external]));
	let sessions = 0;
	for (const [index, left] of groups.entries()) {
		for (const right of groups.slice(index)) {
			const pair = left === right ? [left.members[0], left.members[1]] : [left.members[0], right.members[0]];
			const [a, b] = pair;
			if (!a || !b) continue;
			const size = right.members.length;
			const pairs = left === right ? (size * (size - 1)) / 2 : left.members.length * size;
			for (const family of [4, 6] as const) {
				const there = endsBetween(peering, a, b, family).length;
				const back = endsBetween(peering, b, a, family).length;
				sessions += Math.max(there, back) * pairs;
				ends.set(left, (ends.get(left) ?? 0) + there * (left === right ? size - 1 : size));
				if (left !== right) ends.set(right, (ends.get(right) ?? 0) + back * left.members.length);
			}
		}
	}
	const endsOf = new Map(
		groups.flatMap(group => group.members.map(node => [node.name, ends.get(group) ?? 0] as const)),
	);
	return {sessions, external: groups.reduce((sum, group) => sum + group.external * group.members.length, 0), endsOf};
}

function groupNodes(peering: Peering): readonly Group[] {
	return groupAlike([peering]).map(members => ({members, external: externalCount(peering, members[0])}));
}

/**
 * Nodes in groups whose members Calico treats alike in each of these peerings of one cluster, so that one member stands
 * for all: a handful of groups however many nodes there are.
 */
export function groupAlike(peerings: readonly Peering[]): ReadonlyArray<readonly PeeringNode[]> {
	const keys = peerings[0]?.nodes.map(() => '') ?? [];
	for (const peering of peerings) {
		const named = new Set(peering.rules.flatMap(rule => rule.peerIp?.address ?? []));
		peering.nodes.forEach((node, index) => {
			keys[index] += `${signature(peering, node, named)}\n`;
		});
	}
	const groups = new Map<string, PeeringNode[]>();
	for (const [index, node] of peerings[0]?.nodes.entries() ?? []) {
		const key = keys[index] ?? '';
		const members = groups.get(key);
		if (members) members.push(node);
		else groups.set(key, [node]);
	}
	return [...groups.values()];
}

function signature(peering: Peering, node: PeeringNode, named: ReadonlySet<string>): string {
	let text = `${node.address[4] !== ''}${node.address[6] !== ''}${node.clusterId !== ''}`;
	for (const rule of peering.rules) text += ` ${rule.local[node.index]}${rule.remote?.[node.index] ?? ''}`;
	// A BGPPeer that names the node's own address treats this node, and no other, in its own way.
	return named.has(node.address[4]) || named.has(node.address[6]) ? `${text} ${node.name}` : text;
}

function externalCount(peering: Peering, node: PeeringNode | undefined): number {
	const families: readonly Family[] = [4, 6];
	return node
		? families.reduce((sum, family) => sum + (node.address[family] ? externalEnds(peering, node, family).length : 0), 0)
		: 0;
}
