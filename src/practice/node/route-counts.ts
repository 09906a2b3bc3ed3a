import type {Family} from '../../core/session.ts';
import type {Network} from '../bgp/network.ts';
import type {Route} from '../bgp/paths.ts';
import {routingTable} from './routing-table.ts';

/** How many routes a protocol brought, took, and how many of those it brought are the best of their destination. */
export type RouteCounts = {readonly imported: number; readonly exported: number; readonly preferred: number};

/** The route counts of a node's protocols, by name. */
export function protocolRoutes(
	network: Network,
	node: string,
	family: Family,
	at: number,
): (protocol: string) => RouteCounts {
	const table = routingTable(network, node, family, at);
	const imported = new Map<string, number>();
	const preferred = new Map<string, number>();
	const groups = new Map<string, Group>();
	const add = (counts: Map<string, number>, name: string): void => {
		counts.set(name, (counts.get(name) ?? 0) + 1);
	};
	for (const {protocol, best, source} of table) {
		add(imported, protocol);
		if (best) add(preferred, protocol);
		if (source.kind === 'bgp') addToGroup(groups, source.route);
	}
	const ownBlocks = network.blocksOf(node, family).length;
	const views = new Map((network.protocols(node, family, at) ?? []).map(view => [view.peer.protocol, view]));
	/** A session carries the node's own blocks, and what a reflector passes on. */
	const exported = (name: string): number => {
		if (name === 'kernel1') return table.filter(({best, protocol}) => best && protocol !== 'direct1').length;
		const view = views.get(name);
		if (view?.state !== 'up') return 0;
		const {reflectorClient, clusterId} = view.peer;
		let count = ownBlocks;
		for (const {fromClient, clusterList, total, bySession} of groups.values()) {
			const returns = clusterId !== null && clusterList.includes(clusterId);
			if ((fromClient || reflectorClient) && !returns) count += total - (bySession.get(name) ?? 0);
		}
		return count;
	};
	return name => ({
		imported: imported.get(name) ?? 0,
		exported: exported(name),
		preferred: preferred.get(name) ?? 0,
	});
}

/** Learned routes that a reflector treats alike. */
type Group = {
	readonly fromClient: boolean;
	readonly clusterList: readonly string[];
	total: number;
	readonly bySession: Map<string, number>;
};

function addToGroup(groups: Map<string, Group>, {session, clusterList}: Route): void {
	const {protocol, reflectorClient} = session.config.peer;
	const key = `${reflectorClient} ${clusterList.join(' ')}`;
	let group = groups.get(key);
	if (!group) {
		group = {fromClient: reflectorClient, clusterList, total: 0, bySession: new Map()};
		groups.set(key, group);
	}
	group.total += 1;
	group.bySession.set(protocol, (group.bySession.get(protocol) ?? 0) + 1);
}
