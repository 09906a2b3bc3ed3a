import type {IBufferCell} from '@xterm/headless';

/** One cell of a terminal emulator's screen. */
export type Cell = Pick<
	IBufferCell,
	| 'getWidth'
	| 'getChars'
	| 'isFgRGB'
	| 'isFgPalette'
	| 'getFgColor'
	| 'isBgRGB'
	| 'isBgPalette'
	| 'getBgColor'
	| 'isInverse'
	| 'isBold'
	| 'isDim'
	| 'isUnderline'
>;

/** Size of a character in the picture's units. */
export const cellWidth = 8.4;
export const cellHeight = 18;

const ink = '#c5c8c6';
const paper = '#1d1f21';
/** The 16 ANSI colours, readable on a dark ground. */
const ansi = [
	...[paper, '#cc6666', '#8fbf6b', '#f0c674', '#81a2be', '#b294bb', '#5fb3b3', ink],
	...['#8a8d90', '#ff7b7b', '#a9d977', '#ffd58a', '#9cc3e6', '#cfa9d8', '#7fd6d6', '#ffffff'],
];
/** Steps of the 6x6x6 colour cube of 256-colour terminals. */
const cube = [0, 95, 135, 175, 215, 255];

type Style = {
	readonly foreground: string;
	readonly background: string;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly underline: boolean;
};
type Run = {readonly x: number; end: number; text: string; readonly style: Style; readonly wide: boolean};

/** One row of a screen as SVG; '' for an empty one. Neighbours of one style are one text element. */
export function rowMarkup(cells: readonly Cell[]): string {
	const runs: Run[] = [];
	for (const [x, cell] of cells.entries()) {
		const width = cell.getWidth();
		// The right half of a wide character.
		if (width === 0) continue;
		const style = styleOf(cell);
		const text = cell.getChars() || ' ';
		const last = runs.at(-1);
		if (last && !last.wide && width === 1 && last.end === x && sameStyle(last.style, style)) {
			last.text += text;
			last.end = x + 1;
		} else runs.push({x, end: x + width, text, style, wide: width === 2});
	}
	return runs
		.filter(({text, style}) => text.trim() !== '' || style.background !== '' || style.underline)
		.map(runMarkup)
		.join('');
}

function styleOf(cell: Cell): Style {
	const own = {
		foreground: cell.isFgRGB() ? hex(cell.getFgColor()) : cell.isFgPalette() ? indexed(cell.getFgColor()) : '',
		background: cell.isBgRGB() ? hex(cell.getBgColor()) : cell.isBgPalette() ? indexed(cell.getBgColor()) : '',
	};
	const shown = cell.isInverse() ? {foreground: own.background || paper, background: own.foreground || ink} : own;
	return {...shown, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0, underline: cell.isUnderline() !== 0};
}

function sameStyle(left: Style, right: Style): boolean {
	return JSON.stringify(left) === JSON.stringify(right);
}

function runMarkup({x, end, text, style}: Run): string {
	const [left, width] = [(x * cellWidth).toFixed(1), ((end - x) * cellWidth).toFixed(1)];
	const ground = style.background
		? `<rect x="${left}" width="${width}" height="${cellHeight}" fill="${style.background}"/>`
		: '';
	const look = [
		style.foreground && ` fill="${style.foreground}"`,
		style.bold && ' font-weight="700"',
		style.dim && ' opacity=".6"',
		style.underline && ' text-decoration="underline"',
	]
		.filter(Boolean)
		.join('');
	const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return `${ground}<text x="${left}" y="13" textLength="${width}"${look}>${safe}</text>`;
}

function hex(number: number): string {
	return `#${number.toString(16).padStart(6, '0')}`;
}

function indexed(index: number): string {
	const named = ansi[index];
	if (named !== undefined) return named;
	if (index >= 232) return hex((8 + (index - 232) * 10) * 0x01_01_01);
	const part = (divisor: number) => cube[Math.trunc((index - 16) / divisor) % 6] ?? 0;
	return hex((part(36) << 16) | (part(6) << 8) | part(1));
}
