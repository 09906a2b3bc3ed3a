import {describe, expect, test} from 'vitest';
import {createFiveNodes, type FiveNodes, nodeNames, reflectorPeers, reflectors, snapshotOf} from './network-of-five.ts';

/** Looks at the network this often, in milliseconds: about as often as real Calico was looked at. */
const interval = 100;
const runs = 10;

/**
 * The safe order and back on real Calico 3.32.1, eight runs on five nodes. Seconds; `gaps` are routes missing from a
 * node's kernel, by number a run, and `ups` the times after the write at which a session came up.
 */
const measured = {
	'reflector 1': {gaps: {count: 9.2, median: 1.8, ninetieth: 5.9, longest: 19.8}, ups: {median: 2, ninetieth: 11.9}},
	'reflector 2': {gaps: {count: 8, median: 2, ninetieth: 4, longest: 6}, ups: {median: 4.1, ninetieth: 8.2}},
	'reflector 3': {gaps: {count: 8.1, median: 2, ninetieth: 4, longest: 12}, ups: {median: 2.1, ninetieth: 6.1}},
	'mesh off': {gaps: undefined, ups: undefined},
	'mesh on': {gaps: undefined, ups: {median: 2.1, ninetieth: 2.1}},
	'back 1': {gaps: {count: 8, median: 2, ninetieth: 2, longest: 3.8}, ups: {median: 2.1, ninetieth: 4.1}},
	'back 2': {gaps: {count: 8.1, median: 2, ninetieth: 4, longest: 8}, ups: {median: 2.1, ninetieth: 4.1}},
	'back 3': {gaps: {count: 8, median: 2, ninetieth: 2, longest: 2.1}, ups: {median: 2.1, ninetieth: 2.2}},
} as const;

type Phase = keyof typeof measured;

const bgpPeers = reflectorPeers;
const steps: readonly {readonly phase: Phase; readonly snapshot: ReturnType<typeof snapshotOf>}[] = [
	{phase: 'reflector 1', snapshot: snapshotOf({nodes: reflectors(['node-0']), bgpPeers})},
	{phase: 'reflector 2', snapshot: snapshotOf({nodes: reflectors(['node-0', 'node-1']), bgpPeers})},
	{phase: 'reflector 3', snapshot: snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), bgpPeers})},
	{phase: 'mesh off', snapshot: snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), mesh: false, bgpPeers})},
	{phase: 'mesh on', snapshot: snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), mesh: true, bgpPeers})},
	{phase: 'back 1', snapshot: snapshotOf({nodes: reflectors(['node-0', 'node-1']), mesh: true, bgpPeers})},
	{phase: 'back 2', snapshot: snapshotOf({nodes: reflectors(['node-0']), mesh: true, bgpPeers})},
	{phase: 'back 3', snapshot: snapshotOf({mesh: true, bgpPeers})},
];

type Observed = {readonly gaps: number[]; readonly ups: number[]};

/** Watches the network after a write until all is well for a second. */
function watch(network: FiveNodes, {gaps, ups}: Observed): void {
	const written = network.now;
	const missing = new Map<string, number>();
	const up = new Map<string, boolean>();
	let well = 0;
	for (; well < 10 || network.now - written < 4000; network.now += interval) {
		if (network.now - written > 60_000) throw new Error('the sessions do not come up');
		let isWell = true;
		for (const node of nodeNames) {
			for (const {peer, state} of network.protocols(node, 4, network.now) ?? []) {
				const key = `${node} ${peer.protocol}`;
				const isUp = state === 'up';
				isWell &&= isUp;
				if (isUp && up.get(key) === false) ups.push((network.now - written) / 1000);
				up.set(key, isUp);
			}
			const reached = network.reached(node);
			for (const other of nodeNames.filter(name => name !== node)) {
				const key = `${node} ${other}`;
				const since = missing.get(key);
				if (!reached.includes(other)) {
					missing.set(key, since ?? network.now);
					isWell = false;
				} else if (since !== undefined) {
					gaps.push((network.now - since) / 1000);
					missing.delete(key);
				}
			}
		}
		well = isWell ? well + 1 : 0;
	}
}

function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

describe('the safe order and back, against real Calico', () => {
	const observed = new Map<Phase, Observed>(steps.map(({phase}) => [phase, {gaps: [], ups: []}]));
	for (let seed = 1; seed <= runs; seed++) {
		const network = createFiveNodes({seed});
		network.configure(snapshotOf({bgpPeers}), network.now);
		for (const {phase, snapshot} of steps) {
			network.now += 5000;
			network.configure(snapshot, network.now);
			watch(network, observed.get(phase) ?? {gaps: [], ups: []});
		}
	}

	test.each(Object.entries(measured))('%s: routes missing', (phase, {gaps: real}) => {
		const gaps = observed.get(phase as Phase)?.gaps ?? [];
		if (!real) {
			expect(gaps).toEqual([]);
			return;
		}
		expect(gaps.length / runs).toBeGreaterThan(real.count * 0.85);
		expect(gaps.length / runs).toBeLessThan(real.count * 1.15);
		expect(Math.abs(quantile(gaps, 0.5) - real.median)).toBeLessThanOrEqual(0.3);
		// One more or fewer try, two seconds apart, is within what eight runs can tell.
		expect(Math.abs(quantile(gaps, 0.9) - real.ninetieth)).toBeLessThanOrEqual(2.3);
		expect(quantile(gaps, 1)).toBeLessThanOrEqual(real.longest * 2 + 2);
		expect(quantile(gaps, 1)).toBeGreaterThanOrEqual(real.longest / 2 - 0.3);
	});

	test.each(Object.entries(measured))('%s: sessions up', (phase, {ups: real}) => {
		const ups = observed.get(phase as Phase)?.ups ?? [];
		if (!real) {
			expect(ups).toEqual([]);
			return;
		}
		expect(Math.abs(quantile(ups, 0.5) - real.median)).toBeLessThanOrEqual(2.1);
		expect(Math.abs(quantile(ups, 0.9) - real.ninetieth)).toBeLessThanOrEqual(4.2);
		expect(quantile(ups, 1)).toBeLessThan(40);
	});

	test('sessions that only one side dials always come up at the first try, and others often do not', () => {
		const late = (phase: Phase): number => (observed.get(phase)?.ups ?? []).filter(seconds => seconds > 2.5).length;
		expect(late('back 3')).toBe(0);
		expect(late('mesh on')).toBe(0);
		// Measured: 92 of 192 ends came up late in the three reflector phases.
		const share = (late('reflector 1') + late('reflector 2') + late('reflector 3')) / (runs * 24);
		expect(share).toBeGreaterThan(0.3);
		expect(share).toBeLessThan(0.65);
	});

	test('route-seconds of the whole way forward are those of real Calico, within a factor of 1.5', () => {
		const sum = (phases: readonly Phase[]): number =>
			phases.flatMap(phase => observed.get(phase)?.gaps ?? []).reduce((total, seconds) => total + seconds, 0) / runs;
		const forward = sum(['reflector 1', 'reflector 2', 'reflector 3', 'mesh off']);
		expect(forward).toBeGreaterThan(64.1 / 1.5);
		expect(forward).toBeLessThan(64.1 * 1.5);
		const back = sum(['mesh on', 'back 1', 'back 2', 'back 3']);
		expect(back).toBeGreaterThan(51.9 / 1.5);
		expect(back).toBeLessThan(51.9 * 1.5);
	});
});
