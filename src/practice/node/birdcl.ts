import type {ExecResult} from '../../cluster/exec.ts';
import type {Family} from '../../core/session.ts';
import type {Network} from '../bgp/network.ts';
import {notModelled, refuse, succeed} from './answers.ts';
import {birdDateTime} from './bird-time.ts';
import {showProtocols} from './show-protocols.ts';
import {BirdRefusal, showRoute} from './show-route.ts';
import {switchProtocols} from './switch-protocols.ts';

/** Calico's build of BIRD 1.6.8, as it names itself. */
const version = 'v0.3.3+birdv1.6.8';
const sockets: Readonly<Record<string, Family>> = {
	'/var/run/calico/bird.ctl': 4,
	'/run/calico/bird.ctl': 4,
	'/var/run/calico/bird6.ctl': 6,
	'/run/calico/bird6.ctl': 6,
};
const defaultSockets: Readonly<Record<Family, string>> = {
	4: '/var/run/calico/bird.ctl',
	6: '/var/run/calico/bird6.ctl',
};

/** `birdcl [-s SOCKET] [-r] COMMAND` and birdcl6: BIRD's own answers; what BIRD refuses still exits 0 (client/client.c). */
export function runBirdcl(network: Network, node: string, argv: readonly string[]): ExecResult {
	const [program = 'birdcl', ...rest] = argv;
	const options = parseOptions(program, rest);
	if ('stderr' in options) return options;
	const socket = options.socket ?? defaultSockets[program === 'birdcl6' ? 6 : 4];
	const family = sockets[socket];
	if (family === undefined) return unreachable(socket, 'No such file or directory');
	if (!network.bird(node, network.clock.now())) return unreachable(socket, 'Connection refused');
	const lines = answer(network, node, family, splitWords(options.words), options.restricted);
	if (!lines) return notModelled(argv);
	const banner = [`BIRD ${version} ready.`, ...(options.restricted ? ['Access restricted'] : [])];
	return succeed(`${[...banner, ...lines].join('\n')}\n`);
}

function parseOptions(
	program: string,
	rest: readonly string[],
): ExecResult | {readonly socket?: string; readonly restricted: boolean; readonly words: readonly string[]} {
	const words = [...rest];
	const usage = `Usage: ${program} [-s <control-socket>] [-v] [-r] [-l]\n`;
	let socket: string | undefined;
	let restricted = false;
	while (words[0]?.startsWith('-')) {
		const option = words.shift() ?? '';
		if (option === '-r') {
			restricted = true;
		} else if (option === '-s') {
			socket = words.shift();
			if (socket === undefined) return refuse(1, `${program}: option requires an argument -- 's'\n${usage}`);
		} else if (option === '-v' || option === '-l') {
			return notModelled([program, ...rest]);
		} else {
			return refuse(1, `${program}: invalid option -- '${option[1] ?? '-'}'\n${usage}`);
		}
	}
	return {...(socket !== undefined && {socket}), restricted, words};
}

function unreachable(socket: string, reason: string): ExecResult {
	return refuse(1, `Unable to connect to server control socket (${socket}): ${reason}\n`);
}

/** birdcl joins its arguments with blanks, and BIRD takes the line apart again. */
function splitWords(words: readonly string[]): readonly string[] {
	return words.join(' ').match(/"[^"]*"|[^\s"]+/g) ?? [];
}

function answer(
	network: Network,
	node: string,
	family: Family,
	words: readonly string[],
	restricted: boolean,
): readonly string[] | undefined {
	const [verb, object, ...rest] = words;
	if (verb !== undefined && !verbs.has(verb)) return [noSuchCommand];
	if ((verb === 'disable' || verb === 'enable') && object !== undefined) {
		return restricted ? ['Access denied'] : switchProtocols(network, node, family, verb, [object, ...rest]);
	}
	if (verb !== 'show' || object === undefined) return undefined;
	try {
		switch (object) {
			case 'protocols':
				return showProtocols(network, node, family, rest);
			case 'route':
				return showRoute(network, node, family, rest);
			case 'status':
				return rest.length === 0 ? showStatus(network, node, family) : ['syntax error'];
			default:
				return otherObjects.has(object) ? undefined : [noSuchCommand];
		}
	} catch (error) {
		if (error instanceof BirdRefusal) return [error.message];
		throw error;
	}
}

/** birdcl knows the commands itself and does not send others (client/commands.c). */
const noSuchCommand = "No such command. Press `?' for help.";
const verbs: ReadonlySet<string> = new Set(
	'show configure dump eval echo enable disable restart reload debug mrtdump restrict add delete flush down quit exit help'.split(
		' ',
	),
);
const otherObjects: ReadonlySet<string> = new Set('interfaces memory symbols static ospf rip babel bfd roa'.split(' '));

function showStatus(network: Network, node: string, family: Family): readonly string[] {
	const now = network.clock.now();
	const bird = network.bird(node, now);
	const own = network.addressOf(node, 4) ?? network.addressOf(node, family);
	return [
		`BIRD ${version}`,
		`Router ID is ${network.routerIdAt(own?.address ?? '')}`,
		`Current server time is ${birdDateTime(now)}`,
		`Last reboot on ${birdDateTime(bird?.startedAt ?? now)}`,
		`Last reconfiguration on ${birdDateTime(bird?.configuredAt ?? now)}`,
		'Daemon is up and running',
	];
}
