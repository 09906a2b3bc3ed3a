import {expect, test} from 'vitest';
import {type Column, headingLine, placeColumns, rowLine} from '../../src/tui/table.ts';
import {lineWidth, span} from '../../src/tui/text.ts';

type Row = {readonly name: string; readonly zone: string; readonly up: string};
const columns: readonly Column<Row>[] = [
	{title: 'NAME', priority: 1, shrinkTo: 6, cell: row => span(row.name)},
	{title: 'ZONE', priority: 3, cell: row => span(row.zone)},
	{title: 'UP', priority: 2, align: 'right', cell: row => span(row.up)},
];
const rows: readonly Row[] = [
	{name: 'node-with-a-name', zone: 'eu-1', up: '4/4'},
	{name: 'b', zone: 'eu-2', up: '10/10'},
];
const titles = (width: number) =>
	placeColumns(columns, rows, width + 2).map(({column, width: size}) => `${column.title} ${size}`);

test('all columns stand where there is room', () => {
	expect(titles(80)).toEqual(['NAME 16', 'ZONE 4', 'UP 5']);
});

test('a column that may shrink shrinks before another goes', () => {
	expect(titles(20)).toEqual(['NAME 7', 'ZONE 4', 'UP 5']);
});

test('the least important column goes first, the most important one never', () => {
	expect(titles(18)).toEqual(['NAME 11', 'UP 5']);
	expect(titles(10)).toEqual(['NAME 10']);
	expect(titles(3)).toEqual(['NAME 6']);
});

test('heading and rows stand below each other, the cursor is marked', () => {
	const placed = placeColumns(columns, rows, 80);
	const text = (spans: ReturnType<typeof headingLine>) => spans.map(each => each.text).join('');
	expect(text(headingLine(placed))).toBe('  NAME              ZONE     UP');
	expect(text(rowLine(placed, rows[1] as Row, true))).toBe('❯ b                 eu-2  10/10');
	expect(lineWidth(rowLine(placed, rows[0] as Row, false))).toBe(31);
});
