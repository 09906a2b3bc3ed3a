import {expect, test, vi} from 'vitest';
import {createRounds} from '../../src/cluster/rounds.ts';
import type {Observation} from '../../src/core/session.ts';

const look = (node: string): Observation => ({node, at: 0, sessions: {known: true, value: []}});

/** Nodes that answer at once, but for one, which answers when it is told to. */
function slowNode(slow: string) {
	let answer = (): void => undefined;
	const asked: string[][] = [];
	const observe = async function* (nodes: readonly string[]): AsyncGenerator<Observation> {
		asked.push([...nodes]);
		for (const node of nodes.filter(each => each !== slow)) yield look(node);
		if (!nodes.includes(slow)) return;
		await new Promise<void>(resolve => {
			answer = resolve;
		});
		yield look(slow);
	};
	return {observe, asked, answer: () => answer()};
}

test('a node that does not answer is left to itself, and the others are looked at again', async () => {
	const {observe, asked, answer} = slowNode('b');
	const seen: string[] = [];
	const round = createRounds({observe}, ({node}) => seen.push(node));
	await round(['a', 'b', 'c']);
	expect(seen).toEqual(['a', 'c']);
	await round(['a', 'b', 'c']);
	expect(asked).toEqual([
		['a', 'b', 'c'],
		['a', 'c'],
	]);
	expect(seen).toEqual(['a', 'c', 'a', 'c']);
	answer();
	await vi.waitFor(() => expect(seen.at(-1)).toBe('b'));
	await round(['a', 'c']);
	void round(['b']);
	expect(asked.at(-1)).toEqual(['b']);
});

test('what fails as a whole fails a round, and the next one asks again', async () => {
	let count = 0;
	const observe = async function* (): AsyncGenerator<Observation> {
		count += 1;
		if (count === 1) throw new Error('no kubectl');
		yield look('a');
	};
	const seen: string[] = [];
	const round = createRounds({observe}, ({node}) => seen.push(node));
	await expect(round(['a'])).rejects.toThrow('no kubectl');
	await round(['a']);
	expect(seen).toEqual(['a']);
});
