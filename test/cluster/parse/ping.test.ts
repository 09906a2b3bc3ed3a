import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parsePing as parse} from '../../../src/cluster/parse/ping.ts';
import * as real from '../../support/real-pings.ts';
import {decorated, expectNoGuess} from './mutations.ts';

const told = [real.answered, real.routeGone, real.noRoute, real.nobody, real.transitWithoutRoute, real.fullBuffer];
const outputs = [...told, real.stamped, real.small].map(({stdout}) => stdout);
/** The real runs sent five packets a second, or one where their arguments do not say so. */
const parsePing = (output: string, count = countOf(output)) => parse(output, {count, interval: 200});
const countOf = (output: string) => Number(/-c (\d+)/.exec(argvOf.get(output) ?? '-c 3')?.[1]);
const argvOf = new Map(
	Object.values(real).flatMap(each => ('stdout' in each ? [[each.stdout, each.argv] as const] : [])),
);

const packets = (text: string) => [...text].map(letter => letter === '+');

describe('parsePing', () => {
	it.each([
		[real.answered, '+++'],
		[real.routeGone, '+++---++'],
		[real.noRoute, '---'],
		[real.nobody, '------'],
		[real.transitWithoutRoute, '---'],
		[real.fullBuffer, '-'.repeat(25)],
		[real.stamped, '++'],
		[real.small, '++'],
	])('reads $argv', ({stdout}, expected) => {
		expect(parsePing(stdout)).toEqual({ok: true, value: packets(expected)});
	});

	it('reads IPv6, an answer that came late or twice, and several on their way at once', () => {
		const output = `Welcome to node-0
PING fd00:10:65::40(fd00:10:65::40) from fd00:10:65:: : 56 data bytes
64 bytes from fd00:10:65::40: icmp_seq=1 ttl=64 time=0.109 ms
no answer yet for icmp_seq=2
64 bytes from fd00:10:65::40: icmp_seq=2 ttl=64 time=299 ms
64 bytes from fd00:10:65::40: icmp_seq=2 ttl=64 time=301 ms (DUP!)
From fd00::1: icmp_seq=3 Redirect Host(New nexthop: fd00::2)
64 bytes from fd00:10:65::40: icmp_seq=3 ttl=64 time=0.100 ms

--- fd00:10:65::40 ping statistics ---
3 packets transmitted, 3 received, +1 duplicates, 0% packet loss, time 416ms
rtt min/avg/max/mdev = 0.067/0.082/0.109/0.018 ms, pipe 2
`;
		expect(parsePing(output)).toEqual({ok: true, value: packets('+++')});
	});

	it.each([
		['nothing', '', 1],
		['words of another program', 'BIRD v0.3.3+birdv1.6.8 ready.\n', 1],
		['no statistics', real.answered.stdout.split('\n').slice(0, 4).join('\n').concat('\n'), 5],
		['quiet: which packets were lost is not said', real.quiet.stdout, 4],
		['a count that does not add up', real.routeGone.stdout.replace('37.5%', '37%'), 12],
		['fewer packets than were asked for', real.noRoute.stdout.replace('3 packets', '2 packets'), 6],
		['an answer that came late in no time', real.routeGone.stdout.replace('seq=8', 'seq=4'), 9],
		['a line of something else', real.answered.stdout.replace('\n64', '\nWarning: time of day goes back\n64'), 2],
	])('says where it cannot be read: %s', (_, output, line) => {
		expect(parsePing(output, output.includes('8 packets') ? 8 : 3)).toMatchObject({ok: false, error: {line}});
	});

	it('never guesses from output that is cut or wrapped', () => {
		for (const output of outputs)
			expectNoGuess(
				[output],
				cut => parsePing(cut, countOf(output)),
				value => value,
			);
	});

	it('never guesses where a character or a line is another, missing, or there twice', () => {
		for (const output of outputs) {
			const right = parsePing(output);
			const count = countOf(output);
			const check = (mutated: string) => {
				const parsed = parsePing(mutated, count);
				if (parsed.ok) expect(parsed, JSON.stringify(mutated)).toEqual(right);
			};
			for (let at = 0; at < output.length; at++) {
				for (const other of ['', '0', '1', '4', '5', '8', ' ', 'x', '\n']) {
					check(output.slice(0, at) + other + output.slice(at + 1));
				}
			}
			const lines = output.split('\n');
			for (let at = 0; at < lines.length; at++) {
				check(lines.toSpliced(at, 1).join('\n'));
				check(lines.toSpliced(at, 0, lines[at] ?? '').join('\n'));
			}
		}
	});

	it('reads through escape sequences and CRLF', () => {
		fc.assert(
			fc.property(decorated(outputs), ({output, original}) => {
				expect(parsePing(output, countOf(original))).toEqual(parsePing(original));
			}),
		);
	});
});
