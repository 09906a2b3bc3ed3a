/** A parsed selector: Calico's language for choosing nodes by their labels (libcalico-go/lib/selector). */
export type Selector =
	| {readonly op: 'all' | 'global'}
	| {readonly op: 'has'; readonly key: string}
	| {readonly op: Comparison; readonly key: string; readonly value: string}
	| {readonly op: Membership; readonly key: string; readonly values: readonly string[]}
	| {readonly op: 'not'; readonly operand: Selector}
	| {readonly op: 'and' | 'or'; readonly operands: readonly Selector[]};

export type Comparison = '==' | '!=' | 'contains' | 'starts with' | 'ends with';
export type Membership = 'in' | 'not in';

/** A selector that Calico would refuse, with the place where it stops making sense. */
export class SelectorError extends Error {
	override readonly name = 'SelectorError';
	/** Column of the first character that could not be read, counted from 1. */
	readonly column: number;
	constructor(message: string, column: number) {
		super(message);
		this.column = column;
	}
}
