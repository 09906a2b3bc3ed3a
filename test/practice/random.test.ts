import {expect, test} from 'vitest';
import {createRandom} from '../../src/practice/random.ts';

test('the same seed gives the same numbers, another seed others', () => {
	const draw = (seed: number): readonly number[] => {
		const random = createRandom(seed);
		return Array.from({length: 50}, () => random.next());
	};
	expect(draw(7)).toEqual(draw(7));
	expect(draw(7)).not.toEqual(draw(8));
});

test('numbers are spread evenly over their range', () => {
	const random = createRandom(3);
	const counts = Array.from({length: 10}, () => 0);
	for (let draw = 0; draw < 10_000; draw++) {
		const number = random.integer(0, 9);
		counts[number] = (counts[number] ?? 0) + 1;
	}
	expect(counts).toHaveLength(10);
	for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('a fork does not depend on what was drawn before it', () => {
	const drawn = createRandom(3);
	drawn.next();
	expect(drawn.fork('timers').next()).toBe(createRandom(3).fork('timers').next());
	expect(drawn.fork('timers').next()).not.toBe(drawn.fork('uids').next());
});

test('uuids are of version 4 and do not repeat', () => {
	const random = createRandom(1);
	const uuids = Array.from({length: 1000}, () => random.uuid());
	expect(new Set(uuids).size).toBe(1000);
	for (const uuid of uuids)
		expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
