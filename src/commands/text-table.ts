import {sanitize} from '../cluster/sanitize.ts';

/** Rows as aligned text with a heading, two blanks between columns, without anything at the lines' ends. */
export function textTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
	const cells = [heading, ...rows.map(row => row.map(sanitize))];
	const widths = heading.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
	return cells
		.map(row =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** A number with thousands separated, and the noun in the right number: `4,950 sessions`, `1 session`. */
export function counted(count: number, noun: string): string {
	return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first few names, and how many more there are. */
export function someNames(names: readonly string[], most = 4): string {
	const rest = names.length - most;
	return rest > 0
		? `${names.slice(0, most).map(sanitize).join(', ')} and ${rest.toLocaleString('en-US')} more`
		: names.map(sanitize).join(', ');
}
