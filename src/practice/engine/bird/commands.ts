import type {ExecResult} from '../../../cluster/exec.ts';
import {parseProtocols} from '../../../cluster/parse/bird-protocols.ts';
import {formatNodeStatus} from '../../../core/node-status-table.ts';
import type {Family, Session} from '../../../core/session.ts';
import {notModelled, refuse, succeed} from '../../node/answers.ts';
import type {Daemon} from './daemon.ts';
import type {Host} from './host.ts';

/** A node as its commands find it. */
export type BirdNode = {
	/** Its number, and so its namespace. */
	readonly number: number;
	readonly birds: Readonly<Record<Family, Daemon>>;
};

/** Milliseconds that a command may take: `ping -c 100` takes its time, everything else answers at once. */
const patience = {ping: 10 * 60_000, other: 20_000};

/** The control sockets as calico-node's container has them. */
const sockets: Readonly<Record<string, Family>> = {
	'/var/run/calico/bird.ctl': 4,
	'/run/calico/bird.ctl': 4,
	'/var/run/calico/bird6.ctl': 6,
	'/run/calico/bird6.ctl': 6,
};
const defaultSockets: Readonly<Record<string, string>> = {
	birdcl: '/var/run/calico/bird.ctl',
	birdcl6: '/var/run/calico/bird6.ctl',
};

/** Runs a command on a node: the real program in the node's namespace. What a node has not is not found there. */
export async function runForReal(
	host: Host,
	node: BirdNode,
	argv: readonly string[],
	input: string,
): Promise<ExecResult> {
	const [program = '', ...rest] = argv;
	switch (program) {
		case 'birdcl':
		case 'birdcl6':
			return askBird(host, node, argv, input);
		case 'ping':
			return host.tryIn(node.number, argv, input, patience.ping);
		case 'ip':
			return leavesNamespace(rest, input) ? notModelled(argv) : host.tryIn(node.number, argv, input, patience.other);
		case 'calicoctl':
			return rest.join(' ') === 'node status' ? succeed(await nodeStatus(node)) : notModelled(argv);
		default:
			return refuse(127, `${program}: command not found\n`);
	}
}

/**
 * Whether an `ip` could reach beyond the node: its names of namespaces are those of the whole machine, and
 * `link set eth0 netns 1` hands an interface over to it. iproute2 takes any beginning of a word; `n` and `ne` are
 * neighbours.
 */
function leavesNamespace(words: readonly string[], input: string): boolean {
	const reaches = (word: string): boolean =>
		['net', 'netn', 'netns', 'vrf'].includes(word) || isOption(word, '-netns') || isOption(word, '-all');
	const batch = words.findIndex(word => isOption(word, '-batch'));
	const readsFile = batch !== -1 && words[batch + 1] !== '-';
	return readsFile || words.some(reaches) || input.split(/\s+/).some(reaches);
}

/** Whether a word is an option or its beginning, with one hyphen or two. */
function isOption(word: string, option: string): boolean {
	const single = word.replace(/^--/, '-');
	return single.length > 1 && option.startsWith(single);
}

/** Debian's birdc takes the same words as birdcl and asks the same socket by another name. */
function askBird(host: Host, node: BirdNode, argv: readonly string[], input: string): Promise<ExecResult> {
	const [program = '', ...rest] = argv;
	const at = socketOption(rest);
	const asked = at === -1 ? (defaultSockets[program] ?? '') : (rest[at + 1] ?? '');
	const family = sockets[asked];
	if (family === undefined) {
		const message = `Unable to connect to server control socket (${asked}): No such file or directory\n`;
		return Promise.resolve(refuse(1, message));
	}
	const words = at === -1 ? rest : rest.toSpliced(at, 2);
	const {socket} = node.birds[family];
	return host.attempt(['birdc', '-s', socket, ...words], input, patience.other).then(({stdout, stderr, ...result}) => ({
		...result,
		stdout: stdout.replaceAll(socket, asked),
		stderr: stderr.replaceAll(socket, asked),
	}));
}

/** Where `-s` stands among the options before the command; -1 where it does not. */
function socketOption(words: readonly string[]): number {
	for (let index = 0; words[index]?.startsWith('-'); index++) if (words[index] === '-s') return index;
	return -1;
}

async function nodeStatus({birds}: BirdNode): Promise<string> {
	const [v4, v6] = await Promise.all([sessionsOf(birds[4], 4), sessionsOf(birds[6], 6)]);
	// calicoctl leaves out a row of fewer than six columns: a session that is down says nothing in the sixth.
	const listed = (sessions: readonly Session[] | null) =>
		sessions?.filter(({state, info}) => state !== 'down' || info !== '') ?? null;
	return formatNodeStatus({running: true, v4: listed(v4), v6: listed(v6)});
}

/** The sessions that a BIRD shows; null where it is dead. */
export async function sessionsOf(bird: Daemon, family: Family): Promise<readonly Session[] | null> {
	const {stdout, exitCode} = await bird.ask(['show', 'protocols']);
	if (exitCode !== 0) return null;
	const parsed = parseProtocols(stdout, family);
	if (!parsed.ok) throw parsed.error;
	return parsed.value;
}
