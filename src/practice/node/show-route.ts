import type {Family} from '../../core/session.ts';
import type {Network} from '../bgp/network.ts';
import type {Route} from '../bgp/paths.ts';
import {birdTime} from './bird-time.ts';
import {longestMatch, parseTarget, routingTable, type TableEntry} from './routing-table.ts';

/** What `show route` was asked for. */
type Request = {
	all: boolean;
	primary: boolean;
	count: boolean;
	protocol: string | undefined;
	/** One destination, and whether it is meant exactly or by longest match. */
	target: {readonly text: string; readonly exact: boolean} | undefined;
};

/** A line that BIRD answers instead of a table. */
export class BirdRefusal extends Error {
	override readonly name = 'BirdRefusal';
}

/**
 * The lines of `show route [PREFIX] [for ADDRESS] [all] [primary] [protocol NAME] [count]` (nest/rt-table.c).
 * Throws BirdRefusal with BIRD's words; undefined for arguments of BIRD's that are not known here.
 */
export function showRoute(
	network: Network,
	node: string,
	family: Family,
	words: readonly string[],
): readonly string[] | undefined {
	const at = network.clock.now();
	const request = parseRequest(words, family, name => isProtocol(network, node, family, name, at));
	if (!request) return undefined;
	const table = routingTable(network, node, family, at);
	const {target, primary, protocol} = request;
	const destination = target && (target.exact ? target.text : longestMatch(table, target.text));
	const found = target ? table.filter(entry => entry.destination === destination) : table;
	if (target && found.length === 0) throw new BirdRefusal('Network not in table');
	const wanted = found.filter(
		entry => (!primary || entry.best) && (protocol === undefined || entry.protocol === protocol),
	);
	if (request.count) return [countLine(wanted, table)];
	return wanted.flatMap((entry, index) => {
		const repeats = wanted[index - 1]?.destination === entry.destination;
		const line = describeEntry(entry, repeats, at);
		return request.all ? [line, ...attributeLines(entry)] : [line];
	});
}

function parseRequest(
	words: readonly string[],
	family: Family,
	isKnown: (protocol: string) => boolean,
): Request | undefined {
	const request: Request = {all: false, primary: false, count: false, protocol: undefined, target: undefined};
	const rest = [...words];
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		if (word === 'all' || word === 'primary' || word === 'count') {
			request[word] = true;
		} else if (word === 'protocol') {
			const name = rest.shift();
			if (name === undefined) throw new BirdRefusal('syntax error');
			if (!isKnown(name)) throw new BirdRefusal(`${name} is not a protocol`);
			request.protocol = name;
		} else if (word === 'for') {
			const text = rest.shift();
			if (text === undefined) throw new BirdRefusal('syntax error');
			if (!parseTarget(text, family)) throw new BirdRefusal('IP address expected');
			request.target = {text, exact: false};
		} else if (otherArguments.has(word)) {
			return undefined;
		} else {
			const kind = parseTarget(word, family);
			if (kind !== 'prefix') throw new BirdRefusal(kind === 'address' ? 'syntax error' : 'IP address expected');
			request.target = {text: word, exact: true};
		}
	}
	return request;
}

const otherArguments: ReadonlySet<string> = new Set([
	'table',
	'filter',
	'where',
	'filtered',
	'export',
	'noexport',
	'preexport',
	'stats',
]);

function isProtocol(network: Network, node: string, family: Family, name: string, at: number): boolean {
	if (['static1', 'kernel1', 'device1', 'direct1'].includes(name)) return true;
	return network.protocols(node, family, at)?.some(({peer}) => peer.protocol === name) === true;
}

function countLine(wanted: readonly TableEntry[], table: readonly TableEntry[]): string {
	const networks = new Set(table.map(({destination}) => destination)).size;
	return `${wanted.length} of ${table.length} routes for ${networks} networks`;
}

function describeEntry(entry: TableEntry, repeats: boolean, at: number): string {
	const {source, protocol, since, best} = entry;
	const sender = source.kind === 'bgp' ? source.route.session.config.peer.address : '';
	const from = source.kind === 'bgp' && sender !== source.route.nextHop ? ` from ${sender}` : '';
	const destination = (repeats ? '' : entry.destination).padEnd(18);
	return `${destination} ${describeWay(entry)} [${protocol} ${birdTime(since, at)}${from}]${best ? ' *' : ''} ${describeRank(entry)}`;
}

function describeWay({source}: TableEntry): string {
	switch (source.kind) {
		case 'blackhole':
			return 'blackhole';
		case 'device':
			return `dev ${source.device}`;
		case 'bgp':
			return `via ${source.route.nextHop} on ${source.device}`;
	}
}

/** The protocol's preference, and for BGP the distance to the next hop and where the route began. */
function describeRank({source}: TableEntry): string {
	switch (source.kind) {
		case 'blackhole':
			return '(200)';
		case 'device':
			return '(240)';
		case 'bgp': {
			const origin = source.route.asPath.at(-1);
			return `(100/0) [${origin === undefined ? '' : `AS${origin}`}i]`;
		}
	}
}

function attributeLines({source}: TableEntry): readonly string[] {
	switch (source.kind) {
		case 'blackhole':
			return ['\tType: static unicast univ'];
		case 'device':
			return ['\tType: device unicast univ'];
		case 'bgp':
			return ['\tType: BGP unicast univ', ...bgpAttributes(source.route)];
	}
}

function bgpAttributes({asPath, nextHop, originatorId, clusterList}: Route): readonly string[] {
	// Calico's BIRD gives a route of metric 1024 the preference 2^31 - 1 - 1024; across an AS border it is lost.
	const localPreference = asPath.length === 0 ? 2_147_482_623 : 100;
	return [
		'\tBGP.origin: IGP',
		`\tBGP.as_path: ${asPath.join(' ')}`,
		`\tBGP.next_hop: ${nextHop}`,
		`\tBGP.local_pref: ${localPreference}`,
		...(originatorId === null ? [] : [`\tBGP.originator_id: ${originatorId}`]),
		...(clusterList.length === 0 ? [] : [`\tBGP.cluster_list: ${clusterList.join(' ')}`]),
	];
}
