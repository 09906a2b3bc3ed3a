import type {Clock} from '../core/clock.ts';

/** A clock that stands still until a test moves it. */
export type SteppedClock = Clock & {
	/** Moves the time on, waking each sleeper at its own moment; work that a sleeper starts is done before the next wakes. */
	advance(milliseconds: number): Promise<void>;
};

/** Node's timers hold 31 bits of milliseconds and fire at once beyond them. */
const longestTimer = 2 ** 31 - 1;

type Sleeper = {readonly due: number; readonly wake: () => void};

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

/** Waits until what is under way has been done: promises, and one round of finished input and output, twice. */
async function idle(): Promise<void> {
	for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve));
}

type Sleepers = {
	now(): number;
	/** When the next sleeper is due. */
	next(): number | undefined;
	moveTo(time: number): void;
	sleep: Clock['sleep'];
};

function createSleepers(start: number): Sleepers {
	let now = start;
	// Ordered by due time, and by arrival where that is equal: the same run wakes its sleepers in the same order.
	const sleepers: Sleeper[] = [];
	const insert = (sleeper: Sleeper): void => {
		const later = sleepers.findIndex(other => other.due > sleeper.due);
		sleepers.splice(later === -1 ? sleepers.length : later, 0, sleeper);
	};
	return {
		now: () => now,
		next: () => sleepers[0]?.due,
		moveTo: time => {
			now = Math.max(now, time);
			const late = sleepers.findIndex(sleeper => sleeper.due > now);
			for (const sleeper of sleepers.splice(0, late === -1 ? sleepers.length : late)) sleeper.wake();
		},
		sleep: (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				if (signal?.aborted) return reject(signal.reason);
				const abort = (): void => {
					sleepers.splice(sleepers.indexOf(sleeper), 1);
					reject(signal?.reason);
				};
				const sleeper: Sleeper = {
					due: now + Math.max(0, milliseconds),
					wake: () => {
						signal?.removeEventListener('abort', abort);
						resolve();
					},
				};
				insert(sleeper);
				signal?.addEventListener('abort', abort, {once: true});
			}),
	};
}
