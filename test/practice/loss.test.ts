import {describe, expect, test} from 'vitest';
import type {Loss} from '../../src/practice/loss.ts';
import {estimateOf, lossOf} from '../support/loss-ways.ts';

/** What it cost on real Calico, with five and twenty nodes in network namespaces of one machine; null: not measured. */
const measured = {
	tutorial: {5: {route: 287.7, pair: 277.2}, 20: {route: null, pair: 1492}},
	safe: {5: {route: 64.1, pair: 70.9}, 20: {route: null, pair: 258.4}},
	back: {5: {route: null, pair: 51.9}, 20: {route: null, pair: null}},
} as const;

async function average(way: keyof typeof measured, nodes: 5 | 20, seeds: number) {
	const losses: Loss[] = [];
	for (let seed = 1; seed <= seeds; seed++) {
		losses.push(await lossOf(way, {nodes, seed}));
	}
	const mean = (of: (loss: Loss) => number) => losses.reduce((sum, loss) => sum + of(loss), 0) / losses.length;
	return {
		route: mean(loss => loss.routeSeconds),
		pair: mean(loss => loss.pairSeconds),
		hit: mean(loss => loss.pairsHit),
	};
}

describe('the model loses what real Calico lost', () => {
	test.each([
		['tutorial', 5, 8, 1.15, 18],
		['safe', 5, 8, 1.5, 18],
		['back', 5, 8, 1.5, 18],
		['tutorial', 20, 2, 1.15, 108],
		['safe', 20, 2, 1.5, 108],
	] as const)('%s, %d nodes', async (way, nodes, seeds, factor, pairsHit) => {
		const model = await average(way, nodes, seeds);
		const {route, pair} = measured[way][nodes];
		for (const [name, value] of Object.entries({route, pair})) {
			if (value === null) continue;
			const ratio = model[name as 'route' | 'pair'] / value;
			expect(ratio, `${name}-seconds: ${model[name as 'route' | 'pair'].toFixed(1)} against ${value}`).toBeGreaterThan(
				1 / factor,
			);
			expect(ratio, `${name}-seconds: ${model[name as 'route' | 'pair'].toFixed(1)} against ${value}`).toBeLessThan(
				factor,
			);
		}
		expect(model.hit).toBe(pairsHit);
		// What the preview says beforehand of the same way agrees with the model too.
		const estimate = estimateOf(way, nodes);
		expect(estimate.pairsHit).toBe(pairsHit);
		const ratio = model.pair / estimate.pairSeconds;
		expect(ratio, `${model.pair.toFixed(1)} against the estimate of ${estimate.pairSeconds}`).toBeGreaterThan(
			1 / factor,
		);
		expect(ratio, `${model.pair.toFixed(1)} against the estimate of ${estimate.pairSeconds}`).toBeLessThan(factor);
	});
});
