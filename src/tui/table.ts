import {glyphs} from './glyphs.ts';
import {type Line, padded, type Span, span, widthOf} from './text.ts';

/** A column of a table. */
export type Column<Row> = {
	readonly title: string;
	readonly cell: (row: Row) => Span;
	/** Columns with the highest number go first when the table is too wide; 1 stays always. */
	readonly priority: number;
	readonly align?: 'right';
	/** Where given, the column may shrink to this width before others go. */
	readonly shrinkTo?: number;
};

type Placed<Row> = {readonly column: Column<Row>; readonly width: number};

/** How a table is set: blanks between its columns, and whether rows can have a cursor before them. */
export type Setting = {readonly gap: number; readonly cursor: boolean};

const spacious: Setting = {gap: 2, cursor: true};

/** The columns that fit into a width, each with the width it gets. */
export function placeColumns<Row>(
	columns: readonly Column<Row>[],
	rows: readonly Row[],
	available: number,
	{gap, cursor}: Setting = spacious,
): readonly Placed<Row>[] {
	const width = available - (cursor ? 2 : 0);
	let placed = columns.map(column => ({
		column,
		width: Math.max(widthOf(column.title), ...rows.map(row => widthOf(column.cell(row).text))),
	}));
	const total = (list: typeof placed, smallest: boolean): number =>
		list.reduce(
			(sum, each) => sum + (smallest ? Math.min(each.width, each.column.shrinkTo ?? each.width) : each.width),
			gap * (list.length - 1),
		);
	while (total(placed, true) > width) {
		const last = Math.max(...placed.map(each => each.column.priority));
		if (last <= 1) break;
		placed = placed.filter(each => each.column.priority < last);
	}
	// What is still too wide comes off the columns that may shrink, the last of them first.
	let over = total(placed, false) - width;
	return placed
		.toReversed()
		.map(each => {
			const spare = each.width - Math.min(each.width, each.column.shrinkTo ?? each.width);
			const less = Math.max(0, Math.min(spare, over));
			over -= less;
			return {...each, width: each.width - less};
		})
		.toReversed();
}

/** The heading of a table; two blanks stand where rows have their cursor. */
export function headingLine<Row>(placed: readonly Placed<Row>[], {gap, cursor} = spacious): Line {
	const titles = placed.map(({column, width}) => padded(column.title, width, column.align));
	return [span((cursor ? '  ' : '') + titles.join(' '.repeat(gap)), 'dim')];
}

/** A row of a table, marked where the cursor stands on it. */
export function rowLine<Row>(
	placed: readonly Placed<Row>[],
	row: Row,
	isCurrent: boolean,
	{gap, cursor} = spacious,
): Line {
	return [
		span(cursor ? (isCurrent ? `${glyphs.cursor} ` : '  ') : '', 'cursor'),
		...placed.map(({column, width}, index) => {
			const {text, style} = column.cell(row);
			const room = index < placed.length - 1 ? ' '.repeat(gap) : '';
			return span(padded(text, width, column.align) + room, isCurrent && index === 0 ? 'cursor' : style);
		}),
	];
}
