import {type Family, type PeerType, peerTypes, type Session} from '../../core/session.ts';
import {bgpStates, protocolStates, since} from './bird-words.ts';
import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';
import {readPeerAddress} from './peer-name.ts';

/** One family's part of `calicoctl node status`. */
export type FamilyStatus =
	| {readonly state: 'peers'; readonly sessions: readonly Session[]}
	/** BIRD for this family does not run, or could not be asked: in calicoctl's words. */
	| {readonly state: 'unknown'; readonly reason: string};

/** What `calicoctl node status` says about the node it runs on. */
export type NodeStatusReport =
	| {readonly running: false; readonly reason: string}
	| {readonly running: true; readonly v4: FamilyStatus; readonly v6: FamilyStatus};

const titles = 'PEER ADDRESS|PEER TYPE|STATE|SINCE|INFO';
const notRunning = /^(?:Calico process is not running\.|(?:The|None of the) BGP backend process.* running\.)$/;
const familyDown =
	/^(?:INFO: BIRDv([46]) process: '\w+' is not running\.|Error querying BIRD: .*BIRDv([46]) socket.*)$/;
const heading = /^IPv([46]) BGP status$/;
const none = /^No IPv[46] peers found\.$/;
const rule = /^\+(?:-+\+){5}$/;
const types: ReadonlySet<string> = new Set(Object.values(peerTypes));

/**
 * Reads `calicoctl node status` in every form: tablewriter's table up to 3.32 (headers centred, INFO wrapped onto
 * further rows) and go-pretty's from 3.33 (headers to the left, nothing wrapped).
 */
export function parseNodeStatus(output: string): Parsed<NodeStatusReport> {
	return parseLines(output, (lines): NodeStatusReport => {
		const stopped = lines.find(({text}) => notRunning.test(text));
		if (stopped) return {running: false, reason: stopped.text};
		const cursor = createCursor(lines);
		if (cursor.take()?.text !== 'Calico process is running.') {
			throw new ParseError(lines[0]?.number ?? 1, '"Calico process is running." is missing');
		}
		const v4 = readFamily(cursor, 4);
		const v6 = readFamily(cursor, 6);
		const more = cursor.take();
		if (more) throw new ParseError(more.number, `${quote(more.text)} is not expected here`);
		return {running: true, v4, v6};
	});
}

/** The next lines, one after the other. */
type Cursor = {readonly end: number; peek(): Line | undefined; take(): Line | undefined};

function createCursor(lines: readonly Line[]): Cursor {
	let index = 0;
	return {end: (lines.at(-1)?.number ?? 0) + 1, peek: () => lines[index], take: () => lines[index++]};
}

function readFamily(cursor: Cursor, family: Family): FamilyStatus {
	if (heading.exec(cursor.peek()?.text ?? '')?.[1] === String(family)) {
		cursor.take();
		if (none.test(cursor.peek()?.text ?? '')) {
			cursor.take();
			return {state: 'peers', sessions: []};
		}
		if (cursor.peek()?.text.startsWith('+')) return {state: 'peers', sessions: readTable(cursor, family)};
	}
	const line = cursor.take();
	const down = familyDown.exec(line?.text ?? '');
	if (line === undefined || (down?.[1] ?? down?.[2]) !== String(family)) {
		throw new ParseError(line?.number ?? cursor.end, `the IPv${family} sessions are missing`);
	}
	return {state: 'unknown', reason: line.text};
}

function readTable(cursor: Cursor, family: Family): Session[] {
	takeRule(cursor);
	const header = cursor.take();
	if (header === undefined || cellsOf(header).join('|').toUpperCase() !== titles) {
		throw new ParseError(header?.number ?? cursor.end, "the heading of calicoctl's table is missing");
	}
	takeRule(cursor);
	const rows: {line: Line; cells: string[]}[] = [];
	while (cursor.peek()?.text.startsWith('|')) {
		const line = cursor.take();
		if (line === undefined) break;
		const cells = cellsOf(line);
		const previous = rows.at(-1);
		// INFO's further lines: the cells before it are blank.
		if (previous && cells.slice(0, 4).every(cell => cell === '')) {
			previous.cells[4] = `${previous.cells[4]} ${cells[4]}`;
		} else rows.push({line, cells});
	}
	takeRule(cursor);
	return rows.map(({line, cells}) => readSession(line, cells, family));
}

function takeRule(cursor: Cursor): void {
	const line = cursor.take();
	if (line === undefined || !rule.test(line.text)) {
		throw new ParseError(line?.number ?? cursor.end, "a rule of calicoctl's table is missing");
	}
}

function cellsOf({number, text}: Line): string[] {
	const parts = text.split('|');
	if (parts.length !== 7 || parts[0] !== '' || parts[6] !== '') {
		throw new ParseError(number, `${quote(text)} is not a row of five cells`);
	}
	return parts.slice(1, 6).map(part => part.trim());
}

function readSession(line: Line, cells: readonly string[], family: Family): Session {
	const [address = '', type = '', state = '', time = '', rest = ''] = cells;
	const info = rest.split(/ +/).join(' ');
	const end = isPeerType(type) ? readPeerAddress(address, type, family) : null;
	const [bgpState = ''] = info.split(' ');
	if (end === null || !protocolStates.has(state) || !since.test(time) || !bgpStates.has(bgpState)) {
		throw new ParseError(line.number, `${quote(line.text)} is not a session`);
	}
	return {...end, family, state, since: time, info};
}

function isPeerType(text: string): text is PeerType {
	return types.has(text);
}
