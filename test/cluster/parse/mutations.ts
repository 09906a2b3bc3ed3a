import fc from 'fast-check';
import {expect} from 'vitest';
import type {Parsed} from '../../../src/cluster/parse/parsed.ts';

const escapes = ['\u001B[0m', '\u001B[1;32m', '\u001B]0;x\u0007', '\u200B', '\u202E', '\u0000'];

/** The outputs with escape sequences and invisible characters strewn in, and CRLF at the ends of lines. */
export function decorated(outputs: readonly string[]): fc.Arbitrary<{output: string; original: string}> {
	return fc
		.record({
			original: fc.constantFrom(...outputs),
			places: fc.array(fc.record({at: fc.double({min: 0, max: 1, noNaN: true}), what: fc.constantFrom(...escapes)})),
			crlf: fc.boolean(),
		})
		.map(({original, places, crlf}) => {
			let output = original;
			// From the end on, so that no sequence lands within another.
			for (const {at, what} of places.toSorted((left, right) => right.at - left.at)) {
				const index = Math.floor(at * original.length);
				output = output.slice(0, index) + what + output.slice(index);
			}
			return {original, output: crlf ? output.replaceAll('\n', '\r\n') : output};
		});
}

/**
 * Cuts an output at every place and wraps its lines at every width: a parser must give the rows it gives for the whole
 * output, or the first of them (a cut between two lines is not to be seen where a tool writes no end), or a ParseError.
 */
export function expectNoGuess<T>(
	outputs: readonly string[],
	parse: (output: string) => Parsed<T>,
	rows: (value: T) => readonly unknown[],
): void {
	for (const output of new Set(outputs)) {
		const whole = parse(output);
		if (!whole.ok) throw whole.error;
		const right = rows(whole.value);
		const check = (mutated: string, exact: boolean) => {
			const parsed = parse(mutated);
			if (!parsed.ok) {
				expect(parsed.error.line).toBeGreaterThan(0);
				return;
			}
			const got = rows(parsed.value);
			expect(got, JSON.stringify(mutated)).toEqual(exact ? right : right.slice(0, got.length));
		};
		for (let at = 0; at < output.length; at++) check(output.slice(0, at), false);
		for (let width = 1; width < 100; width++) {
			const wrapped = output.split('\n').map(line => (line.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n'));
			check(wrapped.join('\n'), true);
		}
	}
}
