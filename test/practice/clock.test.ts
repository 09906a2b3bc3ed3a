import {describe, expect, test} from 'vitest';
import {createClock, createSteppedClock} from '../../src/practice/clock.ts';

describe('a jumping clock', () => {
	test('takes sleepers in the order of their time and stands at it', async () => {
		const clock = createClock({speed: 'jump', start: 1000});
		const woken: [string, number][] = [];
		const sleep = async (name: string, milliseconds: number): Promise<void> => {
			await clock.sleep(milliseconds);
			woken.push([name, clock.now()]);
		};
		await Promise.all([sleep('late', 3_600_000), sleep('early', 5), sleep('same', 5)]);
		expect(woken).toEqual([
			['early', 1005],
			['same', 1005],
			['late', 3_601_000],
		]);
	});

	test('lets the work of an early sleeper end before the next wakes', async () => {
		const clock = createClock({speed: 'jump', start: 0});
		const seen: string[] = [];
		const worker = async (): Promise<void> => {
			await clock.sleep(10);
			for (let step = 0; step < 5; step++) await Promise.resolve();
			seen.push(`worker at ${clock.now()}`);
			await clock.sleep(5);
			seen.push(`worker at ${clock.now()}`);
		};
		await Promise.all([worker(), clock.sleep(20).then(() => seen.push(`other at ${clock.now()}`))]);
		expect(seen).toEqual(['worker at 10', 'worker at 15', 'other at 20']);
	});

	test('rejects with the reason of a signal, and goes on for the others', async () => {
		const clock = createClock({speed: 'jump', start: 0});
		const controller = new AbortController();
		const aborted = clock.sleep(50, controller.signal);
		const other = clock.sleep(70).then(() => clock.now());
		controller.abort(new Error('enough'));
		await expect(aborted).rejects.toThrow('enough');
		await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
		expect(await other).toBe(70);
	});
});

describe('a running clock', () => {
	test('runs faster by its speed', async () => {
		const clock = createClock({speed: 1000, start: 5_000_000});
		const before = performance.now();
		await clock.sleep(20_000);
		expect(clock.now()).toBeGreaterThanOrEqual(5_000_000 + 19_000);
		expect(performance.now() - before).toBeGreaterThanOrEqual(19);
	});

	test('can be aborted', async () => {
		const clock = createClock({speed: 1});
		const controller = new AbortController();
		const sleeping = clock.sleep(600_000, controller.signal);
		controller.abort(new Error('enough'));
		await expect(sleeping).rejects.toThrow('enough');
	});
});

test('a stepped clock moves only when told, waking each sleeper at its own moment', async () => {
	const clock = createSteppedClock({start: 100});
	const woken: number[] = [];
	const ticker = (async () => {
		for (let tick = 0; tick < 3; tick++) {
			await clock.sleep(10);
			woken.push(clock.now());
		}
	})();
	await clock.advance(25);
	expect(woken).toEqual([110, 120]);
	expect(clock.now()).toBe(125);
	await clock.advance(5);
	await ticker;
	expect(woken).toEqual([110, 120, 130]);
});
