import fc from 'fast-check';
import {expect, it} from 'vitest';
import {makeReport, reportLines} from '../../../src/core/probe/report.ts';
import {emptyTally, newLosses, withRound, withUnknown} from '../../../src/core/probe/tally.ts';

const pair = {from: 'a', to: 'b'};
const packets = (text: string) => [...text].map(letter => letter === '+');

it('a gap may reach from one round into the next', () => {
	const one = withRound(emptyTally(pair), packets('++--'), 1000, 200);
	const two = withRound(one, packets('-+-+'), 1800, 200);
	expect(two).toMatchObject({sent: 8, lost: 4, gapCount: 2, longest: 3, isLosing: false});
	expect(two.gaps).toEqual([
		{at: 1400, packets: 3},
		{at: 2200, packets: 1},
	]);
});

it('what is not known is neither lost nor joined to what was', () => {
	const tally = withRound(
		withUnknown(withRound(emptyTally(pair), packets('-'), 0, 200), 'forbidden'),
		packets('-'),
		400,
		200,
	);
	expect(tally).toMatchObject({sent: 2, lost: 2, gapCount: 2, longest: 1, unknown: 1, reason: 'forbidden'});
});

it('however a run is cut into rounds, it adds up to the same', () => {
	fc.assert(
		fc.property(fc.array(fc.boolean(), {minLength: 1, maxLength: 200}), fc.integer({min: 1, max: 30}), (all, size) => {
			let tally = emptyTally(pair);
			for (let at = 0; at < all.length; at += size) tally = withRound(tally, all.slice(at, at + size), at * 200, 200);
			expect(tally).toEqual(withRound(emptyTally(pair), all, 0, 200));
			expect(tally.lost).toBe(all.filter(answered => !answered).length);
		}),
	);
});

it('only losses since then, and in a row, are new', () => {
	const tally = withRound(emptyTally(pair), packets('--++-+--+'), 0, 200);
	const since = (at: number) => newLosses([tally], {since: at, packets: 2}).length;
	expect([since(0), since(200), since(1200), since(1201)]).toEqual([1, 1, 1, 0]);
});

it('says what each pair lost, worst first, and what was not measured', () => {
	const lossy = (from: string, text: string) => withRound(emptyTally({from, to: 'z'}), packets(text), 0, 200);
	const tallies = [
		lossy('a', '+-++'),
		lossy('b', '-+--'),
		lossy('c', '++++'),
		withUnknown(lossy('d', '++'), 'exec is forbidden'),
	];
	const unmeasured = [
		{from: 'e', to: 'z', reason: 'e has no block of pod addresses'},
		{from: 'z', to: 'e', reason: 'e has no block of pod addresses'},
	];
	expect(reportLines(makeReport(tallies, {of: 20, interval: 200, watched: 800, unmeasured}))).toEqual([
		'Probe: 4 of 14 pings between 4 of 20 pairs of nodes were lost, 200 ms each: 800 ms on 2 pairs.',
		'  b to z: 600 ms, 400 ms of it at one stretch',
		'  a to z: 200 ms',
		'Not measured, and not counted as loss: e to z: e has no block of pod addresses, and 1 more',
		'Not known: 1 round of pings told nothing: exec is forbidden',
	]);
	expect(reportLines(makeReport([lossy('c', '++++')], {of: 2, interval: 200, watched: 800, unmeasured: []}))).toEqual([
		'Probe: not one of 4 pings between 1 of 2 pairs of nodes was lost.',
	]);
	const ipv4 = makeReport([lossy('c', '++++')], {
		of: 2,
		interval: 200,
		watched: 800,
		unmeasured: [],
		leavesOutIpv6: true,
	});
	expect(reportLines(ipv4)[1]).toBe(
		'Where both nodes have IPv4, the pings went over it; what IPv6 lost there is not known.',
	);
	const seldom = makeReport([lossy('c', '++++')], {of: 2, interval: 200, watched: 5000, unmeasured: []});
	expect(reportLines(seldom)[1]).toBe(
		'Pings were under way for 16 % of the time only: commands on the nodes are slow or fail. What was lost in the rest is not known.',
	);
	const many = Array.from({length: 13}, (_, index) => lossy(`n${index}`, '-'));
	const lines = reportLines(makeReport(many, {of: 20, interval: 200, watched: 800, unmeasured: []}));
	expect(lines).toHaveLength(12);
	expect(lines.at(-1)).toBe('  and 3 more');
});
