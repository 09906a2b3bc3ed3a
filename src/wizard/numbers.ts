/** A count for people: `499,500`. */
export function count(value: number): string {
	return value.toLocaleString('en-US');
}

/** `1 node`, `3 nodes`, `no nodes`. */
export function plural(value: number, noun: string): string {
	return `${value === 0 ? 'no' : count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
