import type {ExecResult} from '../../cluster/exec.ts';
import {formatNodeStatus} from '../../core/node-status-table.ts';
import {type Family, peerTypes, type Session} from '../../core/session.ts';
import type {Network} from '../bgp/network.ts';
import {type NodeAnswer, notModelled, refuse, succeed} from './answers.ts';
import {birdTime} from './bird-time.ts';
import {runBirdcl} from './birdcl.ts';
import {runIp} from './ip-route.ts';
import {runPing} from './ping.ts';

/** What a node's commands find there. */
export type NodeOptions = {
	readonly input?: string;
	/** Whether calico-node's image has `ping`; it has. */
	readonly hasPing?: boolean;
};

/** Runs a command on a practice node, in calico-node's container. What is not known there fails, as on a real node. */
export function runOnNode(
	network: Network,
	node: string,
	argv: readonly string[],
	{input, hasPing = true}: NodeOptions = {},
): NodeAnswer {
	if (argv[0] === 'ping' && hasPing && network.has(node)) return runPing(network, node, argv);
	return answerAtOnce(network, node, argv, input);
}

/** Runs one of the commands that take no time. */
export function answerAtOnce(network: Network, node: string, argv: readonly string[], input = ''): ExecResult {
	const [program = '', ...args] = argv;
	if (!network.has(node)) return refuse(255, `ssh: Could not resolve hostname ${node}: Name or service not known\n`);
	switch (program) {
		case 'birdcl':
		case 'birdcl6':
			return runBirdcl(network, node, argv);
		case 'ip':
			return runIp(network, node, argv, input);
		case 'calicoctl':
			return args.join(' ') === 'node status' ? succeed(nodeStatus(network, node)) : notModelled(argv);
		default:
			return refuse(127, `${program}: command not found\n`);
	}
}

function nodeStatus(network: Network, node: string): string {
	return formatNodeStatus({running: true, v4: sessions(network, node, 4), v6: sessions(network, node, 6)});
}

/** What calicoctl reads from BIRD's `show protocols`; null where that BIRD is dead. */
function sessions(network: Network, node: string, family: Family): readonly Session[] | null {
	const at = network.clock.now();
	const views = network.protocols(node, family, at);
	if (!views) return null;
	// calicoctl leaves out a row of fewer than six columns: a session that is down says nothing in the sixth.
	return views
		.filter(({state, error}) => state !== 'down' || error !== '')
		.map(({peer, state, since, bgpState, error}) => ({
			protocol: peer.protocol,
			family,
			address: peer.address,
			port: peer.port,
			type: peerTypes[peer.kind],
			state,
			since: birdTime(since, at),
			// calicoctl collapses the blanks that BIRD pads the state with.
			info: [bgpState, error].filter(Boolean).join(' '),
		}));
}
