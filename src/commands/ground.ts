import {UserError} from '../core/user-error.ts';
import type {LabGround} from '../lab/world.ts';
import {type AdjustableClock, createAdjustableClock} from '../practice/adjustable-clock.ts';
import {createClock} from '../practice/clock.ts';
import type {Io} from './io.ts';
import {startBird} from './start-practice.ts';
import type {Options} from './table.ts';

/**
 * What labs stand on: the model, whose time can run faster, or real BIRD, whose time is real. `usual` is the speed where
 * none is asked for.
 * @throws UserError for a speed that the engine cannot have.
 */
export function labGround(options: Options, io: Io, usual: number): LabGround {
	return options.engine === 'bird'
		? birdGround(options, io)
		: modelGround({
				speed: options.speed ?? usual,
				runningFor: 0,
				cannotJump: new UserError('The time of a lab cannot jump.', {
					next: ["In it, 'lab time +60' skips a minute."],
				}),
			});
}

/** Milliseconds that the cluster has run when the shell opens: a learner finds every session up, as the tutorial does. */
const runningFor = 600_000;

/** What a practice shell stands on, in the same way; its cluster has been running for a while. */
export function shellGround(options: Options, io: Io, usual: number): LabGround {
	return options.engine === 'bird'
		? birdGround(options, io)
		: modelGround({
				speed: options.speed ?? usual,
				runningFor,
				cannotJump: new UserError('The time of a practice shell cannot jump.', {
					next: ["Give a number, such as --speed 10; inside, 'lab time +60' skips a minute."],
				}),
			});
}

type ModelTime = {
	readonly speed: number | 'jump';
	readonly runningFor: number;
	readonly cannotJump: UserError;
};

function modelGround({speed, runningFor: before, cannotJump}: ModelTime): LabGround {
	if (speed === 'jump') throw cannotJump;
	const clock = createAdjustableClock({speed, start: Date.now() - before});
	return {
		clock,
		start: async options => {
			// Only now: a shell is in front by then, and its first prompt has not waited for it.
			const {createPracticeCluster} = await import('../practice/cluster.ts');
			const cluster = createPracticeCluster({...options, clock});
			if (before > 0) await clock.skip(before);
			return cluster;
		},
	};
}

/** Real BIRD. `start` throws a UserError where it cannot run here, or not at that speed. */
export function birdGround({speed}: Options, io: Io): LabGround {
	let patience = new AbortController();
	const clock = realTime(io, () => patience.signal);
	return {
		clock,
		start: options => {
			patience = new AbortController();
			return startBird({speed, options: {...options, clock}}, io);
		},
		abandon: () => patience.abort(new Error('nobody waits for it any more')),
	};
}

/**
 * Milliseconds after which BIRD does nothing more by itself: a hold timer of 240 s and, after it, a new attempt
 * (measurements.md).
 */
const settled = 300_000;

/** Milliseconds of a wait that nobody needs to be told of. */
const short = 5000;

/**
 * Real BIRD's time can neither run faster nor be skipped: whoever asks for a minute waits a minute. Whoever asks for days
 * waits until BIRD has settled; the rest passes for the datastore alone, whose dates are of this clock. `patience` and
 * signals end a wait.
 */
function realTime(io: Io, patience: () => AbortSignal): AdjustableClock {
	const clock = createClock({speed: 1});
	let ahead = 0;
	return {
		...clock,
		now: () => clock.now() + ahead,
		isReal: true,
		speed: () => 1,
		setSpeed: () => undefined,
		skip: async milliseconds => {
			const waited = Math.min(milliseconds, settled);
			if (waited > short) io.progress(`Waiting ${waited / 1000} s: real BIRD's time cannot be skipped.`);
			await clock.sleep(waited, AbortSignal.any([io.interrupts.signal, patience()]));
			ahead += milliseconds - waited;
		},
	};
}
