import type {TextProps} from 'ink';

/** What a piece of text means; how it looks is decided here alone. */
export type Style =
	| 'plain'
	| 'strong'
	| 'dim'
	| 'accent'
	| 'good'
	| 'warn'
	| 'bad'
	| 'added'
	| 'removed'
	| 'cursor'
	| 'key';

type Look = Pick<TextProps, 'bold' | 'color' | 'dimColor'>;

/** The terminal's own 16 colours and no backgrounds, so that light and dark schemes both work. */
export const styles: Readonly<Record<Style, Look>> = {
	plain: {},
	strong: {bold: true},
	dim: {dimColor: true},
	accent: {color: 'cyan'},
	good: {color: 'green'},
	warn: {color: 'yellow'},
	bad: {color: 'red', bold: true},
	added: {color: 'green'},
	removed: {color: 'red'},
	cursor: {color: 'cyan', bold: true},
	key: {bold: true},
};
