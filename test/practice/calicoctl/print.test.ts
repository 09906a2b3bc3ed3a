import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import type {Json} from '../../../src/core/json.ts';
import {printJson} from '../../../src/practice/calicoctl/print-json.ts';
import {printYaml} from '../../../src/practice/calicoctl/print-yaml.ts';

describe('yaml', () => {
	test.each([
		['!has(rr)', "'!has(rr)'"],
		['has(rr)', 'has(rr)'],
		["zone == 'a'", "zone == 'a'"],
		["'a'", "'''a'''"],
		['a: b', "'a: b'"],
		['fd00::1', 'fd00::1'],
		['a #b', "'a #b'"],
		['- a', "'- a'"],
		['-a', '-a'],
		['{a}', "'{a}'"],
		[' a', "' a'"],
		['', '""'],
		['64512', '"64512"'],
		['1.10', '"1.10"'],
		['true', '"true"'],
		['yes', '"yes"'],
		['null', '"null"'],
		['~', '"~"'],
		['0x1f', '"0x1f"'],
		['12:30:45', '"12:30:45"'],
		['2026-11-23T16:37:53Z', '"2026-11-23T16:37:53Z"'],
		['\u001b[31m', '"\\u001b[31m"'],
		['172.31.40.1/16', '172.31.40.1/16'],
		['Zürich', 'Zürich'],
	])('%j is printed as %s', (text, printed) => {
		expect(printYaml({a: text})).toBe(`a: ${printed}\n`);
	});

	test('keys are sorted, lists stand under their key, empty ones on the line', () => {
		const value = {spec: {z: [{b: 1, a: [1, 2]}, 'x'], y: [], x: {}}, kind: 'K', list: [[1, [2]], {}]};
		expect(printYaml(value)).toBe(`kind: K
list:
- - 1
  - - 2
- {}
spec:
  x: {}
  "y": []
  z:
  - a:
    - 1
    - 2
    b: 1
  - x
`);
	});

	test('long texts are folded at a blank, lines are kept', () => {
		const long = `has(a) ${'&& has(bbbbbbbb) '.repeat(8)}&& has(c)`;
		const printed = printYaml({spec: {nodeSelector: long, text: 'one\n two\n\nthree\n'}});
		expect(printed.split('\n').every(line => line.length < 100)).toBe(true);
		expect(printed).toContain('  text: |\n    one\n     two\n\n    three\n');
		expect(parse(printed)).toEqual({spec: {nodeSelector: long, text: 'one\n two\n\nthree\n'}});
	});

	test('what is printed reads back as it was', () => {
		const text = fc.oneof(
			fc.string(),
			fc.string({
				unit: fc.constantFrom('a', '1', ' ', ':', '#', '-', '?', "'", '"', '!', '\n', '.', '0', 'x', '_', '{', ','),
			}),
			fc.string({unit: 'binary'}),
		);
		const value = fc.letrec<{value: Json}>(tie => ({
			value: fc.oneof(
				{maxDepth: 4},
				text,
				fc.integer(),
				fc.boolean(),
				fc.constant(null),
				fc.array(tie('value'), {maxLength: 4}),
				fc.dictionary(text, tie('value'), {maxKeys: 4, noNullPrototype: true}),
			),
		})).value;
		fc.assert(
			fc.property(value, item => {
				const printed = printYaml(item);
				expect(parse(printed)).toEqual(item);
			}),
			{numRuns: 2000, seed: 1},
		);
	});
});

test('json is printed with two blanks, Go’s escapes and no line break at the end', () => {
	const value = {a: ['x && y', '<b>'], e: []};
	expect(printJson(value)).toBe('{\n  "a": [\n    "x \\u0026\\u0026 y",\n    "\\u003cb\\u003e"\n  ],\n  "e": []\n}');
	expect(JSON.parse(printJson(value))).toEqual(value);
	expect(printJson(null)).toBe('null');
});
