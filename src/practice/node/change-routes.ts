import type {ExecResult} from '../../cluster/exec.ts';
import type {Family, KernelRoute, NextHop} from '../../core/session.ts';
import {networkOf} from '../bgp/addresses.ts';
import type {Network} from '../bgp/network.ts';
import {refuse, succeed} from './answers.ts';
import {parseTarget} from './routing-table.ts';

/** `ip [-force] -batch -`: a line a command; without `-force` the first failure ends it (iproute2 lib/utils.c, do_batch). */
export function runBatch(
	network: Network,
	node: string,
	family: Family,
	{force, input}: {force: boolean; input: string},
): ExecResult {
	let stderr = '';
	for (const [index, line] of input.split('\n').entries()) {
		const [object, verb, ...words] = line.trim().split(/\s+/);
		if (!object) continue;
		const result =
			isAction(verb) && object === 'route' ? changeRoute(network, node, family, verb, words) : unknown(line);
		if (result.exitCode === 0) continue;
		stderr += `${result.stderr}Command failed -:${index + 1}\n`;
		if (!force) break;
	}
	return stderr === '' ? succeed('') : refuse(1, stderr);
}

/** What can be done to a route. */
export type RouteAction = 'add' | 'del' | 'replace';

/** Whether a word after `ip route` changes the table in a way that is known here. */
export function isAction(word: string | undefined): word is RouteAction {
	return word === 'add' || word === 'del' || word === 'replace';
}

function unknown(line: string): ExecResult {
	return refuse(1, `the practice cluster does not know this command: ip ${line}\n`);
}

/** `ip route add|del|replace BLOCK …` of routes that are not BIRD's: the kernel keeps one for each destination and metric. */
export function changeRoute(
	network: Network,
	node: string,
	family: Family,
	action: RouteAction,
	words: readonly string[],
): ExecResult {
	const route = parseRoute(words, family);
	if (!route) return refuse(1, `the practice cluster does not know this route: ${words.join(' ')}\n`);
	const key = `${node}/${family}`;
	const routes = network.added.get(key) ?? [];
	const same = (other: KernelRoute) => other.destination === route.destination && other.metric === route.metric;
	const others = routes.filter(other => !same(other));
	switch (action) {
		case 'add':
			if (routes.some(same)) return refuse(2, 'RTNETLINK answers: File exists\n');
			break;
		case 'del':
			if (!routes.some(other => same(other) && sameWay(other, route)))
				return refuse(2, 'RTNETLINK answers: No such process\n');
			network.added.set(key, others);
			return succeed('');
		case 'replace':
			break;
	}
	network.added.set(key, [...others, route]);
	return succeed('');
}

/** A deletion matches what it names and nothing else: protocol, next hops and devices. */
function sameWay(found: KernelRoute, asked: KernelRoute): boolean {
	const ways = ({hops = []}: KernelRoute) => hops.map(({via, device}) => `${via} ${device}`).join();
	return found.protocol === asked.protocol && (asked.hops?.length === 0 || ways(found) === ways(asked));
}

function parseRoute([destination = '', ...words]: readonly string[], family: Family): KernelRoute | undefined {
	if (!parseTarget(destination, family)) return undefined;
	const hops: {via: string | null; device: string | null; onlink: boolean; weight: number | null}[] = [];
	let protocol = 'boot';
	let metric: number | null = family === 6 ? 1024 : null;
	const rest = [...words];
	const hop = () => hops.at(-1) ?? startHop();
	const startHop = () => {
		const started = {via: null, device: null, onlink: false, weight: null};
		hops.push(started);
		return started as {via: string | null; device: string | null; onlink: boolean; weight: number | null};
	};
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		if (word === 'onlink') hop().onlink = true;
		else if (word === 'nexthop') startHop();
		else if (word === 'via') hop().via = (rest[0] === 'inet6' ? rest.splice(0, 2)[1] : rest.shift()) ?? null;
		else if (word === 'dev') hop().device = rest.shift() ?? null;
		else if (word === 'weight') hop().weight = Number(rest.shift());
		else if (word === 'proto') protocol = rest.shift() ?? '';
		else if (word === 'metric') metric = Number(rest.shift());
		else return undefined;
	}
	const ways: readonly NextHop[] = hops;
	return {
		destination: networkOf(destination.includes('/') ? destination : `${destination}/${family === 4 ? 32 : 128}`),
		family,
		via: ways.flatMap(each => each.via ?? []),
		device: ways.length === 1 ? (ways[0]?.device ?? null) : null,
		protocol,
		metric,
		blackhole: false,
		hops: ways,
	};
}
