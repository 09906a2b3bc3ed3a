import {afterEach, expect, test, vi} from 'vitest';
import {birdGround} from '../../src/commands/ground.ts';
import {fakeIo} from '../support/fake-io.ts';

afterEach(() => void vi.useRealTimers());

test('of days that real BIRD shall live through, five minutes are waited for and the rest passes for the datastore', async () => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
	const {io, stderr} = fakeIo();
	const {clock} = birdGround({}, io);
	const began = clock.now();
	let isOver = false;
	const skipped = clock.skip(3 * 86_400_000).then(() => {
		isOver = true;
	});
	expect(stderr()).toContain('Waiting 300 s');
	await vi.advanceTimersByTimeAsync(299_000);
	expect(isOver).toBe(false);
	expect(clock.now() - began).toBe(299_000);
	await vi.advanceTimersByTimeAsync(1000);
	await skipped;
	expect(clock.now() - began).toBe(3 * 86_400_000);
});
