import type {StoredResource} from '../datastore/types.ts';
import type {KindInfo} from './kinds.ts';

/** calicoctl's tabwriter: cells at least 5 wide, 3 blanks after the longest (commands/common/printer.go). */
const narrowest = 5;
const padding = 3;

/** A `ps` or `wide` table with the line that calicoctl leaves free after it. */
export function printTable(
	info: KindInfo,
	headings: readonly string[],
	resources: readonly StoredResource[],
	globalAs: string,
): string {
	const rows = [
		headings,
		...resources.map(resource => headings.map(heading => info.columns[heading]?.(resource, globalAs) ?? '')),
	];
	const widths = headings.map((_heading, column) =>
		rows.reduce((widest, row) => Math.max(widest, [...(row[column] ?? '')].length + padding), narrowest),
	);
	const lines = rows.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''));
	return `${lines.join('\n')}\n\n`;
}
