import {type Token, tokenize} from './tokens.ts';
import {type Selector, SelectorError} from './types.ts';

type Cursor = {readonly tokens: readonly Token[]; position: number};

/** Deeper nesting than any real selector; keeps hostile input from using up the stack. */
const deepest = 200;

/**
 * Parses a selector as Calico does (libcalico-go/lib/selector/parser): `||` binds loosest, then `&&`, then operations,
 * each of which `!` may prefix. An empty text is `all()`.
 * @throws SelectorError with the column of the offending character.
 */
export function parseSelector(text: string): Selector {
	const cursor: Cursor = {tokens: tokenize(text), position: 0};
	if (peek(cursor).type === 'end') return {op: 'all'};
	const selector = parseGroup(cursor, 'or', 0);
	const rest = peek(cursor);
	if (rest.type !== 'end') throw new SelectorError('unexpected content at end of selector', rest.at + 1);
	return selector;
}

function peek({tokens, position}: Cursor): Token {
	return tokens[position] ?? {type: 'end', at: tokens.at(-1)?.at ?? 0};
}

function take(cursor: Cursor): Token {
	const token = peek(cursor);
	cursor.position++;
	return token;
}

function parseGroup(cursor: Cursor, op: 'or' | 'and', depth: number): Selector {
	const parsePart = op === 'or' ? () => parseGroup(cursor, 'and', depth) : () => parseOperation(cursor, depth);
	const first = parsePart();
	const operands = [first];
	while (peek(cursor).type === (op === 'or' ? '||' : '&&')) {
		take(cursor);
		operands.push(parsePart());
	}
	return operands.length === 1 ? first : {op, operands};
}

function parseOperation(cursor: Cursor, depth: number): Selector {
	const token = take(cursor);
	if (depth > deepest) throw new SelectorError('selector is nested too deeply', token.at + 1);
	switch (token.type) {
		case '!':
			return {op: 'not', operand: parseOperation(cursor, depth + 1)};
		case 'all':
		case 'global':
			return {op: token.type};
		case 'has':
			return {op: 'has', key: token.text};
		case 'label':
			return parseComparison(cursor, token.text);
		case '(': {
			const inner = parseGroup(cursor, 'or', depth + 1);
			expect(cursor, ')');
			return inner;
		}
		case 'end':
			throw new SelectorError('unexpected end of string looking for op', token.at + 1);
		default:
			throw new SelectorError(`unexpected token: ${describe(token)}`, token.at + 1);
	}
}

function parseComparison(cursor: Cursor, key: string): Selector {
	const token = take(cursor);
	if (token.type !== 'operator') throw new SelectorError(`expected operator after label "${key}"`, token.at + 1);
	const {operator} = token;
	if (operator === 'in' || operator === 'not in') return {op: operator, key, values: parseSet(cursor)};
	return {op: operator, key, value: expectString(cursor)};
}

/** A set of strings; it may be empty and may end in a comma. */
function parseSet(cursor: Cursor): readonly string[] {
	const open = take(cursor);
	if (open.type !== '{') throw new SelectorError('expected set literal', open.at + 1);
	const values: string[] = [];
	while (peek(cursor).type === 'string') {
		values.push(expectString(cursor));
		if (peek(cursor).type !== ',') break;
		take(cursor);
	}
	expect(cursor, '}');
	return [...new Set(values)].sort();
}

function expectString(cursor: Cursor): string {
	const token = take(cursor);
	if (token.type !== 'string') throw new SelectorError('expected string', token.at + 1);
	return token.text;
}

function expect(cursor: Cursor, type: Token['type']): void {
	const token = take(cursor);
	if (token.type !== type) throw new SelectorError(`expected ${type}`, token.at + 1);
}

function describe(token: Token): string {
	return 'text' in token ? token.text : 'operator' in token ? token.operator : token.type;
}
