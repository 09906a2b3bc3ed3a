import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {ApplyEvent} from '../../src/apply/events.ts';
import {createJournal, journalFolder, listJournals} from '../../src/apply/journal.ts';
import {planResume} from '../../src/apply/resume.ts';
import {type EarlierRun, findEarlierRun, type Purpose} from '../../src/apply/resume-find.ts';
import {createKubectlCluster} from '../../src/cluster/kubectl/cluster.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {runAnnotation} from '../../src/core/plan/stored-run.ts';
import type {Choice, Holding, Plan} from '../../src/core/plan/types.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
const stamp = {id: 'run-1', at: '2026-11-23T12:00:00.000Z', by: 'ann@laptop'};
const apis = ['kubernetes-v1', 'kubernetes-aggregated', 'kubernetes-native'] as const;
const on: Holding = {state: 'on'};

/** A practice cluster with a state folder of its own, and the commands on it without their words. */
async function machineRoom(datastore?: (typeof apis)[number]) {
	const world = startPractice(datastore && {datastore});
	const {clock, practice} = world;
	const cluster = datastore ? createKubectlCluster({exec: practice.exec, clock, practice: true}) : world.cluster;
	await cluster.read();
	const newMachine = () => ({XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'state-'))});
	const here = newMachine();
	const run = async (plan: Plan, env: typeof here, earlier?: EarlierRun, onEvent?: Parameters<typeof readRun>[1]) => {
		const journal = createJournal(journalFolder(env), plan, cluster.identity, {continues: earlier});
		return readRun(startRun({plan, cluster, clock, journal, held: earlier?.held ?? []}), onEvent);
	};
	const earlierRun = async (env: typeof here, purpose: Purpose = 'resume'): Promise<EarlierRun> => {
		const found = findEarlierRun(cluster.identity, env, (await cluster.read()).snapshot, purpose);
		if (!found) throw new Error('there is no earlier run');
		return found;
	};
	return {
		...world,
		cluster,
		here,
		newMachine,
		run,
		earlierRun,
		apply: async (choice: Partial<Choice>, onEvent?: (event: ApplyEvent, interrupt: () => void) => void) => {
			const plan = makePlan((await cluster.read()).snapshot, {...defaultChoice, reflectors, stamp, ...choice});
			const journal = createJournal(journalFolder(here), plan, cluster.identity);
			const started = startRun({plan, cluster, clock, journal});
			return readRun(started, event => onEvent?.(event, () => started.interrupt()));
		},
		resume: async (env: typeof here, holding: Holding = {state: 'off'}) => {
			const found = await earlierRun(env);
			const plan = planResume(found, (await cluster.read()).snapshot, holding);
			return run(plan, env, found);
		},
		rollback: async (env: typeof here, holding: Holding = {state: 'off'}) => {
			const found = await earlierRun(env, 'rollback');
			const {snapshot} = await cluster.read();
			const {plan, conflicts} = makeWayBack(found.written, snapshot, {holding, held: found.held});
			return {conflicts, events: await run(plan, env, found)};
		},
		held: () => [...practice.network.added.values()].flat(),
	};
}

/** Interrupts twice once that many writes are done. */
function stopAfter(count: number) {
	let done = 0;
	return (event: ApplyEvent, interrupt: () => void): void => {
		if (event.type !== 'write' || event.state !== 'done' || ++done !== count) return;
		interrupt();
		interrupt();
	};
}

async function finishedState(choice: Partial<Choice>): Promise<readonly string[]> {
	const room = await machineRoom();
	expect(endOf(await room.apply(choice)).outcome).toBe('done');
	return room.resources();
}

const places = [1, 2, 3, 4, 5, 6];
const orders = ['safe', 'tutorial'] as const;
/** In the tutorial's order the BGPPeers, which carry the note, are writes 4 and 5. */
const hasNote = (order: Choice['order'], place: number) => order === 'safe' || place >= 4;

describe.each(orders)('a run in the %s order that was stopped', order => {
	const finished = finishedState({order});
	test.each(places)(
		'after write %i of 6: resume ends as if nothing had been, and rollback as it began',
		async place => {
			const room = await machineRoom();
			const before = room.resources();
			expect(endOf(await room.apply({order}, stopAfter(place))).outcome).toBe('stopped');
			expect(endOf(await room.resume(room.here)).outcome).toBe(place === 6 ? 'nothing-to-do' : 'done');
			expect(room.resources()).toEqual(await finished);
			const back = await room.rollback(room.here);
			expect(back.conflicts).toEqual([]);
			expect(endOf(back.events)).toMatchObject({outcome: 'done', left: []});
			expect(room.resources()).toEqual(before);
			expect(
				findEarlierRun(room.cluster.identity, room.here, (await room.cluster.read()).snapshot, 'resume'),
			).toBeUndefined();
		},
	);

	test.each(places.filter(place => hasNote(order, place)))(
		'after write %i of 6: the same on another machine, from the note in the cluster alone',
		async place => {
			const room = await machineRoom();
			const before = room.resources();
			await room.apply({order}, stopAfter(place));
			const found = await room.earlierRun(room.newMachine());
			expect(found).toMatchObject({journal: null, by: 'ann@laptop', choice: {reflectors, order}, isDone: place === 6});
			if (place < 6) expect(endOf(await room.resume(room.newMachine())).outcome).toBe('done');
			expect(room.resources()).toEqual(await finished);
			const back = await room.rollback(room.newMachine());
			expect(back.conflicts).toEqual([]);
			expect(endOf(back.events)).toMatchObject({outcome: 'done', left: []});
			expect(room.resources()).toEqual(before);
		},
	);

	test.each(places)('after write %i of 6: rollback at once, here and elsewhere', async place => {
		const [one, other] = [await machineRoom(), await machineRoom()];
		for (const [room, env] of [[one, one.here] as const, [other, other.newMachine()] as const]) {
			const before = room.resources();
			await room.apply({order}, stopAfter(place));
			if (env !== room.here && !hasNote(order, place)) {
				expect(
					findEarlierRun(room.cluster.identity, env, (await room.cluster.read()).snapshot, 'resume'),
				).toBeUndefined();
				continue;
			}
			const back = await room.rollback(env);
			expect(back.conflicts).toEqual([]);
			expect(endOf(back.events).outcome).toBe('done');
			expect(room.resources()).toEqual(before);
		}
	});
});

describe('a way back that was stopped', () => {
	test.each([1, 2, 3, 4, 5, 6, 7])('after write %i of 7 is walked to its end by a third machine', async place => {
		const room = await machineRoom();
		const before = room.resources();
		await room.apply({});
		const found = await room.earlierRun(room.here);
		const {plan} = makeWayBack(found.written, (await room.cluster.read()).snapshot);
		const journal = createJournal(journalFolder(room.here), plan, room.cluster.identity, {continues: found});
		const run = startRun({plan, cluster: room.cluster, clock: room.clock, journal});
		const stop = stopAfter(place);
		await readRun(run, event => stop(event, () => run.interrupt()));
		expect(await room.earlierRun(room.here).catch(() => null)).toMatchObject({
			direction: 'back',
			written: found.written,
		});
		const elsewhere = place < 7 ? room.newMachine() : room.here;
		await room.rollback(elsewhere);
		expect(room.resources()).toEqual(before);
	});
});

test('what a killed run left held is released by resume, and by rollback', async () => {
	for (const next of ['resume', 'rollback'] as const) {
		const room = await machineRoom();
		await room.apply({holding: on}, stopAfter(4));
		expect(room.held().length).toBeGreaterThan(0);
		expect((await room.earlierRun(room.here)).held).toHaveLength(5);
		// Even where nothing is to be held any more.
		await room[next](room.here);
		expect(room.held()).toEqual([]);
	}
});

test.each(apis)('through kubectl, on %s, from the note alone', async api => {
	const room = await machineRoom(api);
	const before = room.resources();
	await room.apply({}, stopAfter(4));
	expect(endOf(await room.resume(room.newMachine())).outcome).toBe('done');
	expect(await room.earlierRun(room.newMachine())).toMatchObject({journal: null, isDone: true});
	expect((await room.rollback(room.newMachine())).conflicts).toEqual([]);
	expect(room.resources()).toEqual(before);
});

test('a run that was gone on with elsewhere is taken back whole here, where its journal is older', async () => {
	const room = await machineRoom();
	const before = room.resources();
	await room.apply({}, stopAfter(3));
	await room.resume(room.newMachine());
	await room.rollback(room.here);
	expect(room.resources()).toEqual(before);
});

test.each([undefined, ...apis])(
	'a second run on top keeps the note of the first, and each is taken back by itself, also elsewhere (%s)',
	async api => {
		const room = await machineRoom(api);
		const before = room.resources();
		await room.apply({});
		const between = room.resources();
		const second = {id: 'run-2', at: '2026-11-24T12:00:00.000Z', by: 'bob@desk'};
		await room.apply({reflectors: [...reflectors, 'ip-172-31-45-29'], stamp: second});
		for (const peer of room.practice.datastore.snapshot().bgpPeers) {
			expect(peer.metadata.annotations?.[runAnnotation]).toContain('"id":"run-2"');
		}
		const first = await room.rollback(room.newMachine());
		expect(first.conflicts).toEqual([]);
		expect(room.resources()).toEqual(between);
		expect((await room.rollback(room.newMachine())).conflicts).toEqual([]);
		expect(room.resources()).toEqual(before);
	},
);

test('what somebody changed since stops resume with its name, and stays through a rollback', async () => {
	const room = await machineRoom();
	await room.apply({}, stopAfter(3));
	room.practice.run({
		file: 'calicoctl',
		argv: ['patch', 'node', 'ip-172-31-37-123', '-p', '{"spec":{"bgp":{"routeReflectorClusterID":"9.9.9.9"}}}'],
	});
	await expect(room.resume(room.newMachine())).rejects.toThrow(
		'Node ip-172-31-37-123: spec.bgp.routeReflectorClusterID is "9.9.9.9" now',
	);
	const {conflicts} = await room.rollback(room.newMachine());
	const kept = 'kept: without it ip-172-31-37-123 would have no BGP session at all';
	expect(conflicts).toEqual([
		{
			kind: 'Node',
			name: 'ip-172-31-37-123',
			reason: 'spec.bgp.routeReflectorClusterID is "9.9.9.9" now: somebody changed it since',
		},
		{kind: 'BGPPeer', name: 'rrs-to-rrs', reason: kept},
		{kind: 'BGPPeer', name: 'peer-to-rrs', reason: kept},
	]);
});

test('a new migration says that another run is not finished', async () => {
	const room = await machineRoom();
	await room.apply({}, stopAfter(3));
	const {warnings} = makePlan((await room.cluster.read()).snapshot, {...defaultChoice, reflectors});
	expect(warnings.join('\n')).toContain(
		'A run that ann@laptop began at 2026-11-23T12:00:00.000Z is not finished on this cluster: resume goes on with it, rollback takes it back.',
	);
});

test('a run that was stopped before it wrote anything is gone on with, and does not hide the one before it from rollback', async () => {
	const room = await machineRoom();
	const before = room.resources();
	await room.apply({});
	const second = {id: 'run-2', at: '2026-11-24T12:00:00.000Z', by: 'ann@laptop'};
	await room.apply({reflectors: [...reflectors, 'ip-172-31-45-29'], stamp: second}, (event, interrupt) => {
		if (event.type !== 'step-started') return;
		interrupt();
		interrupt();
	});
	expect((await room.earlierRun(room.here, 'resume')).stamp).toEqual(second);
	expect((await room.earlierRun(room.here, 'rollback')).stamp).toEqual(stamp);
	await room.rollback(room.here);
	expect(room.resources()).toEqual(before);
});

test('a journal whose first line was never finished is passed over', async () => {
	const room = await machineRoom();
	await room.apply({}, stopAfter(3));
	const [path = ''] = listJournals(journalFolder(room.here));
	writeFileSync(join(journalFolder(room.here), '9999.jsonl'), readFileSync(path, 'utf8').slice(0, 200));
	expect(await room.earlierRun(room.here)).toMatchObject({journal: path});
	writeFileSync(join(journalFolder(room.here), '9999.jsonl'), 'something else\n');
	await expect(room.earlierRun(room.here)).rejects.toThrow('cannot be trusted: line 1');
});
