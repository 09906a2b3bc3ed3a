import {isIP} from 'node:net';
import type {ExecResult} from '../../cluster/exec.ts';
import {withoutPrefix} from '../../core/peering/addresses.ts';
import type {Network} from '../bgp/network.ts';
import {createRandom, hashText} from '../random.ts';
import {type NodeAnswer, notModelled, refuse} from './answers.ts';
import {followPacket, hasRoute, localAddresses} from './packets.ts';
import {type PingArguments, readPingArguments} from './ping-arguments.ts';
import {pingHeader, pingSummary} from './ping-words.ts';

/** The kernel asks three times, a second apart, who has an address on its network (arp(7), mcast_solicit). */
const neighbourWait = 3000;

/**
 * `ping` of iputils 20221126, the version whose words were looked at in network namespaces. Each packet's fate is decided
 * at the moment it is sent; the command takes as long as a real one, on the practice clock.
 */
export function runPing(network: Network, node: string, argv: readonly string[]): NodeAnswer {
	const read = readPingArguments(argv);
	if ('exitCode' in read) return read;
	const source = sourceOf(network, node, read, argv);
	return typeof source === 'string' ? ping(network, node, source, read) : source;
}

/** The address that packets are sent from, or why there is none. */
function sourceOf(
	network: Network,
	node: string,
	{source, destination, family}: PingArguments,
	argv: readonly string[],
): string | ExecResult {
	const local = localAddresses(network, node, family);
	if (source === undefined) {
		if (!hasRoute(network, node, destination, network.clock.now()))
			return refuse(2, 'ping: connect: Network is unreachable\n');
		if (local.includes(destination)) return destination;
		// The node's own address is what its interface has, and so what the kernel chooses for every way out.
		return network.addressOf(node, family)?.address ?? notModelled(argv);
	}
	if (isIP(source) === 0) {
		// Bound to a device, ping looks for the destination on that link and asks no route.
		return source === network.device
			? notModelled(argv)
			: refuse(2, `ping: SO_BINDTODEVICE ${source}: No such device\n`);
	}
	if (isIP(source) !== family) return notModelled(argv);
	return local.includes(source) ? source : refuse(2, 'ping: bind: Cannot assign requested address\n');
}

async function ping(network: Network, node: string, source: string, asked: PingArguments): Promise<ExecResult> {
	const {clock} = network;
	const {destination, family, count, interval, deadline, size, quiet} = asked;
	const random = createRandom(hashText(`${node} ${destination} ${clock.now()}`));
	const began = clock.now();
	const end = deadline === undefined ? Number.POSITIVE_INFINITY : began + deadline;
	const lines: string[] = [];
	const answered = new Set<number>();
	/** Packets that wait for a neighbour that does not answer, and when the kernel gives it up. */
	let stuck: {readonly due: number; readonly from: string; readonly packets: number[]} | undefined;
	const times: number[] = [];
	let [sent, errors, pipe, latest] = [0, 0, 1, began];

	const say = (line: string): void => {
		const now = clock.now();
		const stamp = asked.timestamps ? `[${Math.floor(now / 1000)}.${String(now % 1000).padStart(3, '0')}000] ` : '';
		lines.push(`${stamp}${line}`);
	};
	const fail = (packet: number, from: string, what: string): void => {
		errors += 1;
		pipe = Math.max(pipe, sent - packet + 1);
		if (!quiet) say(`From ${from} icmp_seq=${packet} Destination ${what} Unreachable`);
	};
	const addressOf = (name: string): string => network.addressOf(name, family)?.address ?? name;
	const send = (): void => {
		if (asked.outstanding && sent > 0 && !answered.has(sent)) say(`no answer yet for icmp_seq=${sent}`);
		sent += 1;
		latest = clock.now();
		const there = followPacket(network, node, destination, latest);
		const back = there.ends === 'taken' ? followPacket(network, there.node, source, latest) : undefined;
		if (there.ends === 'taken' && back?.ends === 'taken' && back.node === node) {
			answered.add(sent);
			const time = random.integer(180, 480) * (1 + there.routers + back.routers);
			times.push(time);
			// What is in a block and not the node's own stands behind it: the node is a router on the way to it.
			const behind = localAddresses(network, there.node, family).includes(destination) ? 0 : 1;
			const ttl = 64 - back.routers - behind;
			const took = size >= 16 ? ` time=${(time / 1000).toFixed(time < 1000 ? 3 : 2)} ms` : '';
			if (!quiet) say(`${size + 8} bytes from ${destination}: icmp_seq=${sent} ttl=${ttl}${took}`);
		}
		// A sender that has lost its route drops the packet and says nothing (seen: no line, exit code 1).
		else if (there.ends === 'no-route' && there.node !== node) fail(sent, addressOf(there.node), 'Net');
		else if (there.ends === 'no-host') {
			stuck ??= {due: latest + neighbourWait, from: addressOf(there.node), packets: []};
			stuck.packets.push(sent);
		}
	};
	const isOver = (): boolean =>
		count !== undefined && (deadline === undefined ? answered.size + errors : answered.size) >= count;
	/** Waits, and hears meanwhile of packets that nobody took. */
	const waitUntil = async (time: number): Promise<void> => {
		const until = Math.min(time, end);
		while (stuck && stuck.due <= until) {
			const {due, from, packets} = stuck;
			await clock.sleep(Math.max(0, due - clock.now()));
			stuck = undefined;
			latest = clock.now();
			for (const packet of packets) fail(packet, from, 'Host');
			if (isOver()) return;
		}
		const rest = until - clock.now();
		if (rest > 0) await clock.sleep(rest);
	};

	// What a busy machine is late with is not made up for by two packets at once.
	for (let next = began; ; next = Math.max(next + interval, clock.now())) {
		await waitUntil(next);
		if (isOver() || clock.now() >= end) break;
		send();
		if (isOver()) break;
		if (deadline === undefined && sent === count) {
			// Two round trips or one interval where anything was answered (ping_common.c, __schedule_exit).
			await waitUntil(clock.now() + (answered.size > 0 ? interval : asked.linger));
			break;
		}
	}
	const counts = {sent, received: answered.size, errors, pipe, time: latest - began};
	const summary = pingSummary(destination, counts, size >= 16 ? times : []);
	const few = answered.size === 0 || (deadline !== undefined && count !== undefined && answered.size < count);
	const header = pingHeader(asked, asked.source === undefined ? undefined : withoutPrefix(source));
	return {stdout: `${[header, ...lines, '', ...summary].join('\n')}\n`, stderr: '', exitCode: few ? 1 : 0};
}
