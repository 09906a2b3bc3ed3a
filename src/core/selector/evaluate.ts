import type {Selector} from './types.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether the labels match. `!=` and `not in` are true of an absent label; every other comparison is false of it. */
export function matches(selector: Selector, labels: Labels): boolean {
	switch (selector.op) {
		case 'all':
		case 'global':
			return true;
		case 'has':
			return Object.hasOwn(labels, selector.key);
		case 'not':
			return !matches(selector.operand, labels);
		case 'and':
			return selector.operands.every(operand => matches(operand, labels));
		case 'or':
			return selector.operands.some(operand => matches(operand, labels));
		case 'in':
		case 'not in': {
			const value = labelOf(labels, selector.key);
			const isIn = value !== undefined && selector.values.includes(value);
			return selector.op === 'in' ? isIn : !isIn;
		}
		default:
			return compare(selector.op, labelOf(labels, selector.key), selector.value);
	}
}

function labelOf(labels: Labels, key: string): string | undefined {
	return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function compare(
	op: '==' | '!=' | 'contains' | 'starts with' | 'ends with',
	label: string | undefined,
	value: string,
): boolean {
	switch (op) {
		case '==':
			return label === value;
		case '!=':
			return label !== value;
		case 'contains':
			return label?.includes(value) ?? false;
		case 'starts with':
			return label?.startsWith(value) ?? false;
		case 'ends with':
			return label?.endsWith(value) ?? false;
	}
}
