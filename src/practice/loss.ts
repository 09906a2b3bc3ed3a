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

/** Milliseconds between two looks. */
const interval = 100;
/** So long after the last `attend` a look a minute is enough: a lab's third day has 86,400 seconds. */
const quietAfter = 600_000;
const quietInterval = 60_000;

/**
 * Looks at every node's kernel ten times a second, as measurements.md did on real Calico, until it is stopped. A block
 * counts as reached by BIRD's route or by a copy that holds it.
 */
export function measureLoss(network: Network, nodes: readonly string[], clock: Clock): LossMeter {
	const stopped = new AbortController();
	const lost = new Map<string, number>();
	let routeSeconds = 0;
	let last = clock.now();
	let attendedAt: number | undefined;
	const look = (): void => {
		const now = clock.now();
		const seconds = (now - last) / 1000;
		last = now;
		const reaches = new Map(nodes.map(node => [node, blocksReached(network, node, now)]));
		for (const from of nodes) {
			for (const to of nodes) {
				if (from === to) continue;
				const there = reachesAll(reaches.get(from), network.blocksOf(to, 4));
				if (!there) routeSeconds += seconds;
				if (there && reachesAll(reaches.get(to), network.blocksOf(from, 4))) continue;
				lost.set(`${from} ${to}`, (lost.get(`${from} ${to}`) ?? 0) + seconds);
			}
		}
	};
	const isQuiet = (): boolean => attendedAt !== undefined && clock.now() - attendedAt > quietAfter;
	const pause = (): number => (isQuiet() ? quietInterval : interval);
	const done = (async () => {
		while (!stopped.signal.aborted) {
			await clock.sleep(pause(), stopped.signal).catch(() => undefined);
			look();
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
	const others = [...network.felixRoutes(node, 4), ...(network.added.get(`${node}/4`) ?? [])];
	return new Set([...network.kernelRoutes(node, 4, at), ...others].map(route => route.destination));
}

function reachesAll(reached: ReadonlySet<string> | undefined, blocks: readonly string[]): boolean {
	return blocks.every(block => reached?.has(block));
}
