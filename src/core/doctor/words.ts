/** The first few of a list, and how many more there are: `a, b and 3 more`. */
export function some(items: readonly string[], most = 5, separator = ', '): string {
	const rest = items.length - most;
	return rest > 0 ? `${items.slice(0, most).join(separator)} and ${rest} more` : items.join(separator);
}

/** `1 node`, `5 nodes`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
