import {isIP} from 'node:net';
import type {ExecResult} from '../../cluster/exec.ts';
import {familyOf} from '../../core/peering/addresses.ts';
import type {Family} from '../../core/session.ts';
import {notModelled, refuse} from './answers.ts';

/** What `ping` was asked for. Times are milliseconds. */
export type PingArguments = {
	readonly destination: string;
	readonly family: Family;
	/** Packets; undefined where only the deadline ends it. */
	readonly count: number | undefined;
	readonly interval: number;
	/** How long the last answer is waited for where none came at all. */
	readonly linger: number;
	readonly deadline: number | undefined;
	/** Bytes of data. */
	readonly size: number;
	/** `-I`, an address or a device. */
	readonly source: string | undefined;
	readonly quiet: boolean;
	/** `-O`: says before each packet that the last one was not answered. */
	readonly outstanding: boolean;
	readonly timestamps: boolean;
};

const switches = new Set(['n', 'O', 'q', 'D', '4', '6']);
const valued = new Set(['c', 'i', 'W', 'w', 's', 'I']);

/** Waits for an answer so long by default (iputils ping/ping.h, MAXWAIT). */
const usualLinger = 10_000;
/** Less than this is a flood, with an output of its own. */
const shortestInterval = 10;
/** More does not fit into one packet here; real ping waits for fragments. */
const largestSize = 1472;

/** Reads the arguments of iputils' ping, options and destination in any order; a refusal is in its own words. */
export function readPingArguments(argv: readonly string[]): PingArguments | ExecResult {
	const given = new Map<string, string>();
	const words: string[] = [];
	const rest = argv.slice(1);
	for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
		if (!word.startsWith('-') || word === '-') {
			words.push(word);
			continue;
		}
		for (let letters = word.slice(1); letters !== ''; ) {
			const letter = letters.charAt(0);
			letters = letters.slice(1);
			if (switches.has(letter)) given.set(letter, '');
			else if (valued.has(letter)) {
				const value = letters === '' ? rest.shift() : letters;
				if (value === undefined) return notModelled(argv);
				given.set(letter, value);
				letters = '';
			} else return notModelled(argv);
		}
	}
	const count = wholeNumber(given.get('c'));
	if (count === 'bad') return badArgument(given.get('c'));
	if (count === 0) {
		return refuse(1, "ping: invalid argument: '0': out of range: 1 <= value <= 9223372036854775807\n");
	}
	const [interval, linger] = [milliseconds(given.get('i')), milliseconds(given.get('W'))];
	if (interval === 'bad') return badArgument(given.get('i'));
	if (linger === 'bad') return badArgument(given.get('W'));
	const [deadline, size] = [wholeNumber(given.get('w')), wholeNumber(given.get('s'))];
	if (deadline === 'bad') return badArgument(given.get('w'));
	if (size === 'bad') return badArgument(given.get('s'));
	const [destination, ...more] = words;
	if (destination === undefined) return refuse(1, 'ping: usage error: Destination address required\n');
	// Without an end, with several hops, or as a flood it is another program.
	const endless = count === undefined && (deadline === undefined || deadline === 0);
	if (more.length > 0 || endless || (interval ?? 1000) < shortestInterval || (size ?? 0) > largestSize)
		return notModelled(argv);
	if (isIP(destination) === 0) return refuse(2, `ping: ${destination}: Name or service not known\n`);
	const family = familyOf(destination);
	if (given.has(family === 4 ? '6' : '4'))
		return refuse(2, `ping: ${destination}: Address family for hostname not supported\n`);
	return {
		destination,
		family,
		count,
		interval: interval ?? 1000,
		linger: linger ?? usualLinger,
		deadline: deadline ? deadline * 1000 : undefined,
		size: size ?? 56,
		source: given.get('I'),
		quiet: given.has('q'),
		outstanding: given.has('O'),
		timestamps: given.has('D'),
	};
}

function badArgument(value = ''): ExecResult {
	return refuse(1, `ping: invalid argument: '${value}'\n`);
}

function wholeNumber(text: string | undefined): number | undefined | 'bad' {
	if (text === undefined) return undefined;
	return /^\d{1,9}$/.test(text) ? Number(text) : 'bad';
}

function milliseconds(text: string | undefined): number | undefined | 'bad' {
	if (text === undefined) return undefined;
	return /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Number(text) * 1000 : 'bad';
}
