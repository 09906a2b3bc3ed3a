import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {chop, cut, cutLine, fitLine, lineWidth, padded, span, widthOf, wrap} from '../../src/tui/text.ts';

const width = fc.integer({min: 1, max: 40});
const text = fc.string({unit: fc.constantFrom('a', 'b', ' ', '日', 'é', '-', '.'), maxLength: 60});

describe('widths', () => {
	test('wide characters count twice', () => {
		expect(widthOf('日本')).toBe(4);
		expect(widthOf('abc')).toBe(3);
	});

	test('a cut text fits and shows that it was cut', () => {
		expect(cut('abcdef', 4)).toBe('abc…');
		expect(cut('abcdef', 6)).toBe('abcdef');
		expect(cut('日本語', 4)).toBe('日…');
		fc.assert(fc.property(text, width, (each, size) => widthOf(cut(each, size)) <= size));
	});

	test('a padded text is exactly as wide as asked', () => {
		expect(padded('ab', 4)).toBe('ab  ');
		expect(padded('ab', 4, 'right')).toBe('  ab');
		fc.assert(fc.property(text, width, (each, size) => widthOf(padded(each, size)) === size));
	});

	test('lines of several styles are cut and filled as a whole', () => {
		const line = [span('abc', 'good'), span('def', 'bad')];
		expect(cutLine(line, 5).map(each => each.text)).toEqual(['abc', 'd…']);
		fc.assert(fc.property(text, text, width, (a, b, size) => lineWidth(fitLine([span(a), span(b)], size)) === size));
	});
});

describe('wrapping', () => {
	test('breaks between words, and inside a word that is too long', () => {
		expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
		expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
	});

	test('never exceeds the width and loses nothing but blanks', () => {
		fc.assert(
			fc.property(text, fc.integer({min: 2, max: 40}), (each, size) => {
				const lines = wrap(each, size);
				expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(size);
				expect(lines.join('').replaceAll(' ', '')).toBe(each.replaceAll(' ', ''));
			}),
		);
	});

	test('chopping keeps every character', () => {
		fc.assert(fc.property(text, fc.integer({min: 2, max: 40}), (each, size) => chop(each, size).join('') === each));
	});
});

test('whatever comes from outside is sanitised before it can reach a screen', () => {
	expect(span('a\u001B[31mred\u001B[0m\u202Eevil\tb\nc').text).toBe('aredevil    b c');
});
