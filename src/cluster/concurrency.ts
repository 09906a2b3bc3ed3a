import {setMaxListeners} from 'node:events';

/** Runs at most `limit` of the tasks it is given at once, in the order they came. */
export function createLimit(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
	let running = 0;
	const waiting: (() => void)[] = [];
	return async task => {
		if (running >= limit) await new Promise<void>(resolve => waiting.push(resolve));
		else running++;
		try {
			return await task();
		} finally {
			// The place goes to the next one directly, so that nobody can slip in between.
			const next = waiting.shift();
			if (next === undefined) running--;
			else next();
		}
	};
}

/** Results as they come. No promise may reject. Whoever stops early leaves the rest running. */
export async function* asCompleted<T>(promises: readonly Promise<T>[]): AsyncGenerator<T, void, void> {
	const done: T[] = [];
	let wake = () => {};
	for (const promise of promises) {
		promise.then(value => {
			done.push(value);
			wake();
		});
	}
	for (let left = promises.length; left > 0; left--) {
		if (done.length === 0) {
			await new Promise<void>(resolve => {
				wake = resolve;
			});
		}
		// Exactly as many values come as promises were given.
		yield done.shift() as T;
	}
}

/** One signal of several that many commands may listen to at once: from the eleventh on Node warns across the screen. */
export function sharedSignal(signals: readonly AbortSignal[], listeners: number): AbortSignal {
	const signal = AbortSignal.any([...signals]);
	setMaxListeners(listeners, signal);
	return signal;
}
