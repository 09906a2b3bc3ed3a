import {type Comparison, type Membership, SelectorError} from './types.ts';

type Symbol = '(' | ')' | '{' | '}' | ',' | '!' | '&&' | '||';

export type Token =
	| {readonly type: Symbol | 'all' | 'global' | 'end'; readonly at: number}
	| {readonly type: 'label' | 'string' | 'has'; readonly text: string; readonly at: number}
	| {readonly type: 'operator'; readonly operator: Comparison | Membership; readonly at: number};

const symbols: readonly Symbol[] = ['&&', '||', '(', ')', '{', '}', ',', '!'];
const blanks = /[ \t]*/y;
const identifier = /[A-Za-z0-9_./-]+/y;
/** Longest label key that Calico's tokenizer takes (tokenizer.go). */
const longestLabel = 512;

/** Word operators are only looked for right after a label, so that `in` can also be a label's name. */
const wordOperators: ReadonlyArray<readonly [RegExp, Comparison | Membership]> = [
	[/contains/y, 'contains'],
	[/starts[ \t]*with/y, 'starts with'],
	[/ends[ \t]*with/y, 'ends with'],
	[/not[ \t]*in\b/y, 'not in'],
	[/in\b/y, 'in'],
];
const halves: Readonly<Record<string, string>> = {'=': 'expected ==', '&': 'expected &&', '|': 'expected ||'};

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0];
}

function skipBlanks(text: string, at: number): number {
	return at + (matchAt(blanks, text, at)?.length ?? 0);
}

/** Cuts a selector into tokens. Only space and tab are white space: a line break is an error, as in Calico. */
export function tokenize(text: string): readonly Token[] {
	const tokens: Token[] = [];
	let at = 0;
	for (;;) {
		at = skipBlanks(text, at);
		if (at >= text.length) return [...tokens, {type: 'end', at}];
		const [token, next] = readToken(text, at, tokens.at(-1));
		tokens.push(token);
		at = next;
	}
}

function readToken(text: string, at: number, last: Token | undefined): readonly [Token, number] {
	const character = text.charAt(at);
	if (text.startsWith('==', at)) return [{type: 'operator', operator: '==', at}, at + 2];
	if (text.startsWith('!=', at)) return [{type: 'operator', operator: '!=', at}, at + 2];
	const symbol = symbols.find(candidate => text.startsWith(candidate, at));
	if (symbol) return [{type: symbol, at}, at + symbol.length];
	const half = halves[character];
	if (half) throw new SelectorError(half, at + 1);
	if (character === '"' || character === "'") {
		const end = text.indexOf(character, at + 1);
		if (end < 0) throw new SelectorError('unterminated string', at + 1);
		return [{type: 'string', text: text.slice(at + 1, end), at}, end + 1];
	}
	if (last?.type === 'label') {
		for (const [pattern, operator] of wordOperators) {
			const word = matchAt(pattern, text, at);
			if (word) return [{type: 'operator', operator, at}, at + word.length];
		}
		throw new SelectorError(`expected operator after label "${last.text}"`, at + 1);
	}
	return readWord(text, at);
}

function readWord(text: string, at: number): readonly [Token, number] {
	if (text.startsWith('has(', at)) {
		const start = skipBlanks(text, at + 4);
		const key = matchAt(identifier, text, start);
		if (!key) throw new SelectorError('expected identifier', start + 1);
		const close = skipBlanks(text, start + key.length);
		if (text.charAt(close) !== ')') throw new SelectorError("no closing ')' after has(", close + 1);
		return [{type: 'has', text: checkedLabel(key, start), at}, close + 1];
	}
	for (const type of ['all', 'global'] as const) {
		if (!text.startsWith(`${type}(`, at)) continue;
		const close = skipBlanks(text, at + type.length + 1);
		if (text.charAt(close) !== ')') throw new SelectorError(`no closing ')' after ${type}(`, close + 1);
		return [{type, at}, close + 1];
	}
	const label = matchAt(identifier, text, at);
	if (!label) throw new SelectorError(`unexpected characters at "${text.slice(at, at + 20)}"`, at + 1);
	return [{type: 'label', text: checkedLabel(label, at), at}, at + label.length];
}

function checkedLabel(key: string, at: number): string {
	if (key.length > longestLabel) throw new SelectorError(`label too long: ${key.slice(0, 32)}…`, at + 1);
	return key;
}
