import type {Family, PeerType, Session} from './session.ts';

/** What `calicoctl node status` looks at: null sessions mean that this family's BIRD is not running. */
export type NodeStatus = {
	/** Whether calico-node itself runs. */
	readonly running: boolean;
	readonly v4: readonly Session[] | null;
	readonly v6: readonly Session[] | null;
};

/** A row of the table, cell by cell. */
export type PeerRow = {
	readonly address: string;
	readonly type: PeerType;
	readonly state: string;
	readonly since: string;
	readonly info: string;
};

const columns: readonly {readonly title: string; readonly cell: (row: PeerRow) => string}[] = [
	{title: 'PEER ADDRESS', cell: row => row.address},
	{title: 'PEER TYPE', cell: row => row.type},
	{title: 'STATE', cell: row => row.state},
	{title: 'SINCE', cell: row => row.since},
	{title: 'INFO', cell: row => row.info},
];

/** tablewriter's MAX_ROW_WIDTH: calicoctl up to 3.32 wraps every cell that is longer. */
const widestCell = 30;

/**
 * The whole text of `calicoctl node status` as calicoctl 3.32 prints it (calicoctl/calicoctl/commands/node/status.go).
 * calicoctl prints the text for a calico-node that is not running on stderr, everything else on stdout.
 */
export function formatNodeStatus({running, v4, v6}: NodeStatus): string {
	if (!running) return 'Calico process is not running.\n';
	const families =
		v4 === null && v6 === null
			? '\nThe BGP backend process (BIRD) is not running.\n'
			: formatFamily(4, v4) + formatFamily(6, v6);
	return `Calico process is running.\n${families}\n`;
}

function formatFamily(family: Family, sessions: readonly Session[] | null): string {
	if (sessions === null) {
		return `\nINFO: BIRDv${family} process: '${family === 4 ? 'bird' : 'bird6'}' is not running.\n`;
	}
	const table = sessions.length === 0 ? `No IPv${family} peers found.\n` : formatPeerTable(sessions);
	return `\nIPv${family} BGP status\n${table}`;
}

/** calicoctl's five-column table of some sessions, with a newline at its end. */
export function formatPeerTable(sessions: readonly Session[]): string {
	const rows = sessions.map(peerRow).map(row => columns.map(column => wrapCell(column.cell(row))));
	const widths = columns.map(({title}, index) =>
		Math.max(title.length, ...rows.flatMap(row => (row[index] ?? []).map(line => line.length))),
	);
	// A wrapped cell makes its column as wide as the limit, even where no line reaches it.
	const wrapped = columns.map((_, index) => rows.some(row => (row[index]?.length ?? 0) > 1));
	const full = widths.map((width, index) => (wrapped[index] ? Math.max(width, widestCell) : width));
	const rule = `+${full.map(width => '-'.repeat(width + 2)).join('+')}+\n`;
	const heading = line(columns.map(({title}, index) => centre(title, full[index] ?? 0)));
	const body = rows.flatMap(row => {
		const height = Math.max(...row.map(cell => cell.length));
		return Array.from({length: height}, (_, at) =>
			line(row.map((cell, index) => (cell[at] ?? '').padEnd(full[index] ?? 0))),
		);
	});
	return rule + heading + rule + body.join('') + rule;
}

/** The cells of one session's row. */
export function peerRow(session: Session): PeerRow {
	const {type, state, since, info} = session;
	return {address: peerAddress(session), type, state, since, info};
}

/** calicoctl rebuilds the address from BIRD's protocol name, so a port reads as a part of it: `10.0.0.3.port.150`. */
function peerAddress({family, address, port}: Session): string {
	if (port === null) return address;
	return family === 4 ? `${address}.port.${port}` : `${address}:port:${port}`;
}

function line(cells: readonly string[]): string {
	return `| ${cells.join(' | ')} |\n`;
}

/** tablewriter's Pad: the odd blank goes to the right. */
function centre(text: string, width: number): string {
	return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/**
 * Breaks a cell into lines as tablewriter does: not greedily, but with the least sum of squared gaps over all lines
 * but the last (wrap.go, WrapWords). A word longer than the limit raises the limit for its cell.
 */
function wrapCell(text: string): string[] {
	if (text.length <= widestCell) return [text];
	const words = text.split(' ');
	const limit = Math.max(widestCell, ...words.map(word => word.length));
	// Filled from the last word back, so that best[i + 1 ...] is known when best[i] is asked for.
	const best: {cost: number; lines: string[]}[] = [];
	for (let start = words.length - 1; start >= 0; start--) {
		const rest = words.slice(start).join(' ');
		best[start] = rest.length <= limit ? {cost: 0, lines: [rest]} : bestBreak(words, start, limit, best);
	}
	return best[0]?.lines ?? [text];
}

function bestBreak(
	words: readonly string[],
	start: number,
	limit: number,
	best: readonly {cost: number; lines: string[]}[],
): {cost: number; lines: string[]} {
	let found = {cost: Number.POSITIVE_INFINITY, lines: [words.slice(start).join(' ')]};
	for (let end = start + 1; end < words.length; end++) {
		const head = words.slice(start, end).join(' ');
		const tail = best[end];
		if (tail === undefined || head.length > limit) break;
		const cost = (limit - head.length) ** 2 + tail.cost;
		if (cost < found.cost) found = {cost, lines: [head, ...tail.lines]};
	}
	return found;
}
