import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {matches} from '../../../src/core/selector/evaluate.ts';
import {parseSelector} from '../../../src/core/selector/parse.ts';
import {printSelector} from '../../../src/core/selector/print.ts';
import {type Selector, SelectorError} from '../../../src/core/selector/types.ts';

const key = fc.stringMatching(/^[A-Za-z0-9_./-]{1,12}$/);
// A value may hold one kind of quote: the language has no escapes.
const value = fc.string({maxLength: 6}).filter(text => !(text.includes('"') && text.includes("'")));

const {selector} = fc.letrec<{selector: Selector}>(tie => ({
	selector: fc.oneof(
		{depthSize: 'small', withCrossShrink: true},
		fc.constantFrom<Selector>({op: 'all'}, {op: 'global'}),
		key.map((name): Selector => ({op: 'has', key: name})),
		fc.record({
			op: fc.constantFrom(
				'==' as const,
				'!=' as const,
				'contains' as const,
				'starts with' as const,
				'ends with' as const,
			),
			key,
			value,
		}),
		fc.record({
			op: fc.constantFrom('in' as const, 'not in' as const),
			key,
			values: fc.uniqueArray(value, {maxLength: 3}).map(values => [...values].sort()),
		}),
		tie('selector').map((operand): Selector => ({op: 'not', operand})),
		fc.record({
			op: fc.constantFrom('and' as const, 'or' as const),
			operands: fc.array(tie('selector'), {minLength: 2, maxLength: 3}),
		}),
	),
}));

describe('printing and parsing', () => {
	test('print then parse is the identity', () => {
		fc.assert(
			fc.property(selector, tree => {
				expect(parseSelector(printSelector(tree))).toEqual(tree);
			}),
		);
	});

	test('parse then print is stable', () => {
		fc.assert(
			fc.property(selector, tree => {
				const text = printSelector(tree);
				expect(printSelector(parseSelector(text))).toBe(text);
			}),
		);
	});

	test.each([
		['!has(calico-route-reflector)', '!has(calico-route-reflector)'],
		["a=='b'&&c!='d'||has( e )", '((a == "b" && c != "d") || has(e))'],
		["k notin {'b','a','b',}", 'k not in {"a", "b"}'],
		["k startswith 'x'", 'k starts with "x"'],
		["in in {'in'}", 'in in {"in"}'],
		['a == \'say "hi"\'', 'a == \'say "hi"\''],
		['', 'all()'],
		[' \t', 'all()'],
	])('%s is printed as %s', (text, canonical) => {
		expect(printSelector(parseSelector(text))).toBe(canonical);
	});
});

describe('errors name their column', () => {
	test.each([
		['!has((calico-route-reflector)', 'expected identifier', 6],
		['has(a', "no closing ')' after has(", 6],
		['a = "b"', 'expected ==', 3],
		['a == "b', 'unterminated string', 6],
		['a == b', 'expected string', 6],
		['has(a) & has(b)', 'expected &&', 8],
		['has(a) has(b)', 'unexpected content at end of selector', 8],
		['a b', 'expected operator after label "a"', 3],
		['(has(a)', 'expected )', 8],
		['a in "b"', 'expected set literal', 6],
		['!', 'unexpected end of string looking for op', 2],
		['all()\n', 'unexpected characters at "\n"', 6],
	])('%s', (text, message, column) => {
		expect(() => parseSelector(text)).toThrow(expect.objectContaining({message, column}));
	});

	test('any text is parsed or refused with a SelectorError, however deep', () => {
		const hostile = fc.oneof(
			fc.string(),
			fc.stringMatching(/^[!(ahs)"'{},= in]{0,40}$/),
			fc.constant('('.repeat(100_000)),
			fc.constant('!'.repeat(100_000)),
		);
		fc.assert(
			fc.property(hostile, text => {
				try {
					parseSelector(text);
				} catch (error) {
					expect(error).toBeInstanceOf(SelectorError);
				}
			}),
		);
	});
});

describe('absent labels', () => {
	const labels = {zone: 'a', empty: ''};
	test.each([
		['zone != "a"', false],
		['rack != "a"', true],
		['rack not in {"a"}', true],
		['rack in {"a"}', false],
		['rack contains ""', false],
		['empty contains ""', true],
		['has(empty)', true],
		['has(toString)', false],
		['toString != "x"', true],
		['zone starts with "a" && !has(rack)', true],
		['global()', true],
	])('%s is %s', (text, expected) => {
		expect(matches(parseSelector(text), labels)).toBe(expected);
	});
});
