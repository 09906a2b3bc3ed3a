import {type Key as InkKey, useInput} from 'ink';
import {useEffect, useRef} from 'react';

/** One key press, named the way hints print it: `enter`, `esc`, `ctrl+c`, `a`. */
export type KeyPress = {
	readonly name: string;
	/** What it writes where text is taken. */
	readonly text: string;
};

const named: ReadonlyArray<readonly [keyof InkKey, string]> = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'esc'],
	['backspace', 'backspace'],
	// Ink 6 gives 0x7F, which is what the backspace key sends, as delete.
	['delete', 'backspace'],
];

/** Characters inside a pasted chunk that are keys. */
const controls: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\u007F': 'backspace',
	'\b': 'backspace',
	'\u0003': 'ctrl+c',
	'\u0015': 'ctrl+u',
	' ': 'space',
};

/** What is left of a cursor key when the terminal delivers its escape byte in a read of its own. */
const torn: Readonly<Record<string, string>> = {
	'[A': 'up',
	'[B': 'down',
	'[C': 'right',
	'[D': 'left',
	'[H': 'home',
	'[F': 'end',
	'[Z': 'shift+tab',
	'[5~': 'pageup',
	'[6~': 'pagedown',
	'[3~': 'backspace',
	OA: 'up',
	OB: 'down',
	OC: 'right',
	OD: 'left',
};

/** Milliseconds that an escape byte waits for the rest of its sequence; a person needs longer between two keys. */
const tornEscapeDelay = 25;

/** The presses in one of Ink's input events: it gives keys that arrive together as one text. */
export function decode(input: string, key: InkKey): readonly KeyPress[] {
	if (key.tab) return [{name: key.shift ? 'shift+tab' : 'tab', text: ''}];
	const found = named.find(([flag]) => key[flag]);
	if (found) return [{name: key.ctrl ? `ctrl+${found[1]}` : found[1], text: ''}];
	if (key.ctrl) return [{name: `ctrl+${input}`, text: ''}];
	if (key.meta) return [{name: `alt+${input}`, text: ''}];
	return [...input].map(character => ({
		name: controls[character] ?? character,
		text: controls[character] && character !== ' ' ? '' : character,
	}));
}

/**
 * Calls back for every key press; escape sequences that arrive in two reads are put together again. The callback of the
 * frame that is on the screen is called: Ink takes over a new one only some time after it has drawn the frame.
 */
export function useKeys(onKeyOfFrame: (press: KeyPress) => void): void {
	const latest = useRef(onKeyOfFrame);
	latest.current = onKeyOfFrame;
	const onKey = (press: KeyPress): void => latest.current(press);
	const pendingEscape = useRef<NodeJS.Timeout>(undefined);
	const settle = (): void => {
		clearTimeout(pendingEscape.current);
		pendingEscape.current = undefined;
	};
	useEffect(() => () => clearTimeout(pendingEscape.current), []);
	useInput((input, key) => {
		if (pendingEscape.current) {
			settle();
			const name = torn[input];
			if (name) return onKey({name, text: ''});
			onKey({name: 'esc', text: ''});
		}
		if (key.escape) {
			pendingEscape.current = setTimeout(() => {
				settle();
				onKey({name: 'esc', text: ''});
			}, tornEscapeDelay);
			return;
		}
		for (const press of decode(input, key)) onKey(press);
	});
}
