import type {ExecResult} from '../../cluster/exec.ts';
import type {Family, KernelRoute} from '../../core/session.ts';
import {compareAddresses, networkOf} from '../bgp/addresses.ts';
import {felixProtocol} from '../bgp/felix-routes.ts';
import type {Network} from '../bgp/network.ts';
import {notModelled, refuse, succeed} from './answers.ts';
import {changeRoute, isAction, runBatch} from './change-routes.ts';
import {printRoutesAsJson} from './route-json.ts';
import {parseTarget} from './routing-table.ts';

/** What `ip route show` was asked for. */
type Request = {readonly protocol: string | undefined; readonly destination: string | undefined};

/** `ip [-4|-6] [-j] route [show] [proto PROTOCOL] [PREFIX]` of iproute2. */
export function runIp(network: Network, node: string, argv: readonly string[], input: string): ExecResult {
	const words = argv.slice(1);
	let family: Family = 4;
	let force = false;
	let json = false;
	while (words[0]?.startsWith('-')) {
		const option = words.shift();
		if (option === '-force') force = true;
		else if (option === '-batch' && words[0] === '-' && words.length === 1) {
			return runBatch(network, node, family, {force, input});
		} else if (option === '-4' || option === '-6') family = option === '-6' ? 6 : 4;
		else if (option === '-j' || option === '-json') json = true;
		else return notModelled(argv);
	}
	const [object, ...rest] = words;
	if (object === undefined) return notModelled(argv);
	if (!isAbbreviation(object, 'route')) {
		const isKnown = otherObjects.some(name => isAbbreviation(object, name));
		return isKnown ? notModelled(argv) : refuse(1, `Object "${object}" is unknown, try "ip help".\n`);
	}
	const [command = 'show', ...filters] = rest;
	if (isAction(command)) return changeRoute(network, node, family, command, filters);
	if (!['show', 'list', 'lst'].some(name => isAbbreviation(command, name))) {
		const isKnown = otherCommands.some(name => isAbbreviation(command, name));
		return isKnown ? notModelled(argv) : refuse(255, `Command "${command}" is unknown, try "ip route help".\n`);
	}
	const request = parseFilters(filters, family);
	if (request === undefined) return notModelled(argv);
	if ('exitCode' in request) return request;
	const routes = routesFor(network, node, family, request);
	if (json) return printRoutesAsJson(routes, request.protocol !== undefined) ?? notModelled(argv);
	return succeed(routes.map(route => `${printRoute(network, node, route, request.protocol === undefined)}\n`).join(''));
}

const otherObjects = ['address', 'link', 'neighbor', 'rule', 'netns', 'tunnel', 'maddress', 'monitor', 'vrf', 'help'];
const otherCommands = [
	'add',
	'append',
	'change',
	'delete',
	'flush',
	'get',
	'replace',
	'save',
	'restore',
	'test',
	'help',
];
const protocols = ['bird', 'kernel', 'boot', 'static', 'dhcp', 'ra', 'zebra', 'bgp', felixProtocol];

/** iproute2 takes any beginning of a word. */
function isAbbreviation(text: string, word: string): boolean {
	return text !== '' && word.startsWith(text);
}

function parseFilters(words: readonly string[], family: Family): Request | ExecResult | undefined {
	const rest = [...words];
	let protocol: string | undefined;
	let destination: string | undefined;
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		if (word === 'proto' || word === 'protocol') {
			protocol = rest.shift();
			if (protocol === undefined) return refuse(255, 'Command line is not complete. Try option "help"\n');
			if (!protocols.includes(protocol)) {
				return refuse(255, `Error: argument "${protocol}" is wrong: invalid "protocol"\n\n`);
			}
		} else if (parseTarget(word, family)) {
			destination = word.includes('/') ? word : `${word}/${family === 4 ? 32 : 128}`;
		} else if (otherFilters.has(word)) {
			return undefined;
		} else {
			return refuse(1, `Error: any valid prefix is expected rather than "${word}".\n`);
		}
	}
	return {protocol, destination};
}

const otherFilters: ReadonlySet<string> = new Set(
	'table vrf cached scope type dev oif iif via src realms match root exact to metric default'.split(' '),
);

function routesFor(
	network: Network,
	node: string,
	family: Family,
	{protocol, destination}: Request,
): readonly KernelRoute[] {
	const routes = [...network.allRoutes(node, family, network.clock.now()), ...connected(network, node, family)];
	return routes
		.filter(route => protocol === undefined || route.protocol === protocol)
		.filter(route => destination === undefined || route.destination === destination)
		.sort((left, right) => compareAddresses(left.destination, right.destination));
}

/** The network that the node's address stands in: the kernel's own route. */
function connected(network: Network, node: string, family: Family): readonly KernelRoute[] {
	const address = network.addressOf(node, family);
	if (!address) return [];
	return [
		{
			destination: networkOf(address.cidr),
			family,
			via: [],
			device: network.device,
			protocol: 'kernel',
			metric: null,
			blackhole: false,
		},
	];
}

/** A line as `ip route` prints it; the protocol is left out where it was asked for. */
function printRoute(network: Network, node: string, route: KernelRoute, withProtocol: boolean): string {
	const {family, via, device, metric, blackhole, destination} = route;
	const isConnected = route.protocol === 'kernel' && route.via.length === 0;
	const source = network.addressOf(node, family)?.address ?? '';
	// IPv6 has a metric always, 1024 unless another was given, and 256 for the kernel's own.
	const shownMetric = family === 6 ? (isConnected ? 256 : (metric ?? 1024)) : metric;
	const parts = [
		...(blackhole ? ['blackhole'] : []),
		destination,
		...(route.hops && route.hops.length > 1 ? [] : via.map(gateway => `via ${gateway}`)),
		...(device !== null ? [`dev ${device}`] : blackhole && family === 6 ? ['dev lo'] : []),
		...(withProtocol ? [`proto ${route.protocol}`] : []),
		...(isConnected && family === 4 ? [`scope link src ${source}`] : []),
		...(shownMetric === null ? [] : [`metric ${shownMetric}`]),
		...(route.protocol === felixProtocol && route.hops?.some(({onlink}) => onlink) ? ['onlink'] : []),
		// For IPv4 iproute2 leaves a blank at the end.
		family === 6 ? 'pref medium' : '',
	];
	return parts.join(' ');
}
