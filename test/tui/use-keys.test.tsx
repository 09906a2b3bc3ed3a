import {Text} from 'ink';
import {render} from 'ink-testing-library';
import type {ReactNode} from 'react';
import {expect, test, vi} from 'vitest';
import {useKeys} from '../../src/tui/use-keys.ts';

const cases: readonly (readonly [name: string, chunks: readonly string[], names: readonly string[]])[] = [
	['an arrow', ['\u001B[B'], ['down']],
	['an arrow torn in two', ['\u001B', '[B'], ['down']],
	['page down torn in two', ['\u001B', '[6~'], ['pagedown']],
	['two arrows in one read', ['\u001B[B\u001B[B'], ['down', 'down']],
	['letters in one read', ['jj'], ['j', 'j']],
	['a pasted line', ['ab c\r'], ['a', 'b', 'space', 'c', 'enter']],
	['escape alone', ['\u001B'], ['esc']],
	['backspace, which Ink calls delete', ['\u007F'], ['backspace']],
	['delete', ['\u001B[3~'], ['backspace']],
	['ctrl+c', ['\u0003'], ['ctrl+c']],
	['ctrl+u', ['\u0015'], ['ctrl+u']],
	['tab and shift+tab', ['\t', '\u001B[Z'], ['tab', 'shift+tab']],
	['alt and a letter', ['\u001Bx'], ['alt+x']],
	['wide characters', ['日本'], ['日', '本']],
	['home and end', ['\u001B[H', '\u001B[F'], ['home', 'end']],
];

function Keys({onKey}: {readonly onKey: (name: string) => void}): ReactNode {
	useKeys(press => onKey(press.name));
	return <Text>keys</Text>;
}

test.each(cases)('%s', async (_, chunks, names) => {
	const got: string[] = [];
	const {stdin, unmount} = render(<Keys onKey={name => got.push(name)} />);
	// Ink listens from its first effect on.
	await vi.waitUntil(() => stdin.listenerCount('readable') > 0);
	for (const chunk of chunks) {
		stdin.write(chunk);
		// A read of its own, as a slow line delivers it: the next turn of the event loop, well within the wait.
		await new Promise(resolve => setImmediate(resolve));
	}
	await vi.waitFor(() => expect(got).toEqual(names));
	unmount();
});

test('escape and a letter that a person types after it stay two keys', async () => {
	const got: string[] = [];
	const {stdin, unmount} = render(<Keys onKey={name => got.push(name)} />);
	await vi.waitUntil(() => stdin.listenerCount('readable') > 0);
	stdin.write('\u001B');
	await vi.waitFor(() => expect(got).toEqual(['esc']));
	stdin.write('j');
	await vi.waitFor(() => expect(got).toEqual(['esc', 'j']));
	unmount();
});
