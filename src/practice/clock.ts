import type {Clock} from '../core/clock.ts';
import {createSleepers, idle} from '../core/sleepers.ts';

/** A clock that stands still until a test moves it. */
export type SteppedClock = Clock & {
	/** Moves the time on, waking each sleeper at its own moment; work that a sleeper starts is done before the next wakes. */
	advance(milliseconds: number): Promise<void>;
};

/** Node's timers hold 31 bits of milliseconds and fire at once beyond them. */
export const longestTimer = 2 ** 31 - 1;

/**
 * A clock for practice. `speed` 1 is real time and 10 ten times faster; with 'jump' time moves only by sleeping: as soon
 * as nothing else is left to do, the clock stands at the earliest sleeper's moment, so that a run takes no time and is
 * the same every time. `start` is in milliseconds since the epoch.
 */
export function createClock({speed, start = Date.now()}: {speed: number | 'jump'; start?: number}): Clock {
	return speed === 'jump' ? createJumpClock(start) : createRunningClock(speed, start);
}

function createRunningClock(speed: number, start: number): Clock {
	const origin = performance.now();
	return {
		now: () => Math.floor(start + (performance.now() - origin) * speed),
		sleep: (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				if (signal?.aborted) return reject(signal.reason);
				const abort = (): void => {
					clearTimeout(timer);
					reject(signal?.reason);
				};
				const timer = setTimeout(
					() => {
						signal?.removeEventListener('abort', abort);
						resolve();
					},
					Math.min(Math.max(0, milliseconds / speed), longestTimer),
				);
				signal?.addEventListener('abort', abort, {once: true});
			}),
	};
}

function createJumpClock(start: number): Clock {
	const sleepers = createSleepers(start);
	let watching = false;
	const watch = async (): Promise<void> => {
		watching = true;
		while (sleepers.next() !== undefined) {
			await idle();
			const due = sleepers.next();
			if (due !== undefined) sleepers.moveTo(due);
		}
		watching = false;
	};
	return {
		now: sleepers.now,
		sleep: (milliseconds, signal) => {
			const slept = sleepers.sleep(milliseconds, signal);
			if (!watching) void watch();
			return slept;
		},
	};
}

/** A clock for tests that says itself when time passes. */
export function createSteppedClock({start = 0}: {start?: number} = {}): SteppedClock {
	const sleepers = createSleepers(start);
	return {
		now: sleepers.now,
		sleep: sleepers.sleep,
		advance: async milliseconds => {
			const end = sleepers.now() + milliseconds;
			for (;;) {
				await idle();
				const due = sleepers.next();
				if (due === undefined || due > end) break;
				sleepers.moveTo(due);
			}
			sleepers.moveTo(end);
			await idle();
		},
	};
}
