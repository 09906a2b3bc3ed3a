import type {Family, Session} from '../../core/session.ts';
import {bgpStates, greeting, protocolStates, since} from './bird-words.ts';
import {type Line, type Parsed, ParseError, parseLines, quote} from './parsed.ts';
import {isPeerName, readPeerName} from './peer-name.ts';

const headings = 'name proto table state since info';

/**
 * Reads `birdcl show protocols`: the BGP sessions that calicoctl would list, in BIRD's order. Other protocols and
 * workload peers (`Local_Workload_…`) are left out, as calicoctl leaves them out.
 */
export function parseProtocols(output: string, family: Family): Parsed<readonly Session[]> {
	return parseLines(output, lines => protocolRows(lines).flatMap(row => sessionOf(row, family) ?? []));
}

/** The lines below BIRD's greeting and headings; both must be there. */
export function protocolRows(lines: readonly Line[]): readonly Line[] {
	const start = lines.findIndex(({text}) => greeting.test(text));
	const end = (lines.at(-1)?.number ?? 0) + 1;
	if (start < 0) throw new ParseError(lines[0]?.number ?? end, 'BIRD\'s greeting ("BIRD … ready.") is missing');
	const heading = lines[start + 1];
	if (heading === undefined) throw new ParseError(end, 'the table of protocols is missing');
	if (words(heading.text).join(' ') !== headings) {
		throw new ParseError(heading.number, `${quote(heading.text)} is not the heading of BIRD's table of protocols`);
	}
	return lines.slice(start + 2);
}

/** A row of the table as a session, or null where it is no BGP peer of calicoctl's. */
export function sessionOf({number, text}: Line, family: Family): Session | null {
	const [name = '', proto = '', table = '', state = '', time = '', ...info] = words(text);
	if (!/^\S/.test(text) || table === '' || !protocolStates.has(state) || !since.test(time)) {
		throw new ParseError(number, `${quote(text)} is not a row of BIRD's table of protocols`);
	}
	if (proto !== 'BGP' || !isPeerName(name)) return null;
	const end = readPeerName(name, family);
	if (end === null) throw new ParseError(number, `there is no IPv${family} address in ${quote(name)}`);
	// A protocol that is down has no BGP state: only its last error, or nothing (bgp_get_status).
	if (state !== 'down' && !bgpStates.has(info[0] ?? ''))
		throw new ParseError(number, `${quote(info.join(' '))} is no BGP state`);
	return {...end, family, state, since: time, info: info.join(' ')};
}

function words(text: string): string[] {
	return text.trim().split(/ +/);
}
