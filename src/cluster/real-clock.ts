import type {Clock} from '../core/clock.ts';

/** Node's timers hold 31 bits of milliseconds and fire at once beyond them. */
const longestTimer = 2 ** 31 - 1;

/** Real time. It never goes back when the machine's own clock is set: a gate's wait is counted by it. */
export function createRealClock(): Clock {
	const start = Date.now() - performance.now();
	return {
		now: () => Math.floor(start + performance.now()),
		sleep: (milliseconds, signal) =>
			new Promise((resolve, reject) => {
				if (signal?.aborted) return reject(signal.reason);
				const abort = (): void => {
					clearTimeout(timer);
					reject(signal?.reason);
				};
				const wake = (): void => {
					signal?.removeEventListener('abort', abort);
					resolve();
				};
				const timer = setTimeout(wake, Math.min(Math.max(0, milliseconds), longestTimer));
				signal?.addEventListener('abort', abort, {once: true});
			}),
	};
}
