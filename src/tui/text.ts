import stringWidth from 'string-width';
import {sanitize} from '../cluster/sanitize.ts';
import {glyphs} from './glyphs.ts';
import type {Style} from './theme.ts';

/** A piece of a line in one style. Made by `span` only, so that whatever reaches a screen is sanitised. */
export type Span = {readonly text: string; readonly style: Style};
export type Line = readonly Span[];

export function span(text: string, style: Style = 'plain'): Span {
	return {text: sanitize(text), style};
}

/** A line of one style. */
export function line(text: string, style: Style = 'plain'): Line {
	return [span(text, style)];
}

export const blank: Line = [];

/** Columns a text takes. */
export function widthOf(text: string): number {
	// string-width is slow at its first call; almost every text here is ASCII.
	return /^[\x20-\x7E]*$/.test(text) ? text.length : stringWidth(text);
}

export function lineWidth(spans: Line): number {
	return spans.reduce((sum, each) => sum + widthOf(each.text), 0);
}

/** A text cut to a width, the cut shown by an ellipsis. */
export function cut(text: string, width: number): string {
	if (widthOf(text) <= width) return text;
	if (width <= 0) return '';
	let kept = '';
	let used = 0;
	for (const character of text) {
		used += widthOf(character);
		if (used > width - 1) break;
		kept += character;
	}
	return kept + glyphs.ellipsis;
}

/** A text cut or filled with blanks to a width. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
	const short = cut(text, width);
	const room = ' '.repeat(Math.max(0, width - widthOf(short)));
	return align === 'left' ? short + room : room + short;
}

/** A line cut to a width. */
export function cutLine(spans: Line, width: number): Line {
	if (lineWidth(spans) <= width) return spans;
	const kept: Span[] = [];
	let left = width;
	for (const each of spans) {
		if (left <= 0) break;
		const text = cut(each.text, left);
		kept.push({...each, text});
		left -= widthOf(text);
		if (text !== each.text) break;
	}
	return kept;
}

/** A line cut or filled to a width. */
export function fitLine(spans: Line, width: number): Line {
	const short = cutLine(spans, width);
	const room = width - lineWidth(short);
	return room > 0 ? [...short, span(' '.repeat(room))] : short;
}

/** A text in lines no wider than `width`, broken between words, and inside those that are too long. */
export function wrap(text: string, width: number): readonly string[] {
	const size = Math.max(1, width);
	const lines: string[] = [];
	let current = '';
	for (const word of sanitize(text).split(' ')) {
		const joined = current === '' ? word : `${current} ${word}`;
		if (widthOf(joined) <= size) {
			current = joined;
			continue;
		}
		if (current !== '') lines.push(current);
		const parts = chop(word, size);
		lines.push(...parts.slice(0, -1));
		current = parts.at(-1) ?? '';
	}
	return [...lines, current];
}

/** A text in pieces of a width, broken anywhere. */
export function chop(text: string, width: number): readonly string[] {
	const size = Math.max(1, width);
	const pieces: string[] = [];
	let current = '';
	let used = 0;
	for (const character of text) {
		const wide = widthOf(character);
		if (used + wide > size) {
			pieces.push(current);
			current = '';
			used = 0;
		}
		current += character;
		used += wide;
	}
	return [...pieces, current];
}

/** A paragraph behind a mark, its further lines indented as far. */
export function paragraph(text: string, width: number, style: Style = 'plain', mark: Span = span('')): readonly Line[] {
	const indent = widthOf(mark.text);
	return wrap(text, width - indent).map((each, index) =>
		index === 0 ? [mark, span(each, style)] : [span(' '.repeat(indent)), span(each, style)],
	);
}

/** Two columns of lines, side by side with a bar between them, as high as the higher one. */
export function beside(
	left: readonly Line[],
	leftWidth: number,
	right: readonly Line[],
	height: number,
): readonly Line[] {
	return Array.from({length: height}, (_, index) => [
		...fitLine(left[index] ?? blank, leftWidth),
		span(` ${glyphs.bar} `, 'dim'),
		...(right[index] ?? blank),
	]);
}

/** Columns that the bar of `beside` takes. */
export const barWidth = 3;
