import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {sanitize, sanitizeLines} from '../../src/cluster/sanitize.ts';

const esc = '\u001B';

describe('sanitize', () => {
	it.each([
		['colour', `${esc}[1;31mred${esc}[0m text`, 'red text'],
		['cursor and erase', `a${esc}[2J${esc}[10;3Hb`, 'ab'],
		['CSI in one character', 'a\u009B31mb', 'ab'],
		['window title', `a${esc}]0;owned\u0007b`, 'ab'],
		['hyperlink', `${esc}]8;;https://evil.example${esc}\\here${esc}]8;;${esc}\\`, 'here'],
		['clipboard in C1', 'a\u009D52;c;ZXZpbA==\u009Cb', 'ab'],
		['DCS', `a${esc}Pq#0;2;0;0;0${esc}\\b`, 'ab'],
		['character set', `a${esc}(0b${esc}(Bc`, 'abc'],
		['reset', `a${esc}cb`, 'ab'],
		['a title that never ends', `a${esc}]0;the rest stays`, 'a0;the rest stays'],
		['a title that ends lines later', `a${esc}]0;x\nshown\u0007b`, 'a0;x shownb'],
		['NUL, BEL, backspace, DEL', 'a\u0000\u0007\u0008\u007Fb', 'ab'],
		['next line and other C1', 'a\u0085\u0084b', 'ab'],
		['bidi overrides', 'node-\u202Etxt.exe\u202C', 'node-txt.exe'],
		['bidi isolates and marks', '\u2066a\u2069\u200E\u200F\u061Cb', 'ab'],
		['zero width', 'a\u200Bb\u200Cc\u200Dd\u2060e\uFEFFf', 'abcdef'],
		['Unicode tags', 'a\u{E0041}\u{E007F}b', 'ab'],
		['invisible filler', 'a\u3164\u00ADb', 'ab'],
		['half a surrogate pair', 'a\uD800b', 'a\uFFFDb'],
		['tab', 'a\tb', 'a    b'],
		['line breaks', 'a\r\nb\nc\u2028d', 'a b c d'],
		['words of all scripts', 'Knoten-ü 节点 нода', 'Knoten-ü 节点 нода'],
	])('%s', (_, dirty, clean) => {
		expect(sanitize(dirty)).toBe(clean);
	});

	it('leaves nothing that a terminal acts on, whatever comes in', () => {
		const piece = fc.oneof(
			fc.constantFrom(esc, '[', ']', '\u009B', '\u009D', '\u0007', '\\', ';', '3', 'm', '\r', '\n', '\t', '\u202E'),
			fc.string({unit: 'binary'}),
		);
		fc.assert(
			fc.property(fc.array(piece), pieces => {
				const clean = sanitize(pieces.join(''));
				expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
				expect(sanitize(clean)).toBe(clean);
			}),
		);
	});

	it('takes time in proportion to the text', () => {
		const started = performance.now();
		for (const hostile of [`${esc}]`, '\u009D', `${esc}[`, `${esc}[1;`, 'a\u0000']) sanitize(hostile.repeat(200_000));
		expect(performance.now() - started).toBeLessThan(5000);
	});
});

describe('sanitizeLines', () => {
	it('keeps line breaks, and reads CRLF as one', () => {
		expect(sanitizeLines(`one${esc}[K\r\r\ntwo\r\n\nthree\u2029four\rfive`)).toBe('one\ntwo\n\nthree\nfourfive');
	});
});
