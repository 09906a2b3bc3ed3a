import {asCompleted, createLimit} from '../cluster/concurrency.ts';
import type {HeldNode, Holds} from '../cluster/hold.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {bgpFamilies, hasBgpAddress} from '../core/reflectors.ts';
import type {Seen} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done, failed} from './exit-codes.ts';
import {counted} from './text-table.ts';

/** Nodes that are worked on at once. */
const atOnce = 16;

/** What is known of the copies on one node. */
type Row = {
	readonly node: string;
	readonly error: string | null;
	readonly held: readonly string[];
	readonly released: number;
};

/** `hold status` shows the route copies that a run left on the nodes; `hold clear` takes away those that BIRD has again. */
export const hold: Command = async ({positionals, options}, io) => {
	const [action = 'status', ...more] = positionals;
	if ((action !== 'status' && action !== 'clear') || more.length > 0) {
		throw new UserError(`There is no 'hold ${sanitize(positionals.join(' '))}'.`, {
			next: ['Give hold status or hold clear.'],
		});
	}
	const {cluster} = await connect(options, io, {changesUnasked: action === 'clear'});
	const {snapshot} = await cluster.read(io.interrupts.signal);
	const holding = await cluster.holding();
	const {holds} = cluster;
	if (!holds || holding.state === 'impossible') {
		const reason = holding.state === 'impossible' ? holding.reason : 'there is no way onto the nodes';
		throw new UserError(`Held routes cannot be looked for: ${reason}.`, {
			next: ["Say how to reach the nodes: --node-shell 'ssh {node} sudo {command}'"],
		});
	}
	const work = action === 'clear' ? clearOn(holds, io.interrupts.signal) : lookOn(holds, io.interrupts.signal);
	const withinLimit = createLimit(atOnce);
	const rows: Row[] = [];
	for await (const row of asCompleted(nodesOf(snapshot).map(node => withinLimit(() => work(node))))) rows.push(row);
	rows.sort((left, right) => (left.node < right.node ? -1 : 1));
	if (options.json) io.print(JSON.stringify({schemaVersion: 1, nodes: rows}));
	else for (const line of textOf(rows, action)) io.print(sanitize(line));
	return rows.some(row => row.error !== null || (action === 'clear' && row.held.length > 0)) ? failed : done;
};

function nodesOf({nodes}: Snapshot): readonly HeldNode[] {
	return nodes.filter(hasBgpAddress).map(node => ({name: node.metadata.name, families: bgpFamilies(node)}));
}

function lookOn(holds: Holds, signal: AbortSignal) {
	return async (node: HeldNode): Promise<Row> => {
		const seen = await holds.look(node, signal);
		return rowOf(node, seen, routes => ({held: routes.map(route => route.destination), released: 0}));
	};
}

function clearOn(holds: Holds, signal: AbortSignal) {
	return async (node: HeldNode): Promise<Row> => {
		const seen = await holds.release(node, {}, signal);
		return rowOf(node, seen, ({kept, released}) => ({held: kept, released}));
	};
}

function rowOf<T>({name}: HeldNode, seen: Seen<T>, read: (value: T) => Pick<Row, 'held' | 'released'>): Row {
	return seen.known
		? {node: name, error: null, ...read(seen.value)}
		: {node: name, error: seen.reason, held: [], released: 0};
}

function textOf(rows: readonly Row[], action: 'status' | 'clear'): readonly string[] {
	const lines = rows.flatMap(({node, error, held, released}) => [
		...(error === null ? [] : [`${node}: unknown: ${error}`]),
		...(released > 0 ? [`${node}: ${counted(released, 'route')} taken away`] : []),
		...(held.length > 0
			? [`${node}: held: ${held.join(', ')}${action === 'clear' ? ' (BIRD has no route of its own there yet)' : ''}`]
			: []),
	]);
	const copies = rows.reduce((sum, row) => sum + row.held.length, 0);
	const unknown = rows.filter(row => row.error !== null).length;
	const total = `${counted(copies, 'held route')} on ${counted(rows.length - unknown, 'node')}`;
	return [...lines, `${total}${unknown > 0 ? `; ${counted(unknown, 'node')} not known` : ''}.`];
}
