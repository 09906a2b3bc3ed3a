import {expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {isSilent} from '../../src/core/session.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217'];
const client = 'ip-172-31-40-30';

/** A cluster on which everything is done but turning the mesh off, and the plan for that. */
async function beforeMeshOff() {
	const world = startPractice();
	const {cluster, clock} = world;
	const choice = {...defaultChoice, reflectors};
	const whole = makePlan((await cluster.read()).snapshot, choice);
	const plan = {...whole, steps: whole.steps.filter(step => step.id !== 'mesh-off')};
	expect(endOf(await readRun(startRun({plan, cluster, clock, journal: null}))).outcome).toBe('done');
	const rest = makePlan((await cluster.read()).snapshot, choice);
	expect(rest.steps.map(step => step.id)).toEqual(['before', 'mesh-off']);
	return {...world, rest};
}

test('BIRD’s timers and the copies of each route are seen on the nodes that are asked for them, and on no other', async () => {
	const {cluster} = await beforeMeshOff();
	for await (const look of cluster.observe([client, reflectors[0] ?? ''], {routes: false, deep: [client]})) {
		const sessions = look.sessions.known ? look.sessions.value : [];
		expect(sessions.length).toBeGreaterThan(2);
		if (look.node !== client) {
			expect(look.learned).toBeUndefined();
			expect(sessions.every(session => session.holdTimer === undefined)).toBe(true);
			continue;
		}
		expect(sessions.every(session => session.holdTimer?.length === 240 && !isSilent(session))).toBe(true);
		const copies = look.learned?.known ? look.learned.value : [];
		const others = copies.filter(({protocol}) => protocol.startsWith('Mesh_'));
		expect(others).toHaveLength(2);
		for (const {destination} of others) {
			expect(
				copies
					.filter(copy => copy.destination === destination)
					.map(({protocol}) => protocol)
					.sort(),
			).toEqual([expect.stringMatching(/^Mesh_/), 'Node_172_31_37_123', 'Node_172_31_40_217']);
		}
	}
});

test('the mesh stays on where a session with a reflector has gone silent', async () => {
	const {practice, cluster, clock, rest, resources} = await beforeMeshOff();
	const before = resources();
	practice.network.blockBgp([client, reflectors[0] ?? ''], clock.now());
	await clock.sleep(165_000);
	const events = await readRun(startRun({plan: rest, cluster, clock, journal: null, gateTimeout: 5000}));
	expect(endOf(events)).toMatchObject({outcome: 'not-started', failure: {step: 'mesh-off'}});
	expect(endOf(events).failure?.words).toContain('nothing was heard over it');
	expect(events.some(event => event.type === 'write')).toBe(false);
	expect(resources()).toEqual(before);
});

test('what cannot be asked is said, and is no reason to wait', async () => {
	const {practice, cluster, clock, rest} = await beforeMeshOff();
	practice.faults.add({match: /show route$/, kind: 'fail', stderr: 'Access denied', times: 1000});
	const events = await readRun(startRun({plan: rest, cluster, clock, journal: null}));
	expect(endOf(events).outcome).toBe('done');
	expect(events.flatMap(event => (event.type === 'notice' ? [event.text] : []))[0]).toBe(
		'From whom the routes are learned is not known on 3 of 3 nodes: Access denied',
	);
});
