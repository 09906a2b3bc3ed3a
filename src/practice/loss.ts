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
};

/** Milliseconds between two looks. */
const interval = 100;

/**
 * Looks at every node's kernel ten times a second, as measurements.md did on real Calico, until it is stopped. A block
 * counts as reached by BIRD's route or by a copy that holds it.
 */
export function measureLoss(network: Network, nodes: readonly string[], clock: Clock): {stop(): Promise<Loss>} {
	const stopped = new AbortController();
	const lost = new Map<string, number>();
	let routeSeconds = 0;
	let last = clock.now();
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
	const done = (async () => {
		while (!stopped.signal.aborted) {
			await clock.sleep(interval, stopped.signal).catch(() => undefined);
			look();
		}
	})();
	return {
		async stop() {
			stopped.abort();
			await done;
			const seconds = [...lost.values()];
			return {
				routeSeconds,
				pairSeconds: seconds.reduce((sum, each) => sum + each, 0),
				worstPairSeconds: Math.max(0, ...seconds),
				pairsHit: seconds.filter(each => each > 0).length,
				pairs: nodes.length * (nodes.length - 1),
			};
		},
	};
}

function blocksReached(network: Network, node: string, at: number): ReadonlySet<string> {
	const held = network.added.get(`${node}/4`) ?? [];
	return new Set([...network.kernelRoutes(node, 4, at), ...held].map(route => route.destination));
}

function reachesAll(reached: ReadonlySet<string> | undefined, blocks: readonly string[]): boolean {
	return blocks.every(block => reached?.has(block));
}
