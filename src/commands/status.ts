import {sanitize} from '../cluster/sanitize.ts';
import {nearest} from '../core/nearest.ts';
import {peerRow} from '../core/node-status-table.ts';
import type {Observation, Session} from '../core/session.ts';
import {isEstablished} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import {addressIn, type Looks, lookAtNodes, statusText} from '../plain/status-text.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done, failed} from './exit-codes.ts';
import {counted} from './text-table.ts';
import {watchStatus} from './watch-status.ts';

/** `status`: the BGP peers of every node, in calicoctl's own table. */
export const status: Command = async ({options}, io) => {
	const connection = await connect(options, io);
	const {signal} = io.interrupts;
	const {snapshot} = await connection.cluster.read(signal);
	const names = chosenNames(snapshot, options.node);
	const look = () => lookAtNodes(connection.cluster, snapshot, names, signal);
	if (options.watch)
		return watchStatus({look, names, snapshot, clock: connection.clock, json: options.json === true}, io);
	const looks = await look();
	if (options.json) io.print(JSON.stringify({schemaVersion: 1, nodes: statusJson(names, looks)}));
	else {
		io.write(statusText(names, looks, addressIn(snapshot)));
		io.print(`\n${establishedText(looks)}`);
	}
	return [...looks.values()].some(each => each.sessions.known) || names.length === 0 ? done : failed;
};

function chosenNames({nodes}: Snapshot, node: string | undefined): readonly string[] {
	const all = nodes.map(each => each.metadata.name);
	if (node === undefined) return all;
	if (all.includes(node)) return [node];
	const meant = nearest(node, all);
	throw new UserError(`There is no node ${node}${meant ? `; did you mean ${meant}?` : '.'}`);
}

/** The nodes as `status --json` has them. */
export function statusJson(names: readonly string[], looks: Looks) {
	return names.map(name => nodeJson(name, looks.get(name)));
}

function nodeJson(name: string, look: Observation | undefined) {
	const sessions = look?.sessions ?? {known: false, reason: 'not looked at'};
	if (!sessions.known) return {name, error: sessions.reason, peers: []};
	return {name, error: null, peers: sessions.value.map(peerJson)};
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
