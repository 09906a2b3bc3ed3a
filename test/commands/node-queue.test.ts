import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createNodeQueue} from '../../src/commands/node-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
	const shown: string[] = [];
	return {shown, queue: createNodeQueue(['a', 'b', 'c', 'd'], name => shown.push(name))};
}

test('nodes come in their order, whichever answers first', () => {
	const {shown, queue} = start();
	queue.add('b');
	expect(shown).toEqual([]);
	queue.add('a');
	expect(shown).toEqual(['a', 'b']);
	queue.add('d');
	queue.add('c');
	queue.end();
	expect(shown).toEqual(['a', 'b', 'c', 'd']);
});

test('a node that keeps others waiting for half a second comes when it comes', () => {
	const {shown, queue} = start();
	queue.add('b');
	vi.advanceTimersByTime(499);
	expect(shown).toEqual([]);
	vi.advanceTimersByTime(1);
	expect(shown).toEqual(['b']);
	queue.add('c');
	queue.add('a');
	expect(shown).toEqual(['b', 'c', 'a']);
	queue.end();
	expect(shown).toEqual(['b', 'c', 'a', 'd']);
});

test('a node that never answers is shown at the end, once', () => {
	const {shown, queue} = start();
	queue.add('b');
	vi.advanceTimersByTime(500);
	queue.add('c');
	queue.add('d');
	queue.end();
	expect(shown).toEqual(['b', 'c', 'd', 'a']);
});
