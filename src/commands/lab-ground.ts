import {UserError} from '../core/user-error.ts';
import type {LabGround} from '../lab/world.ts';
import {type AdjustableClock, createAdjustableClock} from '../practice/adjustable-clock.ts';
import {createClock} from '../practice/clock.ts';
import {createPracticeCluster} from '../practice/cluster.ts';
import type {Io} from './io.ts';
import {startBird} from './start-practice.ts';
import type {Options} from './table.ts';

/**
 * What labs stand on: the model, whose time can run faster, or real BIRD, whose time is real.
 * @throws UserError for a speed that the engine cannot have, and where real BIRD cannot run here.
 */
export async function labGround({speed, engine}: Options, io: Io, usual: number): Promise<LabGround> {
	if (engine === 'bird') {
		return {clock: realTime(), start: options => startBird({speed, options}, io)};
	}
	if (speed === 'jump') {
		throw new UserError('The time of a lab cannot jump.', {next: ["In it, 'lab time +60' skips a minute."]});
	}
	const clock = createAdjustableClock({speed: speed ?? usual});
	return {clock, start: options => createPracticeCluster({...options, clock})};
}

/** Real BIRD's time can neither run faster nor be skipped: whoever asks for a minute waits a minute. */
function realTime(): AdjustableClock {
	const clock = createClock({speed: 1});
	return {
		...clock,
		isReal: true,
		speed: () => 1,
		setSpeed: () => undefined,
		skip: milliseconds => clock.sleep(milliseconds),
	};
}
