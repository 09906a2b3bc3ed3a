import type {Clock} from '../core/clock.ts';
import type {Network} from './bgp/network.ts';

/** What the nodes could not reach while it was measured; in seconds of the clock. */
export type Loss = {
	/** For every ordered pair of nodes the time without a kernel route to the other's block, summed. */
	readonly routeSeconds: number;
	/** The same for a packet there and its answer back. */
	readonly pairSeconds: number;
	/** The most that one ordered pair lost. */
	readonly worstPairSeconds: number;
	readonly pairsHit: number;
	readonly pairs: number;
	/** What each ordered pair lost, by `from to`; those that lost nothing are not in it. */
	readonly byPair: ReadonlyMap<string, number>;
};

/** A measurement under way. */
export type LossMeter = {
	/** What was lost up to now. */
	soFar(): Loss;
	/** Something happens that may cost routes: for some minutes it is looked often, and then seldom until the next time. */
	attend(): void;
	stop(): Promise<Loss>;
};

/** What a node's kernel has routes to: blocks, by node. */
export type Reached = ReadonlyMap<string, ReadonlySet<string>>;

/** What a meter looks at. */
export type LossSource = {
	/** Each node's own IPv4 blocks. */
	readonly blocks: ReadonlyMap<string, readonly string[]>;
	/** The blocks that each node's kernel has a route to, BIRD's or a copy that holds it; undefined where it cannot be told now. */
	readonly look: () => Reached | Promise<Reached | undefined>;
	/** Milliseconds between two looks. */
	readonly interval: number;
};

/** So long after the last `attend` a look a minute is enough: a lab's third day has 86,400 seconds. */
const quietAfter = 600_000;
const quietInterval = 60_000;

/** Looks ten times a second at the kernels of a model's nodes, as measurements.md did on real Calico, until it is stopped. */
export function measureLoss(network: Network, nodes: readonly string[], clock: Clock): LossMeter {
	const blocks = new Map(nodes.map(node => [node, network.blocksOf(node, 4)]));
	const look = (): Reached => {
		const now = clock.now();
		return new Map(nodes.map(node => [node, blocksReached(network, node, now)]));
	};
	return meterLoss({blocks, look, interval: 100}, clock);
}

/** Looks at every node's kernel again and again, until it is stopped. */
export function meterLoss({blocks, look, interval}: LossSource, clock: Clock): LossMeter {
	const stopped = new AbortController();
	const nodes = [...blocks.keys()];
	const lost = new Map<string, number>();
	let routeSeconds = 0;
	let last = clock.now();
	let attendedAt: number | undefined;
	const count = (reached: Reached, seconds: number): void => {
		const leads = (from: string, to: string) => reachesAll(reached.get(from), blocks.get(to) ?? []);
		for (const from of nodes) {
			for (const to of nodes) {
				if (from === to) continue;
				const there = leads(from, to);
				if (!there) routeSeconds += seconds;
				if (there && leads(to, from)) continue;
				lost.set(`${from} ${to}`, (lost.get(`${from} ${to}`) ?? 0) + seconds);
			}
		}
	};
	const isQuiet = (): boolean => attendedAt !== undefined && clock.now() - attendedAt > quietAfter;
	const pause = (): number => (isQuiet() ? quietInterval : interval);
	const done = (async () => {
		while (!stopped.signal.aborted) {
			await clock.sleep(pause(), stopped.signal).catch(() => undefined);
			const now = clock.now();
			const seen = look();
			const reached = seen instanceof Promise ? await seen : seen;
			// Of a time in which nobody could look nothing is known, and nothing is counted.
			if (reached) count(reached, (now - last) / 1000);
			last = now;
		}
	})();
	const soFar = (): Loss => {
		const seconds = [...lost.values()];
		return {
			routeSeconds,
			pairSeconds: seconds.reduce((sum, each) => sum + each, 0),
			worstPairSeconds: Math.max(0, ...seconds),
			pairsHit: seconds.filter(each => each > 0).length,
			pairs: nodes.length * (nodes.length - 1),
			byPair: new Map(lost),
		};
	};
	return {
		soFar,
		attend: () => {
			attendedAt = clock.now();
		},
		async stop() {
			stopped.abort();
			await done;
			return soFar();
		},
	};
}

function blocksReached(network: Network, node: string, at: number): ReadonlySet<string> {
	return new Set(network.allRoutes(node, 4, at).map(route => route.destination));
}

function reachesAll(reached: ReadonlySet<string> | undefined, blocks: readonly string[]): boolean {
	return blocks.every(block => reached?.has(block));
}
