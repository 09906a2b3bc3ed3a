import {type PeerRow, peerRow} from '../core/node-status-table.ts';
import {isEstablished, type Session} from '../core/session.ts';
import type {Look} from '../wizard/looks.ts';
import type {WizardState} from '../wizard/state.ts';
import {canSee} from './screens/nodes.ts';
import {type Column, headingLine, placeColumns, rowLine, type Setting} from './table.ts';
import {type Line, line, paragraph, span} from './text.ts';

type Row = PeerRow & {readonly up: boolean};

/** calicoctl's five columns, under calicoctl's names. */
const columns: readonly Column<Row>[] = [
	{title: 'PEER ADDRESS', priority: 1, shrinkTo: 13, cell: row => span(row.address)},
	{title: 'PEER TYPE', priority: 2, shrinkTo: 10, cell: row => span(row.type)},
	{title: 'STATE', priority: 1, cell: row => span(row.state, row.up ? 'good' : 'warn')},
	{title: 'SINCE', priority: 3, cell: row => span(row.since, 'dim')},
	{title: 'INFO', priority: 1, shrinkTo: 11, cell: row => span(row.info, row.up ? 'good' : 'warn')},
];

/** Set so that two of these tables stand beside each other in 120 columns. */
const tight: Setting = {gap: 1, cursor: false};

type PeerTable = {
	readonly title: string;
	readonly look: Look | undefined;
	readonly state: WizardState;
	readonly node: string;
	readonly width: number;
};

/** One node's peers as `calicoctl node status` lists them, both families. */
export function peerLines({title, look, state, node, width}: PeerTable): readonly Line[] {
	const heading: Line = [span(title, 'strong')];
	if (!canSee(state, node)) {
		const visibility = state.data?.visibility;
		const reason = visibility && visibility.nodes !== 'all' ? visibility.reason : '';
		return [heading, ...paragraph(`Its BIRD cannot be looked at: ${reason}`, width, 'warn')];
	}
	if (!look) return [heading, line('not looked at', 'dim')];
	if (!look.seen.known) return [heading, ...paragraph(`not known: ${look.seen.reason}`, width, 'warn')];
	const {sessions, up, total} = look.seen.value;
	const counted: Line = [...heading, span(`   ${up}/${total} up`, up === total ? 'good' : 'warn')];
	if (sessions === null) return [counted, line('only counted: its sessions were not kept', 'dim')];
	return [counted, ...sessionLines(sessions, 4, width), ...sessionLines(sessions, 6, width)];
}

/** The table of one family's peers, in calicoctl's columns. */
export function sessionLines(sessions: readonly Session[], family: 4 | 6, width: number): readonly Line[] {
	const rows = sessions
		.filter(session => session.family === family)
		.map(session => ({...peerRow(session), up: isEstablished(session)}));
	if (rows.length === 0) return [line(`No IPv${family} peers found.`, 'dim')];
	const placed = placeColumns(columns, rows, width, tight);
	return [headingLine(placed, tight), ...rows.map(row => rowLine(placed, row, false, tight))];
}
