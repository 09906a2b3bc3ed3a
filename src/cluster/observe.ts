import type {Clock} from '../core/clock.ts';
import type {Family, KernelRoute, LearnedRoute, Observation, Seen, Session} from '../core/session.ts';
import {asCompleted, createLimit} from './concurrency.ts';
import type {ExecResult} from './exec.ts';
import type {NodeShell} from './node-shell.ts';
import {parseTimedProtocols} from './parse/bird-protocol-detail.ts';
import {parseProtocols} from './parse/bird-protocols.ts';
import {parseBirdRoutes} from './parse/bird-routes.ts';
import {parseKernelRoutes} from './parse/kernel-routes.ts';
import type {Parsed} from './parse/parsed.ts';
import {sanitize} from './sanitize.ts';

/** Asks one command of a node, at most so many at once, each with its own timeout. */
export type Ask = (node: string, argv: readonly string[]) => Promise<ExecResult>;

/** Where a node's sessions come from; with `timers` also how fresh they are, where that can be seen. */
export type SessionSource = (
	node: string,
	families: readonly Family[],
	ask: Ask,
	timers?: boolean,
) => Promise<Seen<readonly Session[]>>;

export type ObserverOptions = {
	readonly shell: NodeShell;
	readonly sessions: SessionSource;
	readonly clock: Clock;
	/** Commands at once, over all nodes. `kubectl exec` or `ssh` costs about 0.1 s of CPU each. */
	readonly limit: number;
	/** Milliseconds for each command. */
	readonly timeout: number;
};

/**
 * Looks at the nodes; the families are the ones in which the node has a BGP address. On the nodes in `deep` BIRD is also
 * asked for its timers and for every copy of every route.
 */
export type Observer = (
	nodes: readonly {readonly name: string; readonly families: readonly Family[]}[],
	options: ObserveOptions,
) => AsyncGenerator<Observation, void, void>;

/** What is asked at one look. */
export type ObserveOptions = {
	readonly routes: boolean;
	readonly deep?: readonly string[] | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** Makes the observer. Nodes that did not answer the last time are asked last, so that their timeouts hold up nobody. */
export function createObserver({shell, sessions, clock, limit, timeout}: ObserverOptions): Observer {
	const withinLimit = createLimit(limit);
	const silent = new Set<string>();
	return async function* observe(nodes, {routes, deep, signal}) {
		const asked = new Set(deep);
		const stopped = new AbortController();
		const either = signal === undefined ? stopped.signal : AbortSignal.any([signal, stopped.signal]);
		const ask: Ask = (node, argv) => withinLimit(() => shell.run(node, argv, {timeout, signal: either}));
		const look = async (name: string, families: readonly Family[]): Promise<Observation> => {
			const isDeep = asked.has(name);
			const [seen, table, learned] = await Promise.all([
				seenOrWhy(() => sessions(name, families, ask, isDeep)),
				routes ? seenOrWhy(() => kernelRoutes(name, families, ask)) : undefined,
				isDeep ? seenOrWhy(() => learnedRoutes(name, families, ask)) : undefined,
			]);
			if (seen.known) silent.delete(name);
			else silent.add(name);
			return {node: name, at: clock.now(), sessions: seen, ...(table && {routes: table}), ...(learned && {learned})};
		};
		const [first, last] = [nodes.filter(({name}) => !silent.has(name)), nodes.filter(({name}) => silent.has(name))];
		try {
			const looks = [...first, ...last].map(({name, families}) => look(name, families));
			for await (const observation of asCompleted(looks)) {
				// What is seen after the stop is our own doing, not the node's state.
				if (either.aborted) return;
				yield observation;
			}
		} finally {
			stopped.abort();
		}
	};
}

/** Sessions from BIRD itself: `birdcl` for IPv4, and `birdcl6` where the node has an IPv6 BGP address. */
export const birdSessions: SessionSource = async (node, families, ask, timers = false) => {
	const asked = families.includes(6) ? ([4, 6] as const) : ([4] as const);
	const seen = await Promise.all(
		asked.map(async family => {
			const argv = [...birdClient(family), 'show', 'protocols', ...(timers ? ['all'] : [])];
			return read(await ask(node, argv), output =>
				timers ? parseTimedProtocols(output, family) : parseProtocols(output, family),
			);
		}),
	);
	return together(seen);
};

/** The client of a node's BIRD, with its control socket. */
export function birdClient(family: Family): readonly string[] {
	return family === 4 ? ['birdcl', '-s', '/var/run/calico/bird.ctl'] : ['birdcl6', '-s', '/var/run/calico/bird6.ctl'];
}

async function learnedRoutes(
	node: string,
	families: readonly Family[],
	ask: Ask,
): Promise<Seen<readonly LearnedRoute[]>> {
	const asked = families.includes(6) ? ([4, 6] as const) : ([4] as const);
	const seen = await Promise.all(
		asked.map(async family =>
			read(await ask(node, [...birdClient(family), 'show', 'route']), output => {
				const parsed = parseBirdRoutes(output);
				if (!parsed.ok) return parsed;
				return {
					ok: true,
					value: parsed.value.map(({destination, protocol}) => ({destination, family, protocol})),
				} as const;
			}),
		),
	);
	return together(seen);
}

async function kernelRoutes(
	node: string,
	families: readonly Family[],
	ask: Ask,
): Promise<Seen<readonly KernelRoute[]>> {
	const asked = families.includes(6) ? ([4, 6] as const) : ([4] as const);
	const seen = await Promise.all(
		asked.map(async family => {
			const argv = ['ip', ...(family === 6 ? ['-6'] : []), 'route', 'show', 'proto', 'bird'];
			return read(await ask(node, argv), output => parseKernelRoutes(output, family, 'bird'));
		}),
	);
	return together(seen);
}

/** A command's answer parsed, or why there is none. */
export function read<T>(result: ExecResult, parse: (output: string) => Parsed<T>): Seen<T> {
	if (result.exitCode !== 0) return {known: false, reason: reasonOf(result)};
	const parsed = parse(result.stdout);
	return parsed.ok
		? {known: true, value: parsed.value}
		: {known: false, reason: `the answer could not be read: ${parsed.error.message}`};
}

/** Why a command on a node gave no answer, in words. */
export function reasonOf({stdout, stderr, exitCode, failure}: ExecResult): string {
	const words = sanitize((stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '');
	switch (failure) {
		case 'timeout':
			return 'the node did not answer in time';
		case 'aborted':
			return 'stopped before the node answered';
		case 'killed':
			return `the command was killed${words && `: ${words}`}`;
		case 'not-found':
		case 'not-executable':
			return `the node shell cannot be run${words && `: ${words}`}`;
		default:
			return words || `the command on the node failed with exit code ${exitCode}`;
	}
}

/** All of it, or why a part is missing: half a node's sessions would look like sessions that are down. */
function together<T>(parts: readonly Seen<readonly T[]>[]): Seen<readonly T[]> {
	const values: T[] = [];
	for (const part of parts) {
		if (!part.known) return part;
		values.push(...part.value);
	}
	return {known: true, value: values};
}

async function seenOrWhy<T>(look: () => Promise<Seen<T>>): Promise<Seen<T>> {
	try {
		return await look();
	} catch (error) {
		return {known: false, reason: sanitize(error instanceof Error ? error.message : String(error))};
	}
}
