import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Choice} from '../../src/core/plan/types.ts';
import {measureLoss} from '../../src/practice/loss.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];

async function migrate(choice: Partial<Choice>, {back = false, seed = 1, nodes = 5} = {}) {
	const world = startPractice({seed, nodes});
	const {practice, cluster, clock, resources} = world;
	const {snapshot} = await cluster.read();
	const names = snapshot.nodes.map(node => node.metadata.name);
	const before = resources();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors, ...choice});
	const meter = measureLoss(practice.network, names, clock);
	const events = [...(await readRun(startRun({plan, cluster, clock, journal: null})))];
	if (back) {
		const holding = choice.holding ?? {state: 'off' as const};
		const way = makeWayBack(
			plan.steps.flatMap(step => step.writes),
			(await cluster.read()).snapshot,
			{holding},
		);
		events.push(...(await readRun(startRun({plan: way.plan, cluster, clock, journal: null}))));
		expect(resources()).toEqual(before);
	}
	const loss = await meter.stop();
	const held = names.flatMap(name => practice.network.added.get(`${name}/4`) ?? []);
	return {...world, plan, events, loss, held, before};
}

describe('the route hold', () => {
	test.each(['safe', 'tutorial'] as const)(
		'loses nothing in the %s order, forward and back, and leaves nothing behind',
		async order => {
			const {loss, events, held} = await migrate({holding: {state: 'on'}, order}, {back: order === 'safe'});
			expect(endOf(events)).toMatchObject({outcome: 'done', left: []});
			expect(loss).toMatchObject({routeSeconds: 0, pairSeconds: 0, worstPairSeconds: 0, pairsHit: 0});
			expect(held).toEqual([]);
		},
	);

	test('is what makes the difference', async () => {
		const {loss} = await migrate({});
		expect(loss.routeSeconds).toBeGreaterThan(30);
		expect(loss.pairsHit).toBe(18);
	});

	test('on a larger cluster copies on bystanders only the routes that lead to a reflector', async () => {
		const {loss, events, held} = await migrate({holding: {state: 'on'}}, {nodes: 24});
		expect(endOf(events).outcome).toBe('done');
		expect(loss.pairSeconds).toBe(0);
		expect(held).toEqual([]);
		const taken = new Map(
			events.flatMap(event =>
				event.type === 'hold' && event.action === 'take' ? [[event.node, event.routes] as const] : [],
			),
		);
		expect(taken.get('ip-172-31-45-29')).toBe(3);
		expect(taken.get('ip-172-31-42-47')).toBe(23);
		expect(taken.size).toBe(24);
	});

	test('goes when the run goes back by itself, and the way back loses nothing either', async () => {
		const {practice, cluster, clock, resources} = startPractice();
		const {snapshot} = await cluster.read();
		const before = resources();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors, holding: {state: 'on'}});
		const meter = measureLoss(
			practice.network,
			snapshot.nodes.map(node => node.metadata.name),
			clock,
		);
		practice.faults.add({match: /^calicoctl create/, kind: 'fail', after: 2});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(endOf(events)).toMatchObject({outcome: 'went-back', left: [], failure: {step: 'mesh-off'}});
		expect(await meter.stop()).toMatchObject({routeSeconds: 0, pairSeconds: 0});
		expect(resources()).toEqual(before);
		expect([...practice.network.added.values()].flat()).toEqual([]);
	});

	test('that cannot be taken on one node stops before the first write and leaves no copy', async () => {
		const {practice, cluster, clock, resources} = startPractice();
		const {snapshot} = await cluster.read();
		const before = resources();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors, holding: {state: 'on'}});
		practice.faults.add({
			match: /^node-exec ip-172-31-40-30 ip -force -batch/,
			kind: 'fail',
			stderr: 'exec is forbidden',
		});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(endOf(events)).toMatchObject({
			outcome: 'went-back',
			left: [],
			failure: {step: 'hold-routes', words: expect.stringContaining('exec is forbidden')},
		});
		expect(events.some(event => event.type === 'write')).toBe(false);
		expect(resources()).toEqual(before);
		expect([...practice.network.added.values()].flat()).toEqual([]);
	});

	test('of an earlier run stays where BIRD has no route of its own, and is named', async () => {
		const {practice, cluster, clock} = startPractice();
		const {snapshot} = await cluster.read();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors, holding: {state: 'on'}});
		const leftover = 'ip route add 192.168.200.0/26 proto kernel metric 4096 via 172.31.42.47 dev eth0'.split(' ');
		expect(practice.run({file: 'node-exec', argv: ['ip-172-31-40-30', ...leftover]})).toMatchObject({exitCode: 0});
		const end = endOf(await readRun(startRun({plan, cluster, clock, journal: null})));
		expect(end.outcome).toBe('done');
		expect(end.left).toMatchObject([
			{kind: 'RouteHold', name: 'ip-172-31-40-30', reason: expect.stringContaining('192.168.200.0/26')},
		]);
		expect([...practice.network.added.values()].flat().map(route => route.destination)).toEqual(['192.168.200.0/26']);
	});
});
