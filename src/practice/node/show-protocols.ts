import type {Family} from '../../core/session.ts';
import type {Network, ProtocolView} from '../bgp/network.ts';
import {birdTime} from './bird-time.ts';
import {protocolRoutes, type RouteCounts} from './route-counts.ts';
import {BirdRefusal} from './show-route.ts';

const heading = 'name     proto    table    state  since       info';

/** The protocols of Calico's bird.cfg beside its sessions, in the order of BIRD's list, with what `all` says of them. */
export const ownProtocols = [
	{name: 'static1', type: 'Static', preference: 200, input: 'ACCEPT', output: 'REJECT'},
	{name: 'kernel1', type: 'Kernel', preference: 10, input: 'ACCEPT', output: 'calico_kernel_programming'},
	{name: 'device1', type: 'Device', preference: 240, input: 'ACCEPT', output: 'REJECT'},
	{name: 'direct1', type: 'Direct', preference: 240, input: 'ACCEPT', output: 'REJECT'},
] as const;

/**
 * The lines of `show protocols [all] [NAME or "PATTERN"]` (nest/proto.c, bgp_show_proto_info in proto/bgp/bgp.c).
 * Throws BirdRefusal with BIRD's words.
 */
export function showProtocols(
	network: Network,
	node: string,
	family: Family,
	words: readonly string[],
): readonly string[] {
	const at = network.clock.now();
	const all = words[0] === 'all';
	const [name, ...surplus] = all ? words.slice(1) : words;
	if (surplus.length > 0) throw new BirdRefusal('syntax error');
	const matches = matcher(name);
	const startedAt = network.bird(node, at)?.startedAt ?? at;
	const own = ownProtocols.filter(protocol => matches(protocol.name));
	const sessions = (network.protocols(node, family, at) ?? []).filter(({peer}) => matches(peer.protocol));
	if (name !== undefined && own.length + sessions.length === 0) throw new BirdRefusal(noMatch(name));
	const counts = all ? protocolRoutes(network, node, family, at) : undefined;
	const since = birdTime(startedAt, at);
	return [
		heading,
		...own.flatMap(({name: own, type, preference, input, output}) => [
			row(own, type, 'up', since, ''),
			...(counts ? [...basicLines(preference, input, output, counts(own)), ''] : []),
		]),
		...sessions.flatMap(view => [
			row(view.peer.protocol, 'BGP', view.state, birdTime(view.since, at), infoOf(view)),
			...(counts ? [...sessionLines(network, node, view, counts(view.peer.protocol), at), ''] : []),
		]),
	];
}

function row(name: string, type: string, state: string, since: string, info: string): string {
	return `${name.padEnd(8)} ${type.padEnd(8)} master   ${state.padEnd(6)} ${since.padEnd(10)}  ${info}`;
}

/** Of a protocol that is down BIRD says its last error and no state (bgp_get_status). */
function infoOf({state, bgpState, error}: ProtocolView): string {
	return state === 'down' ? error : bgpState.padEnd(14) + error;
}

/** BIRD takes a bare name, or a pattern in double quotes. */
export function matcher(name: string | undefined): (protocol: string) => boolean {
	if (name === undefined) return () => true;
	const quoted = /^"(.*)"$/.exec(name)?.[1];
	if (quoted === undefined) {
		if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new BirdRefusal('syntax error');
		return protocol => protocol === name;
	}
	const pattern = quoted
		.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return protocol => new RegExp(`^${pattern}$`).test(protocol);
}

/** What BIRD says where no protocol is called so. */
export function noMatch(name: string): string {
	return name.startsWith('"') ? 'No protocols match' : `${name} is not a protocol`;
}

function basicLines(preference: number, input: string, output: string, counts: RouteCounts): readonly string[] {
	const {imported, exported, preferred} = counts;
	const column = (value: number): string => String(value).padStart(10);
	return [
		`  Preference:     ${preference}`,
		`  Input filter:   ${input}`,
		`  Output filter:  ${output}`,
		`  Routes:         ${imported} imported, ${exported} exported, ${preferred} preferred`,
		'  Route change stats:     received   rejected   filtered    ignored   accepted',
		`    Import updates:     ${column(imported)}          0          0          0 ${column(imported)}`,
		'    Import withdraws:            0          0        ---          0          0',
		`    Export updates:     ${column(exported)}          0          0        --- ${column(exported)}`,
		'    Export withdraws:            0        ---        ---        ---          0',
	];
}

function sessionLines(
	network: Network,
	node: string,
	view: ProtocolView,
	counts: RouteCounts,
	at: number,
): readonly string[] {
	const field = (name: string, value: string): string => `    ${`${name}:`.padEnd(17)} ${value}`;
	const seconds = (until: number): number => Math.max(0, Math.ceil((until - at) / 1000));
	const {peer, errorWait, connectAt, restartUntil, error} = view;
	const basic = basicLines(100, '(unnamed)', '(unnamed)', counts);
	return [
		'  Description:    Connection to BGP peer',
		// A protocol that is down has no statistics (proto_show_basic_info).
		...(view.state === 'down' ? basic.slice(0, 3) : basic),
		`  BGP state:          ${view.bgpState}`,
		field('Neighbor address', peer.address),
		field('Neighbor AS', peer.as),
		...(restartUntil === null
			? []
			: ['    Neighbor graceful restart active', field('Restart timer', `${seconds(restartUntil)}/-`)]),
		...(errorWait ? [field('Error wait', `${seconds(errorWait.until)}/${errorWait.of}`)] : []),
		...(connectAt === null ? [] : [field('Connect delay', `${seconds(connectAt)}/2`)]),
		...(view.holdUntil === null ? [] : upLines(network, node, view, view.holdUntil, field, seconds)),
		...(error === '' ? [] : [field('Last error', error)]),
	];
}

function upLines(
	network: Network,
	node: string,
	view: ProtocolView,
	holdUntil: number,
	field: (name: string, value: string) => string,
	seconds: (until: number) => number,
): readonly string[] {
	const {peer, localAs} = view;
	const session = [
		localAs === peer.as ? 'internal' : 'external',
		'multihop',
		...(peer.reflectorClient ? ['route-reflector'] : []),
		'AS4 add-path-rx add-path-tx',
	];
	return [
		field('Neighbor ID', network.routerIdAt(peer.address)),
		field('Neighbor caps', 'refresh enhanced-refresh restart-able llgr-aware AS4 add-path-rx add-path-tx'),
		field('Session', session.join(' ')),
		field('Source address', network.addressOf(node, peer.family)?.address ?? ''),
		field('Hold timer', `${seconds(holdUntil)}/240`),
		field('Keepalive timer', `${seconds(view.keepaliveAt ?? 0)}/80`),
	];
}
