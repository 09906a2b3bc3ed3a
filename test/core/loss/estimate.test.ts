import {describe, expect, test} from 'vitest';
import {estimateLoss} from '../../../src/core/loss/estimate.ts';
import {lossText} from '../../../src/core/loss/words.ts';
import {snapshotAfter} from '../../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import type {Choice} from '../../../src/core/plan/types.ts';
import {estimateOf} from '../../support/loss-ways.ts';
import {startPractice} from '../../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];

function planFor(nodes: number, more: Partial<Choice> = {}) {
	const snapshot = startPractice({nodes}).practice.datastore.snapshot();
	return makePlan(snapshot, {...defaultChoice, reflectors, ...more});
}

/** What real Calico lost (measurements.md), in pair-seconds; the tutorial's writes were 5 s apart. */
describe('the estimate agrees with what was measured on real Calico', () => {
	test.each([
		['tutorial', 5, 277.2, 1.15, 18],
		['tutorial', 20, 1492, 1.15, 108],
		['safe', 5, 70.9, 1.5, 18],
		['safe', 20, 258.4, 1.5, 108],
	] as const)('%s, %d nodes', (order, nodes, measured, factor, pairsHit) => {
		const estimate = estimateOf(order, nodes);
		expect(estimate.pairSeconds / measured).toBeGreaterThan(1 / factor);
		expect(estimate.pairSeconds / measured).toBeLessThan(factor);
		expect(estimate).toMatchObject({pairsHit, pairs: nodes * (nodes - 1), pairsCutOff: 0});
		expect([...estimate.nodes].sort()).toEqual(reflectors);
	});

	test('back, 5 nodes', () => {
		const estimate = estimateOf('back', 5);
		expect(estimate.pairSeconds / 51.9).toBeGreaterThan(1 / 1.5);
		expect(estimate.pairSeconds / 51.9).toBeLessThan(1.5);
		expect(estimate.pairsHit).toBe(18);
	});
});

test('turning the mesh off once all reflectors are there costs nothing', () => {
	const plan = planFor(5);
	const last = plan.steps.filter(step => step.id === 'mesh-off');
	const original = snapshotAfter(plan, plan.steps.indexOf(last[0] ?? expect.fail('no such step')));
	expect(estimateLoss({...plan, original, steps: last})).toMatchObject({pairsHit: 0, pairSeconds: 0});
});

test('turning it off first cuts every pair off, for good', () => {
	const plan = planFor(5);
	const steps = plan.steps.filter(step => step.id === 'mesh-off');
	expect(estimateLoss({...plan, steps})).toMatchObject({pairsHit: 20, pairsCutOff: 20, pairSeconds: 0});
});

test('five thousand nodes are estimated as fast as their plan is made', () => {
	const estimate = estimateLoss(planFor(5000));
	// 2 x (3 x 4,997 + 3) ordered pairs have a reflector in them.
	expect(estimate.pairsHit).toBe(2 * (3 * 4997 + 3));
});

describe('in words', () => {
	test('with a hold nothing is lost, and what it spares is said', () => {
		expect(lossText(planFor(5, {holding: {state: 'on'}}))).toMatch(
			/^Pod traffic: nothing is lost while the routes are held\. Without the hold 18 of 20 ordered pairs of nodes \(those with .*ip-172-31-37-123.* in them\)/,
		);
	});

	test('without one the pairs, the time each and the sum are said', () => {
		expect(lossText(planFor(5))).toContain('lose their routes for up to about 5 s each, 60 pair-seconds in all');
	});

	test('pools of VXLAN have nothing at stake, and nothing is held for them', () => {
		const {original, ...plan} = planFor(5);
		const ipPools = original.ipPools.map(pool => ({...pool, spec: {...pool.spec, vxlanMode: 'CrossSubnet' as const}}));
		const snapshot = {...original, ipPools};
		expect(lossText({...plan, original: snapshot})).toContain('Felix programs their routes');
		const held = makePlan(snapshot, {...defaultChoice, reflectors, holding: {state: 'on'}});
		expect(held.steps.filter(step => step.hold)).toEqual([]);
	});
});
