import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Choice} from '../../src/core/plan/types.ts';
import {type Loss, measureLoss} from '../../src/practice/loss.ts';
import {readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
type World = Awaited<ReturnType<typeof startPractice>>;
type Way = (world: World, measure: () => ReturnType<typeof measureLoss>) => Promise<Loss>;

/** What it cost on real Calico, with five and twenty nodes in network namespaces of one machine; null: not measured. */
const measured = {
	tutorial: {5: {route: 287.7, pair: 277.2}, 20: {route: null, pair: 1492}},
	safe: {5: {route: 64.1, pair: 70.9}, 20: {route: null, pair: 258.4}},
	back: {5: {route: null, pair: 51.9}, 20: {route: null, pair: null}},
} as const;

const planFor = async ({cluster}: World, extra: Partial<Choice> = {}) => {
	const {snapshot} = await cluster.read();
	return makePlan(snapshot, {...defaultChoice, reflectors, ...extra});
};
const run = async ({cluster, clock}: World, plan: Awaited<ReturnType<typeof planFor>>) =>
	readRun(startRun({plan, cluster, clock, journal: null}));

const ways: Readonly<Record<keyof typeof measured, Way>> = {
	/** The tutorial as a person types it: each write 5 s after the last one, as it was measured. */
	async tutorial(world, measure) {
		const plan = await planFor(world, {order: 'tutorial'});
		const meter = measure();
		for (const write of plan.steps.flatMap(step => step.writes)) {
			await world.cluster.write(write);
			await world.clock.sleep(5000);
		}
		await world.clock.sleep(60_000);
		return meter.stop();
	},
	async safe(world, measure) {
		const plan = await planFor(world);
		const meter = measure();
		await run(world, plan);
		return meter.stop();
	},
	async back(world, measure) {
		const plan = await planFor(world);
		await run(world, plan);
		const meter = measure();
		const {snapshot} = await world.cluster.read();
		await run(
			world,
			makeWayBack(
				plan.steps.flatMap(step => step.writes),
				snapshot,
			).plan,
		);
		return meter.stop();
	},
};

async function average(way: keyof typeof measured, nodes: 5 | 20, seeds: number) {
	const losses: Loss[] = [];
	for (let seed = 1; seed <= seeds; seed++) {
		const world = startPractice({nodes, seed});
		const names = world.practice.datastore.snapshot().nodes.map(node => node.metadata.name);
		losses.push(await ways[way](world, () => measureLoss(world.practice.network, names, world.clock)));
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
	});
});
