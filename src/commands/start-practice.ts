import {UserError} from '../core/user-error.ts';
import type {PracticeCluster} from '../practice/cluster.ts';
import type {BirdClusterOptions} from '../practice/engine/bird/cluster.ts';
import type {Io} from './io.ts';
import {practiceOptions, unwatchedSpeed} from './practice-options.ts';
import type {Options} from './table.ts';

/**
 * Starts the practice cluster that the flags ask for, on the engine that they name.
 * @throws UserError where the machine or another flag does not go with real BIRD.
 */
export function startPractice(options: Options, io: Io): Promise<PracticeCluster> {
	return options.engine === 'bird'
		? startBird({speed: options.speed, options: practiceOptions(options)}, io)
		: startModel(options, io);
}

async function startModel(options: Options, io: Io): Promise<PracticeCluster> {
	const [{createClock}, {createPracticeCluster}] = await Promise.all([
		import('../practice/clock.ts'),
		import('../practice/cluster.ts'),
	]);
	const speed = options.speed ?? (io.onTerminal ? 1 : unwatchedSpeed);
	if (speed !== 1) {
		io.progress(
			speed === 'jump'
				? 'The practice clock skips all waiting.'
				: `The practice clock runs ${speed} times as fast as real time.`,
		);
	}
	return createPracticeCluster({...practiceOptions(options), clock: createClock({speed})});
}

/** What is asked of real BIRD: a speed, which can only be 1, and a cluster. */
type BirdRequest = {readonly speed: Options['speed']; readonly options: BirdClusterOptions};

/**
 * Starts a practice cluster of real BIRDs. Whoever does closes its engine.
 * @throws UserError where the machine, the speed or the number of nodes does not go with it.
 */
export async function startBird({speed = 1, options}: BirdRequest, io: Io): Promise<PracticeCluster> {
	const [{createRealExec}, {nodesOf}, {mostNodes, startBirdCluster}, {checkMachine, searchPath, thisMachine}] =
		await Promise.all([
			import('../cluster/real-exec.ts'),
			import('../practice/cluster.ts'),
			import('../practice/engine/bird/cluster.ts'),
			import('../practice/engine/bird/machine.ts'),
		]);
	const practice = nodesOf(options).length;
	if (speed !== 1) {
		throw new UserError(`--speed ${speed} does not go with --engine bird: real BIRD runs in real time.`, {
			next: ['Leave --speed out, or use the model of BIRD: --engine model'],
		});
	}
	if (practice > mostNodes) {
		throw new UserError(`--engine bird runs ${mostNodes} nodes at most: each has two processes and many sessions.`, {
			next: [`Use --practice=${mostNodes} or fewer, or the model of BIRD: --engine model`],
		});
	}
	const machine = thisMachine(io.env);
	checkMachine(machine);
	io.progress(`Starting real BIRD on ${practice} ${practice === 1 ? 'node' : 'nodes'}, each a network namespace here.`);
	const path = searchPath(machine);
	return startBirdCluster(options, {exec: createRealExec({env: {...io.env, PATH: path}}), path});
}
