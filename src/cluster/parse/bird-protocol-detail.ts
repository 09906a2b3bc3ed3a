import type {Family, Session} from '../../core/session.ts';
import {protocolRows, sessionOf} from './bird-protocols.ts';
import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';

/** A timer of BIRD's: seconds left of its whole length. */
export type BirdTimer = {readonly left: number; readonly length: number};

/** What `show protocols all NAME` adds to a session's row. */
export type ProtocolDetail = {
	readonly session: Session;
	readonly neighborAddress: string | null;
	readonly neighborAs: string | null;
	/** `Established` is only as fresh as this: a cut link is noticed when it runs out (240 s). */
	readonly holdTimer: BirdTimer | null;
	/** Until the next attempt to connect. */
	readonly connectDelay: BirdTimer | null;
	readonly lastError: string | null;
	/** `internal`, `multihop`, `route-reflector`, … */
	readonly attributes: readonly string[];
};

/** Reads `birdcl show protocols all NAME` for one BGP session. */
export function parseProtocolDetail(output: string, family: Family): Parsed<ProtocolDetail> {
	return parseLines(output, lines => {
		const [row, ...rest] = protocolRows(lines);
		if (row === undefined) throw new ParseError((lines.at(-1)?.number ?? 0) + 1, 'the protocol is missing');
		const session = sessionOf(row, family);
		if (session === null) throw new ParseError(row.number, `${quote(row.text)} is not a BGP session of Calico's`);
		const fields = new Map(rest.map(readField));
		const text = (name: string) => fields.get(name)?.text ?? null;
		return {
			session,
			neighborAddress: text('Neighbor address'),
			neighborAs: text('Neighbor AS'),
			holdTimer: readTimer(fields.get('Hold timer')),
			connectDelay: readTimer(fields.get('Connect delay')),
			lastError: text('Last error'),
			attributes: text('Session')?.split(/ +/) ?? [],
		};
	});
}

/**
 * Reads `birdcl show protocols all`: the sessions that `show protocols` gives, each with its hold timer where it has one.
 * Of the details no other is looked at, so that none that is not known here is in the way.
 */
export function parseTimedProtocols(output: string, family: Family): Parsed<readonly Session[]> {
	return parseLines(output, lines => {
		const sessions: Session[] = [];
		let isOurs = false;
		for (const line of protocolRows(lines)) {
			if (/^\S/.test(line.text)) {
				const session = sessionOf(line, family);
				isOurs = session !== null;
				if (session) sessions.push(session);
				continue;
			}
			const timer = isOurs ? /^ +Hold timer: +(.*)$/.exec(line.text) : null;
			const last = sessions.at(-1);
			const holdTimer = timer && readTimer({number: line.number, text: timer[1] ?? ''});
			if (holdTimer && last) sessions[sessions.length - 1] = {...last, holdTimer};
		}
		return sessions;
	});
}

function readField({number, text}: Line): [string, Line] {
	const match = /^ +([^:]+):(?: +(.*))?$/.exec(text);
	if (match === null) throw new ParseError(number, `${quote(text)} is not a detail of a protocol`);
	return [match[1] ?? '', {number, text: match[2] ?? ''}];
}

function readTimer(field: Line | undefined): BirdTimer | null {
	if (field === undefined) return null;
	const match = /^(\d+)\/(\d+)$/.exec(field.text);
	if (match === null) throw new ParseError(field.number, `${quote(field.text)} is not a timer`);
	return {left: Number(match[1]), length: Number(match[2])};
}
