import {expect, test} from 'vitest';
import {createAdjustableClock} from '../../src/practice/adjustable-clock.ts';

const minute = 60_000;

test('runs at its speed, and wakes who sleeps', async () => {
	const clock = createAdjustableClock({speed: 1000, start: 5_000_000});
	const before = performance.now();
	await clock.sleep(20_000);
	expect(clock.now()).toBeGreaterThanOrEqual(5_020_000);
	expect(performance.now() - before).toBeGreaterThanOrEqual(19);
});

test('a sleeper wakes sooner once the clock runs faster, and time never jumps at the change', async () => {
	const clock = createAdjustableClock({speed: 1, start: 0});
	const slept = clock.sleep(10 * minute);
	const before = clock.now();
	clock.setSpeed(100_000);
	expect(clock.speed()).toBe(100_000);
	expect(clock.now()).toBeGreaterThanOrEqual(before);
	await slept;
	expect(clock.now()).toBeGreaterThanOrEqual(10 * minute);
});

test('slower again, it does not go back', () => {
	const clock = createAdjustableClock({speed: 1_000_000, start: 0});
	const before = clock.now();
	clock.setSpeed(1);
	expect(clock.now()).toBeGreaterThanOrEqual(before);
});

test('a skip wakes each sleeper at its own moment, those included who fall asleep during it', async () => {
	const clock = createAdjustableClock({speed: 1, start: 0});
	const woken: (readonly [string, number])[] = [];
	const sleep = async (name: string, milliseconds: number): Promise<void> => {
		await clock.sleep(milliseconds);
		woken.push([name, Math.round(clock.now() / 1000)]);
	};
	const all = Promise.all([
		sleep('late', 30_000),
		sleep('early', 10_000).then(() => sleep('again', 5000)),
		sleep('after', 10 * minute),
	]);
	await clock.skip(minute);
	expect(woken).toEqual([
		['early', 10],
		['again', 15],
		['late', 30],
	]);
	expect(Math.round(clock.now() / 1000)).toBe(60);
	await Promise.all([clock.skip(5 * minute), clock.skip(5 * minute)]);
	await all;
	expect(woken.at(-1)).toEqual(['after', 600]);
	expect(Math.round(clock.now() / 1000)).toBe(660);
});

test('can be aborted, and others sleep on', async () => {
	const clock = createAdjustableClock({speed: 1, start: 0});
	const controller = new AbortController();
	const aborted = clock.sleep(10 * minute, controller.signal);
	const other = clock.sleep(minute);
	controller.abort(new Error('enough'));
	await expect(aborted).rejects.toThrow('enough');
	await clock.skip(minute);
	await other;
});
