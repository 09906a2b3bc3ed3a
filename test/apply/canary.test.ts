import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {ApplyEvent} from '../../src/apply/events.ts';
import type {Journal, JournalRecord} from '../../src/apply/journal.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Choice} from '../../src/core/plan/types.ts';
import {UserError} from '../../src/core/user-error.ts';
import {measureLoss} from '../../src/practice/loss.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
const canary = 'ip-172-31-40-30';
const other = 'ip-172-31-45-29';

async function prepared(choice: Partial<Choice> = {}, nodes = 5) {
	const world = startPractice({nodes});
	const {snapshot} = await world.cluster.read();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors, canary, holding: {state: 'on'}, ...choice});
	return {...world, plan, snapshot, before: world.resources()};
}

function switches(events: readonly ApplyEvent[]): readonly string[] {
	return events.flatMap(event => (event.type === 'canary' ? `${event.mesh} ${event.state} ${event.sessions}` : []));
}

/** Protocols of the canary that are disabled in its BIRD. */
function disabled({practice, clock}: Awaited<ReturnType<typeof prepared>>): readonly string[] {
	const views = practice.network.protocols(canary, 4, clock.now()) ?? [];
	return views.filter(view => view.disabled).map(({peer}) => peer.protocol);
}

describe('the canary', () => {
	test.each(['safe', 'tutorial'] as const)(
		'does without the mesh and gets it back before it goes for all, and nothing is lost (%s order)',
		async order => {
			const world = await prepared({order});
			const {plan, cluster, clock, practice, snapshot} = world;
			expect(plan.steps.map(step => step.id).slice(-3)).toEqual(['canary', 'mesh-off', 'release-routes']);
			const names = snapshot.nodes.map(node => node.metadata.name);
			const meter = measureLoss(practice.network, names, clock);
			const during: (readonly string[])[] = [];
			const lines: JournalRecord[] = [];
			const journal: Journal = {path: '/journal', append: line => void lines.push(line), close: () => undefined};
			const events = await readRun(startRun({plan, cluster, clock, journal}), event => {
				if (event.type === 'gate' && event.step === 'canary') during.push(disabled(world));
			});
			expect(endOf(events)).toMatchObject({outcome: 'done', left: []});
			expect(switches(events)).toEqual(['off done 1', 'on done 1']);
			// While it is off the gate is met twice; afterwards it is met twice again with the session back.
			expect(during.filter(list => list.length === 1).length).toBeGreaterThanOrEqual(2);
			expect(during.at(-1)).toEqual([]);
			expect(lines.flatMap(line => (line.type === 'canary' ? `${line.node} ${line.mesh}` : []))).toEqual([
				`${canary} off`,
				`${canary} on`,
			]);
			expect(await meter.stop()).toMatchObject({routeSeconds: 0, pairSeconds: 0});
		},
	);

	test('that misses a block stops before the mesh goes for all, and has its sessions back', async () => {
		const world = await prepared();
		const {plan, cluster, clock, practice, before, resources} = world;
		const events = await readRun(startRun({plan, cluster, clock, journal: null, gateTimeout: 8000}), event => {
			// From now on no reflector hears of the other client, which the canary only reached over the mesh.
			if (event.type === 'canary' && event.mesh === 'off') {
				for (const reflector of reflectors)
					practice.network.switchProtocols(reflector, 4, ['Node_172_31_45_29'], false, clock.now());
			}
		});
		const end = endOf(events);
		expect(end).toMatchObject({outcome: 'went-back', left: [], failure: {step: 'canary'}});
		expect(end.failure?.words).toContain(`${canary}: 192.168.0.128/26: no route in the kernel`);
		expect(switches(events)).toEqual(['off done 1', 'on done 1']);
		expect(events.some(event => event.type === 'step-started' && event.step === 'mesh-off')).toBe(false);
		expect(disabled(world)).toEqual([]);
		expect(resources()).toEqual(before);
		expect([...practice.network.added.values()].flat()).toEqual([]);
	});

	test('has its sessions back also when it is interrupted', async () => {
		const world = await prepared();
		const {plan, cluster, clock, before, resources} = world;
		const run = startRun({plan, cluster, clock, journal: null});
		const events = await readRun(run, event => {
			if (event.type === 'canary' && event.mesh === 'off') run.interrupt();
		});
		expect(endOf(events)).toMatchObject({outcome: 'went-back', left: [], failure: null});
		expect(switches(events)).toEqual(['off done 1', 'on done 1']);
		expect(disabled(world)).toEqual([]);
		expect(resources()).toEqual(before);
	});

	test('whose sessions cannot be switched off stops there', async () => {
		const {plan, cluster, clock, practice, before, resources} = await prepared();
		practice.faults.add({match: /disable "Mesh_\*"$/, kind: 'fail', stderr: 'exec is forbidden'});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(endOf(events)).toMatchObject({
			outcome: 'went-back',
			left: [],
			failure: {step: 'canary', words: 'exec is forbidden'},
		});
		expect(switches(events)).toEqual(['off failed 0', 'on done 1']);
		expect(resources()).toEqual(before);
	});

	test('whose sessions cannot be switched on again is named with the command for it', async () => {
		const world = await prepared();
		const {plan, cluster, clock, practice, before, resources} = world;
		practice.faults.add({match: /enable "Mesh_\*"$/, kind: 'fail', stderr: 'exec is forbidden', times: 1000});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		const end = endOf(events);
		expect(end).toMatchObject({
			outcome: 'left',
			failure: {step: 'canary', words: expect.stringContaining('exec is forbidden')},
			left: [{kind: 'Canary', name: canary, command: {args: expect.arrayContaining(['enable', '"Mesh_*"'])}}],
		});
		expect(resources()).toEqual(before);
	});

	test('of a killed run is ended by the next one, forward and back', async () => {
		const world = await prepared();
		const {plan, cluster, clock} = world;
		const run = startRun({plan, cluster, clock, journal: null});
		for await (const event of run.events) if (event.type === 'canary') break;
		await clock.sleep(5000);
		expect(disabled(world)).toEqual(['Mesh_172_31_45_29']);
		const choice = {...defaultChoice, reflectors, canary, holding: {state: 'on'} as const};
		const again = makePlan((await cluster.read()).snapshot, choice);
		const names = plan.original.nodes.map(node => node.metadata.name);
		const options = {cluster, clock, journal: null, held: names};
		const events = await readRun(startRun({...options, plan: again, canaries: [canary]}));
		expect(switches(events)).toEqual(['on done 1', 'off done 1', 'on done 1']);
		expect(endOf(events).outcome).toBe('done');

		const way = makeWayBack(
			plan.steps.flatMap(step => step.writes),
			(await cluster.read()).snapshot,
			{holding: {state: 'on'}},
		);
		const back = await readRun(startRun({...options, plan: way.plan, canaries: [canary]}));
		// The mesh is off, so that there is nothing to switch on.
		expect(switches(back)).toEqual(['on done 0']);
	});

	test('is refused where it could not be tried, before anything is written', async () => {
		const {plan, cluster, clock, resources, before} = await prepared();
		const {meshSwitch, ...without} = cluster;
		expect(meshSwitch).toBeDefined();
		const events = await readRun(startRun({plan, cluster: without, clock, journal: null}));
		expect(endOf(events)).toMatchObject({outcome: 'not-started', failure: {step: 'canary'}});
		expect(resources()).toEqual(before);
	});

	test('on a larger cluster is asked about its routes too, though it is in no sample', async () => {
		const {plan, cluster, clock} = await prepared({}, 24);
		const asked = plan.steps.find(step => step.canary)?.canary?.gate.nodes ?? [];
		expect(asked).toContain(canary);
		expect(asked.length).toBeLessThan(10);
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(endOf(events).outcome).toBe('done');
		expect(switches(events)).toEqual(['off done 20', 'on done 20']);
	});
});

test('only a client can be the canary', async () => {
	const {snapshot} = await prepared();
	const make = (name: string) => () => makePlan(snapshot, {...defaultChoice, reflectors, canary: name});
	expect(make('nobody')).toThrow(UserError);
	expect(make('nobody')).toThrow('There is no node nobody to be the canary.');
	expect(make(reflectors[0] ?? '')).toThrow('is a route reflector, and the canary must be a client of them.');
	expect(make(other)).not.toThrow();
});
