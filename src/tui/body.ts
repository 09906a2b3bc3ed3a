import type {Write} from '../core/write.ts';
import {clamp} from '../wizard/list.ts';
import {blank, type Line} from './text.ts';

/** The room between header and footer. */
export type Area = {readonly width: number; readonly height: number};

/** What a screen shows there, and what keys need to know about it. */
export type Body = {
	/** As many lines as the area is high. */
	readonly lines: readonly Line[];
	/** Rows or lines that one page holds. */
	readonly page: number;
	/** How far it can be scrolled, in lines. */
	readonly scrollLimit: number;
};

/** What screens need beside the wizard's state. */
export type Tools = {
	/** On the run's clock. */
	readonly now: number;
	/** The command that a write will run, as one could type it. */
	readonly commandLine: (write: Write) => string;
};

/** A body that is not scrolled. */
export function still(lines: readonly Line[], {height}: Area): Body {
	return {lines: fill(lines, height), page: height, scrollLimit: 0};
}

/** A text that is scrolled down from its top. */
export function scrolled(lines: readonly Line[], height: number, scroll: number): Body {
	const scrollLimit = Math.max(0, lines.length - height);
	const start = clamp(scroll, 0, scrollLimit);
	return {lines: fill(lines.slice(start, start + height), height), page: height, scrollLimit};
}

/** Lines cut or filled to a height. */
export function fill(lines: readonly Line[], height: number): readonly Line[] {
	return Array.from({length: Math.max(0, height)}, (_, index) => lines[index] ?? blank);
}
