import type {Exec} from '../../../cluster/exec.ts';
import type {Clock} from '../../../core/clock.ts';
import {createClock} from '../../clock.ts';
import {assembleCluster, nodesOf, type PracticeCluster, type PracticeOptions} from '../../cluster.ts';
import {createBirdEngine} from './engine.ts';

/** So many nodes at most: each has two processes, and BIRD a session with every other. */
export const mostNodes = 100;

/** `clock` is what the datastore's dates are of; this machine's unless given. */
export type BirdClusterOptions = Omit<PracticeOptions, 'clock'> & {readonly clock?: Clock};

/**
 * A practice cluster whose nodes run real BIRD, with all sessions of the mesh Established. Its time is real. Whoever
 * starts it has looked at the machine before (checkMachine), and closes its engine. @throws EngineError
 */
export async function startBirdCluster(
	options: BirdClusterOptions,
	machine: {readonly exec: Exec; readonly path: string},
): Promise<PracticeCluster> {
	const engine = await createBirdEngine({...machine, nodes: nodesOf(options), seed: options.seed ?? 1});
	try {
		const cluster = assembleCluster({clock: createClock({speed: 1}), ...options}, engine);
		await engine.start();
		return cluster;
	} catch (error) {
		await engine.close();
		throw error;
	}
}
