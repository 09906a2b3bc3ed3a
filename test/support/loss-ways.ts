import {startRun} from '../../src/apply/engine.ts';
import {estimateLoss, type LossEstimate} from '../../src/core/loss/estimate.ts';
import {makeWayBack, snapshotAfter} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Choice, Plan} from '../../src/core/plan/types.ts';
import {type Loss, measureLoss} from '../../src/practice/loss.ts';
import {endOf, readRun, startPractice} from './practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
type World = ReturnType<typeof startPractice>;
type Measure = () => ReturnType<typeof measureLoss>;
type Way = (world: World, measure: Measure) => Promise<Loss>;

async function planFor({cluster}: World, extra: Partial<Choice> = {}): Promise<Plan> {
	const {snapshot} = await cluster.read();
	return makePlan(snapshot, {...defaultChoice, reflectors, ...extra});
}

async function run({cluster, clock}: World, plan: Plan): Promise<void> {
	const {outcome} = endOf(await readRun(startRun({plan, cluster, clock, journal: null})));
	if (outcome !== 'done') throw new Error(`a run that was to be measured ended as ${outcome}`);
}

const safe =
	(choice: Partial<Choice>): Way =>
	async (world, measure) => {
		const plan = await planFor(world, choice);
		const meter = measure();
		await run(world, plan);
		return meter.stop();
	};

const back =
	({holding = {state: 'off'}}: Partial<Choice>): Way =>
	async (world, measure) => {
		const plan = await planFor(world);
		await run(world, plan);
		const meter = measure();
		const {snapshot} = await world.cluster.read();
		const writes = plan.steps.flatMap(step => step.writes);
		await run(world, makeWayBack(writes, snapshot, {holding}).plan);
		return meter.stop();
	};

/** The ways from the mesh to three reflectors and back whose loss is measured. */
export const ways = {
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
	safe: safe({}),
	'safe with hold': safe({holding: {state: 'on'}}),
	back: back({}),
	'back with hold': back({holding: {state: 'on'}}),
} as const satisfies Readonly<Record<string, Way>>;

/** What one way loses on a practice cluster of that size, in practice time that takes no real time. */
export function lossOf(way: keyof typeof ways, {nodes, seed}: {nodes: number; seed: number}): Promise<Loss> {
	const world = startPractice({nodes, seed});
	const names = world.practice.datastore.snapshot().nodes.map(node => node.metadata.name);
	return ways[way](world, () => measureLoss(world.practice.network, names, world.clock));
}

/** What the preview would say beforehand that a way costs where nothing is held; the tutorial's writes are 5 s apart. */
export function estimateOf(way: 'tutorial' | 'safe' | 'back', nodes: number): LossEstimate {
	const snapshot = startPractice({nodes}).practice.datastore.snapshot();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors, order: way === 'tutorial' ? 'tutorial' : 'safe'});
	if (way !== 'back') return estimateLoss(plan, {secondsPerStep: way === 'tutorial' ? 5 : 0});
	const writes = plan.steps.flatMap(step => step.writes);
	return estimateLoss(makeWayBack(writes, snapshotAfter(plan, plan.steps.length)).plan, {secondsPerStep: 0});
}
