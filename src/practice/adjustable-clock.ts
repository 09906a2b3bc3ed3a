import type {Clock} from '../core/clock.ts';
import {createSleepers, idle} from '../core/sleepers.ts';
import {longestTimer} from './clock.ts';

/** A running clock whose speed can change, and which can skip ahead, unless its time is real. */
export type AdjustableClock = Clock & {
	/** Whether nobody can make it faster: its speed stays 1, and what is skipped is waited for, days aside. */
	readonly isReal: boolean;
	/** How many times as fast as real time it runs. */
	speed(): number;
	/** From now on it runs that many times as fast as real time; the present moment stays. */
	setSpeed(speed: number): void;
	/** Moves the time on by that much at once, waking each sleeper at its own moment and in order. */
	skip(milliseconds: number): Promise<void>;
};

/** A clock for a practice cluster that people use. `start` is in milliseconds since the epoch, `speed` above 0. */
export function createAdjustableClock({speed, start = Date.now()}: {speed: number; start?: number}): AdjustableClock {
	const sleepers = createSleepers(start);
	let pace = {from: start, at: performance.now(), speed};
	let skippingTo: number | undefined;
	let timer: NodeJS.Timeout | undefined;

	const running = (): number => Math.floor(pace.from + (performance.now() - pace.at) * pace.speed);
	// Who is woken during a skip sees his own moment, not the end of the skip.
	const now = (): number => (skippingTo === undefined ? running() : sleepers.now());
	const restart = (from: number, newSpeed: number): void => {
		pace = {from, at: performance.now(), speed: newSpeed};
		wakeInTime();
	};
	const wakeInTime = (): void => {
		clearTimeout(timer);
		const due = sleepers.next();
		if (due === undefined || skippingTo !== undefined) return;
		// A timer may fire a moment early; then the next one is set.
		const real = Math.max(1, Math.ceil((due - running()) / pace.speed));
		timer = setTimeout(
			() => {
				sleepers.moveTo(running());
				wakeInTime();
			},
			Math.min(real, longestTimer),
		);
	};

	return {
		isReal: false,
		now,
		speed: () => pace.speed,
		setSpeed: newSpeed => restart(running(), newSpeed),
		sleep: async (milliseconds, signal) => {
			// A sleep begins at the present moment, which the sleepers have last heard of when one of them woke.
			sleepers.moveTo(now());
			const slept = sleepers.sleep(milliseconds, signal);
			wakeInTime();
			try {
				await slept;
			} finally {
				wakeInTime();
			}
		},
		skip: async milliseconds => {
			const alreadySkipping = skippingTo !== undefined;
			skippingTo = (skippingTo ?? running()) + milliseconds;
			if (alreadySkipping) return;
			sleepers.moveTo(skippingTo - milliseconds);
			for (;;) {
				await idle();
				const due = sleepers.next();
				if (due === undefined || due > skippingTo) break;
				sleepers.moveTo(due);
			}
			const end = skippingTo;
			sleepers.moveTo(end);
			skippingTo = undefined;
			restart(end, pace.speed);
		},
	};
}
