import {type Looks, lookAtNodes} from '../cluster/look-at-nodes.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {nearest} from '../core/nearest.ts';
import {peerRow} from '../core/node-status-table.ts';
import type {Observation, Session} from '../core/session.ts';
import {isEstablished} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import {addressIn, nodeStatusText} from '../plain/status-text.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done, failed} from './exit-codes.ts';
import type {Io} from './io.ts';
import {createNodeQueue} from './node-queue.ts';
import {type StatusView, statusView} from './status-view.ts';
import {counted} from './text-table.ts';
import {watchStatus} from './watch-status.ts';

/** `status`: the BGP peers of every node, in calicoctl's own table. */
export const status: Command = async ({options}, io) => {
	const connection = await connect(options, io);
	const {signal} = io.interrupts;
	const {snapshot} = await connection.cluster.read(signal);
	const names = chosenNames(snapshot, options.node);
	const {cluster, clock} = connection;
	const view = statusView(options);
	const json = options.json === true;
	if (options.watch) return watchStatus({cluster, clock, snapshot, names, view, json}, io);
	const printer = createPrinter(names, view, addressIn(snapshot), io);
	const streams = !json && view.order !== null;
	const looks = await lookAtNodes(cluster, snapshot, names, signal, streams ? printer.add : undefined);
	if (json) io.print(JSON.stringify({schemaVersion: 1, nodes: statusJson(view.sort(names, looks), looks, view)}));
	else {
		if (streams) printer.end();
		else for (const name of view.sort(names, looks)) printer.print(looks.get(name), name);
		io.print(`\n${establishedText(looks)}`);
	}
	return [...looks.values()].some(each => each.sessions.known) || names.length === 0 ? done : failed;
};

/** Prints each node's table as soon as it is known and its turn has come. */
function createPrinter(names: readonly string[], view: StatusView, addressOf: (name: string) => string, io: Io) {
	const looks = new Map<string, Observation>();
	let count = 0;
	const print = (given: Observation | undefined, name: string): void => {
		const look = view.filter(given);
		if (!look && view.filters) return;
		io.write(`${count > 0 ? '\n' : ''}${nodeStatusText(name, look, addressOf(name))}`);
		count += 1;
	};
	const queue = createNodeQueue(view.order?.(names) ?? [], name => print(looks.get(name), name));
	const add = (look: Observation): void => {
		looks.set(look.node, look);
		queue.add(look.node);
	};
	return {add, end: queue.end, print};
}

function chosenNames({nodes}: Snapshot, node: string | undefined): readonly string[] {
	const all = nodes.map(each => each.metadata.name);
	if (node === undefined) return all;
	if (all.includes(node)) return [node];
	const meant = nearest(node, all);
	throw new UserError(`There is no node ${node}${meant ? `; did you mean ${meant}?` : '.'}`);
}

/** The nodes as `status --json` has them. */
export function statusJson(names: readonly string[], looks: Looks, {filter, filters}: StatusView) {
	return names.flatMap(name => {
		const look = filter(looks.get(name));
		return look || !filters ? [nodeJson(name, look)] : [];
	});
}

function nodeJson(name: string, look: Observation | undefined) {
	const sessions = look?.sessions ?? {known: false, reason: 'not looked at'};
	const source = look?.source ?? null;
	if (!sessions.known) return {name, error: sessions.reason, source, peers: []};
	return {name, error: null, source, peers: sessions.value.map(peerJson)};
}

/** A session as `status --json` has it; the address is as in calicoctl's table, a port a part of it. */
export function peerJson(session: Session) {
	const {protocol, family, type, state, since, info} = session;
	return {protocol, family, address: peerRow(session).address, type, state, since, info};
}

/** `20 of 20 session ends are Established on 5 nodes.` */
export function establishedText(looks: Looks): string {
	const known = [...looks.values()].flatMap(look => (look.sessions.known ? [look.sessions.value] : []));
	const sessions = known.flat();
	const up = sessions.filter(isEstablished).length;
	const unknown = looks.size - known.length;
	return sanitize(
		`${up} of ${counted(sessions.length, 'session end')} Established on ${counted(known.length, 'node')}${unknown > 0 ? `; ${counted(unknown, 'node')} not known` : ''}.`,
	);
}
