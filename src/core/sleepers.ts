import type {Clock} from './clock.ts';

type Sleeper = {readonly due: number; readonly wake: () => void};

/** Those who wait on a clock that somebody moves. */
export type Sleepers = {
	now(): number;
	/** When the next sleeper is due. */
	next(): number | undefined;
	/** Moves the time on, never back, and wakes who is due by then. */
	moveTo(time: number): void;
	sleep: Clock['sleep'];
};

/** Waits until what is under way has been done: promises, and one round of finished input and output, twice. */
export async function idle(): Promise<void> {
	for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve));
}

/** Begins at that moment, in milliseconds since the epoch. */
export function createSleepers(start: number): Sleepers {
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
