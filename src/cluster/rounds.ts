import type {Observation} from '../core/session.ts';
import type {Cluster} from './port.ts';

/** Milliseconds of real time without any answer after which a round ends, even if some node has not answered. */
const longestSilence = 500;

/** Looks once at those nodes for which no earlier round still waits. */
export type Round = (nodes: readonly string[]) => Promise<void>;

/**
 * Makes the rounds of somebody who looks again and again: a node that does not answer is left to itself until it does
 * or its time is up, and the others are looked at again without it. `onLook` hears of each node as soon as it answered.
 * A round fails with what made it or an earlier one fail as a whole.
 */
export function createRounds(
	cluster: Pick<Cluster, 'observe'>,
	onLook: (look: Observation) => void,
	signal?: AbortSignal,
): Round {
	const busy = new Set<string>();
	let failure: {readonly error: unknown} | undefined;
	/** Begins the silence anew; set while a round waits. */
	let heard = (): void => undefined;
	const follow = async (nodes: readonly string[]): Promise<void> => {
		try {
			for await (const look of cluster.observe(nodes, {routes: false, ...(signal && {signal})})) {
				busy.delete(look.node);
				onLook(look);
				heard();
			}
		} catch (error) {
			failure = {error};
		} finally {
			for (const node of nodes) busy.delete(node);
		}
	};
	return async names => {
		const nodes = names.filter(name => !busy.has(name));
		for (const node of nodes) busy.add(node);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>(resolve => {
			heard = () => {
				clearTimeout(timer);
				timer = setTimeout(resolve, longestSilence);
			};
			heard();
		});
		await Promise.race(nodes.length === 0 ? [late] : [follow(nodes), late]);
		heard = () => undefined;
		clearTimeout(timer);
		if (!failure) return;
		const {error} = failure;
		failure = undefined;
		throw error;
	};
}
