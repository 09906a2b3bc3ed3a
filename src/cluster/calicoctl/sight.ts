import type {Clock} from '../../core/clock.ts';
import {bgpFamilies} from '../../core/reflectors.ts';
import type {NodeResource} from '../../core/resources.ts';
import type {Family, Observation} from '../../core/session.ts';
import type {Exec} from '../exec.ts';
import {findLocalNode, type Machine} from '../local-node.ts';
import {createLocalNodeShell, type NodeShell} from '../node-shell.ts';
import {birdSessions, createObserver, type Observer, type SessionSource} from '../observe.ts';
import type {Cluster, Visibility} from '../port.ts';
import {nodeStatusSessions} from './local-status.ts';

export type SightOptions = {
	readonly exec: Exec;
	readonly binary: string;
	readonly clock: Clock;
	/** Reads the nodes where one is asked about that is not known. */
	readonly readNodes: (signal: AbortSignal | undefined) => Promise<readonly NodeResource[]>;
	readonly nodeShell: NodeShell | undefined;
	readonly localNodeName: string | undefined;
	readonly machine: () => Machine;
	/** Milliseconds for one command on a node. */
	readonly timeout: number;
	/** Commands on nodes at once. */
	readonly limit: number;
};

/** What can be seen of the nodes themselves, beside the datastore. */
export type Sight = Pick<Cluster, 'visibility' | 'observe'> & {
	/** The nodes as they were read last: which families they have, which of them this machine is. */
	remember(nodes: readonly NodeResource[]): void;
};

/** Looks at the nodes through the node shell; without one, at the one node that this machine is. */
export function createSight(options: SightOptions): Sight {
	const {exec, binary, clock, nodeShell, timeout, limit} = options;
	let nodes: ReadonlyMap<string, NodeResource> = new Map();
	const remember = (list: readonly NodeResource[]) => {
		nodes = new Map(list.map(node => [node.metadata.name, node]));
	};
	const observer = (shell: NodeShell, sessions: SessionSource): Observer =>
		createObserver({shell, sessions, clock, limit, timeout});
	const everywhere = nodeShell && observer(nodeShell, birdSessions);
	const localNode = () => options.localNodeName ?? findLocalNode([...nodes.values()], options.machine());

	return {
		remember,
		async visibility({nodes: list}): Promise<Visibility> {
			remember(list);
			if (nodeShell) return {nodes: 'all', source: `BIRD on the nodes, through "${nodeShell.source}"`};
			const local = localNode();
			const source = '"calicoctl node status" on this machine';
			return local === undefined
				? {nodes: [], source, reason: "This machine is none of the cluster's nodes, and there is no --node-shell."}
				: {nodes: [local], source, reason: `Without --node-shell only this machine's own node, ${local}, is visible.`};
		},
		async *observe(names, {routes, deep, signal}) {
			if (names.some(name => !nodes.has(name))) remember(await options.readNodes(signal));
			const local = everywhere ? undefined : localNode();
			const visible: string[] = [];
			for (const name of names) {
				if (!nodes.has(name)) yield unseen(name, clock.now(), 'there is no such node', routes);
				else if (everywhere || name === local) visible.push(name);
				else yield unseen(name, clock.now(), hidden, routes);
			}
			if (visible.length === 0) return;
			const observe = everywhere ?? observer(createLocalNodeShell(exec, local ?? ''), nodeStatusSessions(binary));
			const asked = visible.map(name => ({name, families: familiesOf(nodes.get(name))}));
			const source = nodeShell ? 'node shell' : 'calicoctl node status';
			for await (const look of observe(asked, {routes, deep, signal})) yield {...look, source};
		},
	};
}

const hidden = 'not visible from here: "calicoctl node status" shows only the node it runs on; give --node-shell';

function unseen(node: string, at: number, reason: string, routes: boolean): Observation {
	const nothing = {known: false, reason} as const;
	return {node, at, sessions: nothing, ...(routes && {routes: nothing})};
}

function familiesOf(node: NodeResource | undefined): readonly Family[] {
	return node ? bgpFamilies(node) : [];
}
