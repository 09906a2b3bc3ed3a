import {sanitize, sanitizeLines} from '../sanitize.ts';

/** Where and why a tool's output is not what this program can read. */
export class ParseError extends Error {
	override readonly name = 'ParseError';
	/** Counted from 1; one past the last where something is missing at the end. */
	readonly line: number;
	constructor(line: number, problem: string) {
		super(`line ${line}: ${problem}`);
		this.line = line;
	}
}

/** What a parser gives: the whole truth of the text, or why there is none. It never gives a part of it. */
export type Parsed<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: ParseError};

/** A line of output with its number, counted from 1. */
export type Line = {readonly number: number; readonly text: string};

/** Runs a parser on the lines of an output; a ParseError thrown in it becomes the result. Blank lines are left out. */
export function parseLines<T>(output: string, parser: (lines: readonly Line[]) => T): Parsed<T> {
	const texts = sanitizeLines(output).split('\n');
	try {
		// Every tool read here ends its last line; one that does not was cut off, maybe in the middle of a number.
		const last = texts.pop();
		if (last) throw new ParseError(texts.length + 1, `the output is cut off after ${quote(last)}`);
		const lines = texts
			.map((text, index) => ({number: index + 1, text: text.trimEnd()}))
			.filter(({text}) => text !== '');
		return {ok: true, value: parser(lines)};
	} catch (error) {
		if (error instanceof ParseError) return {ok: false, error};
		throw error;
	}
}

/** A piece of the output for an error message, short enough for one line. */
export function quote(text: string): string {
	const clean = sanitize(text).trim();
	return `"${clean.length > 60 ? `${clean.slice(0, 59)}…` : clean}"`;
}
