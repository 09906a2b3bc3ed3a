import {peersOf} from '../../core/peering/peers.ts';
import type {Peering} from '../../core/peering/prepare.ts';
import {type PeerKind, peerTypes} from '../../core/session.ts';
import {clamp, windowOf} from '../../wizard/list.ts';
import type {NodeRow} from '../../wizard/node-rows.ts';
import {count} from '../../wizard/numbers.ts';
import {visibleRows} from '../../wizard/selectors.ts';
import type {WizardState} from '../../wizard/state.ts';
import {type Area, type Body, fill} from '../body.ts';
import {filterLine} from '../filter-line.ts';
import {type Column, headingLine, placeColumns, rowLine} from '../table.ts';
import {blank, type Line, line, type Span, span} from '../text.ts';
import {canSee} from './nodes.ts';

/** All nodes with their sessions by type: up now, of those that Calico should have configured. */
export function matrixBody(state: WizardState, peering: Peering, {width, height}: Area): Body {
	const rows = visibleRows(state, 'matrix');
	const head: readonly Line[] = [
		[span('All nodes', 'strong'), span('   sessions up / expected, by type', 'dim')],
		...filterLine(state.lists.matrix),
		blank,
	];
	const page = Math.max(1, height - head.length - 1);
	const cursor = clamp(state.lists.matrix.cursor, 0, Math.max(0, rows.length - 1));
	const {start, end} = windowOf(cursor, rows.length, page);
	const shown = rows.slice(start, end);
	const placed = placeColumns(matrixColumns(state, peering), shown, width);
	const list = shown.map((row, index) => rowLine(placed, row, start + index === cursor));
	const empty = rows.length === 0 ? [line('  No node matches.', 'dim')] : [];
	return {lines: fill([...head, headingLine(placed), ...list, ...empty], height), page, scrollLimit: 0};
}

/** The three peer types, short enough for a terminal of 60 columns. */
const titles: Readonly<Record<PeerKind, string>> = {mesh: 'MESH', node: 'NODE SPECIFIC', global: 'GLOBAL'};

function matrixColumns(state: WizardState, peering: Peering): readonly Column<NodeRow>[] {
	const kinds: readonly PeerKind[] = ['mesh', 'node', 'global'];
	return [
		{title: 'NODE', priority: 1, shrinkTo: 24, cell: row => span(row.name)},
		{title: 'ROLE', priority: 4, cell: row => span(roleOf(peering, row), 'dim')},
		...kinds.map(
			(kind, index): Column<NodeRow> => ({
				title: titles[kind],
				priority: index === 2 ? 3 : 2,
				align: 'right',
				cell: row => countCell(state, peering, row.name, kind),
			}),
		),
		{title: 'ALL', priority: 1, align: 'right', cell: row => countCell(state, peering, row.name, undefined)},
	];
}

function roleOf({byName}: Peering, {name, role}: NodeRow): string {
	if (role === 'no BGP') return role;
	return byName.get(name)?.clusterId ? 'reflector' : 'client';
}

function countCell(state: WizardState, peering: Peering, node: string, kind: PeerKind | undefined): Span {
	const expected = expectedOf(peering, node)[kind ?? 'all'];
	if (!canSee(state, node)) return span(`unseen/${count(expected)}`, 'dim');
	const look = state.looks.now.get(node);
	if (!look?.seen.known) return span(`?/${count(expected)}`, 'dim');
	const {byType, up} = look.seen.value;
	const here = kind === undefined ? {up, total: up} : byType[peerTypes[kind]];
	if (expected === 0 && here.total === 0) return span('-', 'dim');
	return span(`${count(here.up)}/${count(expected)}`, here.up === expected ? 'good' : 'warn');
}

type Expected = Readonly<Record<PeerKind | 'all', number>>;

// A node of a mesh of 5,000 has 4,999 peers: they are counted once for each state of the datastore.
const known = new WeakMap<Peering, Map<string, Expected>>();

function expectedOf(peering: Peering, node: string): Expected {
	const counts = known.get(peering) ?? new Map<string, Expected>();
	known.set(peering, counts);
	const found = counts.get(node);
	if (found) return found;
	const peers = peersOf(peering, node);
	const of = (kind: PeerKind): number => peers.filter(peer => peer.kind === kind).length;
	const expected = {mesh: of('mesh'), node: of('node'), global: of('global'), all: peers.length};
	counts.set(node, expected);
	return expected;
}
