import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {Cluster} from './port.ts';

/** The latest look at each node, by name; a node that cannot be looked at has its reason there. */
export type Looks = ReadonlyMap<string, Observation>;

/** Looks once at each of the nodes that can be seen, all at the same time. */
export async function lookAtNodes(
	cluster: Cluster,
	snapshot: Snapshot,
	names: readonly string[],
	signal?: AbortSignal,
	/** Hears of each node as soon as it answered. */
	onLook?: (look: Observation) => void,
): Promise<Looks> {
	const {visible, hidden} = await splitNodes(cluster, snapshot, names);
	const looks = new Map<string, Observation>();
	const add = (look: Observation): void => {
		looks.set(look.node, look);
		onLook?.(look);
	};
	hidden.forEach(add);
	for await (const look of cluster.observe(visible, {routes: false, ...(signal ? {signal} : {})})) add(look);
	return looks;
}

/** The nodes that can be looked at; for the others, a look that says why not. */
export async function splitNodes(
	cluster: Cluster,
	snapshot: Snapshot,
	names: readonly string[],
): Promise<{readonly visible: readonly string[]; readonly hidden: readonly Observation[]}> {
	const visibility = await cluster.visibility(snapshot);
	if (visibility.nodes === 'all') return {visible: names, hidden: []};
	const {nodes, reason} = visibility;
	const sessions = {known: false, reason} as const;
	return {
		visible: names.filter(name => nodes.includes(name)),
		hidden: names.filter(name => !nodes.includes(name)).map(node => ({node, at: 0, sessions})),
	};
}
