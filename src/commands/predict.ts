import {sanitize} from '../cluster/sanitize.ts';
import {nearest} from '../core/nearest.ts';
import {peersOf} from '../core/peering/peers.ts';
import {type Peering, preparePeering} from '../core/peering/prepare.ts';
import {countSessions} from '../core/peering/totals.ts';
import {UserError} from '../core/user-error.ts';
import type {Command} from './command.ts';
import {done} from './exit-codes.ts';
import type {Io} from './io.ts';
import {readResourceFiles} from './resource-files.ts';
import {counted, someNames, textTable} from './text-table.ts';

/** More nodes than this, and the tables of all of them would bury the summary. */
const fewNodes = 20;

/** `predict -f FILE…`: the sessions that Calico makes of some resources, without any cluster. */
export const predict: Command = async ({positionals, options}, io) => {
	const paths = [...(options.file ?? []), ...positionals];
	if (paths.length === 0) {
		throw new UserError('predict needs files.', {next: ['Use: calico-rr-wizard predict -f nodes.yaml -f bgp.yaml']});
	}
	const {snapshot, ignored} = await readResourceFiles(paths);
	for (const [kind, count] of ignored)
		io.progress(`Left out, since it decides about no session: ${count} ${sanitize(kind)}.`);
	const peering = preparePeering(snapshot);
	for (const {bgpPeer, field, error} of peering.badSelectors) {
		io.progress(
			sanitize(`BGPPeer ${bgpPeer}: ${field} matches no node, since Calico cannot read it: ${error.message}`),
		);
	}
	const names = chosenNames(peering, options.node);
	if (options.json) await printJson(peering, names, io);
	else printText(peering, names, options.node !== undefined, io);
	return done;
};

function chosenNames(peering: Peering, node: string | undefined): readonly string[] {
	const all = peering.nodes.map(each => each.name);
	if (node === undefined) return all;
	if (peering.byName.has(node)) return [node];
	const meant = nearest(node, all);
	throw new UserError(`There is no node '${node}' in these files.${meant ? ` Did you mean ${meant}?` : ''}`);
}

/** Node by node: the whole of a large mesh would fit into no memory. */
async function printJson(peering: Peering, names: readonly string[], io: Io): Promise<void> {
	io.write('{"schemaVersion":1,"nodes":[');
	for (const [index, name] of names.entries()) {
		if (io.closed()) return;
		io.write(`${index === 0 ? '' : ','}\n${JSON.stringify({name, peers: peersOf(peering, name)})}`);
		await io.drained();
	}
	io.write('\n]}\n');
}

function printText(peering: Peering, names: readonly string[], one: boolean, io: Io): void {
	const {sessions, external, endsOf} = countSessions(peering);
	if (!one) {
		const outside = external === 0 ? '' : `, and ${counted(external, 'session')} with routers outside`;
		io.print(`${counted(names.length, 'node')}: ${counted(sessions, 'BGP session')} between them${outside}.`);
	}
	if (one || names.length <= fewNodes) {
		for (const name of names) printNode(peering, name, io);
		return;
	}
	const byCount = new Map<number, string[]>();
	for (const name of names) {
		const ends = endsOf.get(name) ?? 0;
		const group = byCount.get(ends);
		if (group) group.push(name);
		else byCount.set(ends, [name]);
	}
	const rows = [...byCount].sort(([left], [right]) => right - left);
	io.print('');
	io.print(
		textTable(
			['SESSIONS', 'NODES', ''],
			rows.map(([ends, group]) => [String(ends), String(group.length), someNames(group)]),
		),
	);
	io.print('\nFor the sessions of one node: --node NAME. For all: --json.');
}

function printNode(peering: Peering, name: string, io: Io): void {
	const peers = peersOf(peering, name);
	io.print(`\n${sanitize(name)}: ${counted(peers.length, 'session')}`);
	if (peers.length === 0) return;
	const rows = peers.map(peer => [
		peer.protocol,
		peer.port === null ? peer.address : `${peer.address} port ${peer.port}`,
		peer.as,
		peer.passive ? 'waits' : 'dials',
		peer.reflectorClient ? `client of cluster ${peer.clusterId}` : '',
	]);
	io.print(textTable(['PROTOCOL', 'PEER ADDRESS', 'AS', 'DIALS', 'REFLECTION'], rows));
}
