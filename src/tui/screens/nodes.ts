import {formatWait} from '../../wizard/durations.ts';
import {clamp, windowOf} from '../../wizard/list.ts';
import type {NodeRow} from '../../wizard/node-rows.ts';
import {count, plural} from '../../wizard/numbers.ts';
import {visibleRows} from '../../wizard/selectors.ts';
import type {WizardState} from '../../wizard/state.ts';
import {type Area, type Body, fill, still, type Tools} from '../body.ts';
import {filterLine} from '../filter-line.ts';
import {problemNote} from '../notes.ts';
import {type Column, headingLine, placeColumns, rowLine} from '../table.ts';
import {blank, type Line, line, lineWidth, span} from '../text.ts';

/** The nodes: who they are, and how many of their sessions are up, live. */
export function nodesBody(state: WizardState, area: Area, tools: Tools): Body {
	const {data, reading, readProblem, lists} = state;
	const {width, height} = area;
	const wait = reading ? [line(waitText(state, tools.now), 'accent')] : [];
	const problem = readProblem ? problemNote(readProblem, width) : [];
	if (!data) return still([...wait, ...problem], area);
	const rows = visibleRows(state, 'nodes');
	const head = [...(reading ? wait : [aboutLine(state, width)]), ...problem, ...filterLine(lists.nodes), blank];
	const page = Math.max(1, height - head.length - 1);
	const cursor = clamp(lists.nodes.cursor, 0, Math.max(0, rows.length - 1));
	const {start, end} = windowOf(cursor, rows.length, page);
	const placed = placeColumns(
		nodeColumns(state),
		data.rows.length > measured ? rows.slice(start, end) : data.rows,
		width,
	);
	const list = rows.slice(start, end).map((row, index) => rowLine(placed, row, start + index === cursor));
	const empty = rows.length === 0 ? [line('  No node matches.', 'dim')] : [];
	return {lines: fill([...head, headingLine(placed), ...list, ...empty], height), page, scrollLimit: 0};
}

/** Rows up to which column widths come from all of them, so that nothing jumps while one scrolls. */
const measured = 500;

/** Names of the nodes that the list shows now: only these are looked at. */
export function shownNodes(state: WizardState, height: number, list: 'nodes' | 'matrix'): readonly string[] {
	const rows = visibleRows(state, list);
	const cursor = clamp(state.lists[list].cursor, 0, Math.max(0, rows.length - 1));
	const {start, end} = windowOf(cursor, rows.length, height);
	return rows.slice(start, end).map(row => row.name);
}

/** What is waited for, and how long so far. */
function waitText({identity, reading}: WizardState, now: number): string {
	return `Reading nodes from ${identity.via} … ${formatWait(reading ? now - reading.since : 0)}`;
}

function aboutLine({data, looks}: WizardState, width: number): Line {
	if (!data) return blank;
	const {peering, totals, rows} = data;
	const reflectors = rows.filter(row => row.role === 'reflector').length;
	const mesh = peering.meshEnabled ? 'full mesh on' : 'full mesh off';
	const sessions = plural(totals.sessions + totals.external, 'session');
	const seen = [...looks.now.values()].filter(look => look.seen.known).length;
	const about = [
		span(plural(rows.length, 'node'), 'strong'),
		span(`, AS ${peering.globalAs}, ${mesh}, ${plural(reflectors, 'reflector')}, ${sessions}`),
	];
	const live = span(seen === 0 ? '' : `   ${count(seen)} seen live`, 'dim');
	return lineWidth([...about, live]) <= width ? [...about, live] : about;
}

const zoneColumn: Column<NodeRow> = {
	title: 'ZONE',
	priority: 5,
	shrinkTo: 6,
	cell: row => span(row.zone ?? '-', 'dim'),
};

function nodeColumns(state: WizardState): readonly Column<NodeRow>[] {
	const hasZones = state.data?.rows.some(row => row.zone !== null) ?? false;
	return [
		{title: 'NODE', priority: 1, shrinkTo: 24, cell: row => span(row.name)},
		{title: 'ADDRESS', priority: 4, cell: row => span(row.address === '' ? '-' : row.address)},
		{title: 'AS', priority: 6, cell: row => span(row.as, 'dim')},
		{title: 'ROLE', priority: 2, cell: row => span(row.role, row.role === 'reflector' ? 'accent' : 'plain')},
		...(hasZones ? [zoneColumn] : []),
		{title: 'READY', priority: 3, cell: row => readyCell(state, row.name)},
		{title: 'SESSIONS', priority: 1, cell: row => sessionsCell(state, row.name)},
	];
}

/** Ready means that the node's BIRD answers: pod readiness says nothing about sessions (calico.md §8.3). */
function readyCell(state: WizardState, node: string) {
	const look = state.looks.now.get(node);
	if (!canSee(state, node)) return span('unseen', 'dim');
	if (!look) return span('?', 'dim');
	return look.seen.known ? span('yes', 'good') : span('no', 'bad');
}

function sessionsCell(state: WizardState, node: string) {
	const expected = state.data?.totals.endsOf.get(node) ?? 0;
	const look = state.looks.now.get(node);
	if (!look?.seen.known) return span(`?/${count(expected)}`, 'dim');
	const {up} = look.seen.value;
	return up >= expected
		? span(`${count(up)}/${count(expected)} up`, 'good')
		: span(`${count(up)}/${count(expected)} up`, 'warn');
}

/** Whether the node's BIRD can be looked at at all. */
export function canSee({data}: WizardState, node: string): boolean {
	const visibility = data?.visibility;
	return !visibility || visibility.nodes === 'all' || visibility.nodes.includes(node);
}
