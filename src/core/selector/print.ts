import type {Selector} from './types.ts';

/** The selector in Calico's canonical form (Selector.String()): groups in parentheses, sets sorted, double quotes where possible. */
export function printSelector(selector: Selector): string {
	switch (selector.op) {
		case 'all':
		case 'global':
			return `${selector.op}()`;
		case 'has':
			return `has(${selector.key})`;
		case 'not':
			return `!${printSelector(selector.operand)}`;
		case 'and':
		case 'or':
			return `(${selector.operands.map(printSelector).join(selector.op === 'and' ? ' && ' : ' || ')})`;
		case 'in':
		case 'not in':
			return `${selector.key} ${selector.op} {${selector.values.map(quote).join(', ')}}`;
		default:
			return `${selector.key} ${selector.op} ${quote(selector.value)}`;
	}
}

/** The language has no escapes: a value that holds one kind of quote is written in the other. */
function quote(value: string): string {
	return value.includes('"') ? `'${value}'` : `"${value}"`;
}
