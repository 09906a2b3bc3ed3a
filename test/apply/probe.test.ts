import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {ApplyEvent} from '../../src/apply/events.ts';
import type {Journal, JournalRecord} from '../../src/apply/journal.ts';
import {createKubectlCluster} from '../../src/cluster/kubectl/cluster.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Choice} from '../../src/core/plan/types.ts';
import {createClock} from '../../src/practice/clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';
import {measureLoss} from '../../src/practice/loss.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];

type ProbeEvent<State> = Extract<ApplyEvent, {type: 'probe'}> & {readonly state: State};
function probeEvents<State extends 'started' | 'loss' | 'ended'>(events: readonly ApplyEvent[], state: State) {
	return events.filter(
		(event): event is Extract<ProbeEvent<State>, {state: State}> => event.type === 'probe' && event.state === state,
	);
}
function reportOf(events: readonly ApplyEvent[]) {
	const [ended, ...more] = probeEvents(events, 'ended');
	if (!ended || more.length > 0) throw new Error('the probe did not end once');
	return ended.report;
}
async function prepared(choice: Partial<Choice>, options: Parameters<typeof startPractice>[0] = {}) {
	const world = startPractice(options);
	const {snapshot} = await world.cluster.read();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors, probe: true, ...choice});
	const names = snapshot.nodes.map(node => node.metadata.name);
	return {...world, snapshot, plan, measure: () => measureLoss(world.practice.network, names, world.clock)};
}

const back = async ({plan, cluster}: Awaited<ReturnType<typeof prepared>>, holding: 'on' | 'off') =>
	makeWayBack(
		plan.steps.flatMap(step => step.writes),
		(await cluster.read()).snapshot,
		{holding: {state: holding}, probe: true},
	).plan;

describe('the probe', () => {
	test('with the hold counts no lost ping between any of 20 pairs, forward and back', async () => {
		const world = await prepared({holding: {state: 'on'}});
		const {plan, cluster, clock} = world;
		const forward = await readRun(startRun({plan, cluster, clock, journal: null}));
		const backward = await readRun(startRun({plan: await back(world, 'on'), cluster, clock, journal: null}));
		for (const events of [forward, backward]) {
			expect(endOf(events)).toMatchObject({outcome: 'done', left: []});
			expect(probeEvents(events, 'started')).toMatchObject([{pairs: 20, of: 20, oneWay: 0, unmeasured: []}]);
			expect(probeEvents(events, 'loss')).toEqual([]);
			const report = reportOf(events);
			expect(report).toMatchObject({pairs: 20, lost: 0, milliseconds: 0, losses: [], unmeasured: [], unknown: null});
			expect(report.coverage).toBe(1);
			// Pings went the whole time, five a second: from a second after the start to the last round's end.
			const took = (endOf(events).at - (events[0]?.at ?? 0)) / 1000;
			expect(report.sent / 20).toBeGreaterThanOrEqual(5 * (took - 1 - 5));
			expect(report.sent / 20).toBeLessThanOrEqual(5 * took);
		}
	});

	/**
	 * The probe looks at each pair every 200 ms, so that a gap seems up to one interval longer or shorter than it was. The
	 * model's own meter looks every 100 ms; what it is off by is within that.
	 */
	test.each([
		['safe', 1],
		['safe', 2],
		['tutorial', 3],
	] as const)(
		'without the hold loses what the model lost: %s order, seed %d, forward and back',
		async (order, seed) => {
			const world = await prepared({holding: {state: 'off'}, order}, {seed});
			const {plan, cluster, clock, measure} = world;
			for (const walked of [() => plan, () => back(world, 'off')]) {
				const made = await walked();
				const meter = measure();
				const events = await readRun(startRun({plan: made, cluster, clock, journal: null}));
				const loss = await meter.stop();
				const {losses, milliseconds, interval, pairs} = reportOf(events);
				expect(endOf(events).outcome).toBe('done');
				expect(pairs).toBe(20);
				expect(losses.length).toBeGreaterThan(0);
				expect(losses.length).toBeLessThanOrEqual(18);
				const gaps = losses.reduce((sum, each) => sum + each.gaps, 0);
				const text = `${milliseconds} ms in ${gaps} gaps against ${Math.round(loss.pairSeconds * 1000)} ms`;
				expect(Math.abs(milliseconds - loss.pairSeconds * 1000), text).toBeLessThanOrEqual(gaps * interval);
				expect(losses.map(each => each.milliseconds)).toEqual(
					losses.map(each => each.milliseconds).sort((left, right) => right - left),
				);
				// What was told on the way adds up to what is told at the end.
				const told = probeEvents(events, 'loss').flatMap(each => each.losses);
				expect(told.reduce((sum, {packets}) => sum + packets * interval, 0)).toBe(milliseconds);
			}
		},
	);

	test('on a larger cluster goes between the converting nodes and some others, and says how many that are', async () => {
		const {plan, cluster, clock} = await prepared({holding: {state: 'on'}}, {nodes: 24});
		expect(plan.probe).toMatchObject({of: 552});
		expect(plan.probe?.pairs).toHaveLength(18);
		expect(plan.probe?.pairs.every(({from, to}) => reflectors.includes(from) !== reflectors.includes(to))).toBe(true);
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(reportOf(events)).toMatchObject({pairs: 18, of: 552, lost: 0, unknown: null});
	});

	test('without ping in the image says so, and the run goes on', async () => {
		const {plan, cluster, clock} = await prepared({}, {hasPing: () => false});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(endOf(events).outcome).toBe('done');
		expect(events.filter(event => event.type === 'probe')).toEqual([]);
		expect(events.flatMap(event => (event.type === 'notice' ? [event.text] : []))).toEqual([
			'No pings during this run: there is no ping where commands run on the nodes: ping: command not found',
		]);
	});

	test('without a way onto the nodes says so, and the run goes on', async () => {
		const {plan, cluster, clock} = await prepared({});
		const {pings, ...without} = cluster;
		expect(pings).toBeDefined();
		const events = await readRun(startRun({plan, cluster: without, clock, journal: null}));
		expect(endOf(events).outcome).toBe('done');
		expect(events).toContainEqual(
			expect.objectContaining({text: 'No pings during this run: commands cannot be run on the nodes'}),
		);
	});

	test('counts as loss neither pairs that do not answer before, nor nodes without ping', async () => {
		const {plan, cluster, clock, practice} = await prepared(
			{holding: {state: 'on'}},
			{hasPing: node => node !== 'ip-172-31-45-29'},
		);
		// A longer prefix leads the pings for .217's block astray; no gate looks at such a route.
		astray(practice, 'ip-172-31-40-30');
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		const {unmeasured, pairs, lost} = reportOf(events);
		expect({pairs, lost}).toEqual({pairs: 15, lost: 0});
		expect(unmeasured.filter(({from}) => from === 'ip-172-31-45-29')).toHaveLength(4);
		expect(unmeasured).toContainEqual({
			from: 'ip-172-31-40-30',
			to: 'ip-172-31-40-217',
			reason: '192.168.0.0 did not answer before the first write',
		});
		// The other way answers only to the node's own address, and that is said.
		expect(probeEvents(events, 'started')[0]?.oneWay).toBe(1);
	});

	test('does not know what a round without an answer was', async () => {
		const {plan, cluster, clock, practice} = await prepared({holding: {state: 'on'}});
		practice.faults.add({match: / ping .* -c 25 /, kind: 'fail', stderr: 'exec is forbidden', times: 3});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(reportOf(events)).toMatchObject({lost: 0, unknown: {rounds: 3, reason: 'exec is forbidden'}});
	});

	test('ends with a run that is stopped at once, and its result is in the journal', async () => {
		const {plan, cluster, clock} = await prepared({holding: {state: 'on'}});
		const lines: JournalRecord[] = [];
		const journal: Journal = {path: '/journal', append: line => void lines.push(line), close: () => undefined};
		const run = startRun({plan, cluster, clock, journal});
		const events = await readRun(run, event => {
			if (event.type !== 'step-started' || event.step !== 'mesh-off') return;
			run.interrupt();
			run.interrupt();
		});
		expect(endOf(events).outcome).toBe('stopped');
		const {sent} = reportOf(events);
		expect(sent).toBeGreaterThan(0);
		expect(lines.slice(-2)).toMatchObject([{type: 'probe', report: {sent, lost: 0, unknown: null}}, {type: 'end'}]);
		// Nothing is asked of the nodes any more.
		const later = clock.now();
		await clock.sleep(20_000);
		expect(clock.now()).toBe(later + 20_000);
	});
});

describe('the canary', () => {
	const canary = 'ip-172-31-40-30';
	const failing = async (onEvent: (event: ApplyEvent, astrayNow: () => void) => void) => {
		const {plan, cluster, clock, practice, resources} = await prepared({holding: {state: 'on'}, canary});
		const before = resources();
		const run = startRun({plan, cluster, clock, journal: null});
		const events = await readRun(run, event => onEvent(event, () => astray(practice, canary)));
		return {events, before, after: resources()};
	};

	test('fails where pings are lost since the mesh sessions went, though no gate sees it', async () => {
		const {events, before, after} = await failing((event, astrayNow) => {
			if (event.type === 'canary' && event.mesh === 'off') astrayNow();
		});
		const {outcome, failure, left} = endOf(events);
		expect({outcome, left}).toEqual({outcome: 'went-back', left: []});
		expect(failure).toMatchObject({
			step: 'canary',
			message: `Pings were lost between 2 pairs of nodes while ${canary} did without its mesh sessions.`,
		});
		expect(failure?.words).toMatch(/^ip-172-31-40-30 to ip-172-31-40-217: \d+00 ms without an answer$/m);
		expect(events.some(event => event.type === 'step-started' && event.step === 'mesh-off')).toBe(false);
		expect(after).toEqual(before);
	});

	test('does not fail for what was lost before it', async () => {
		const {events} = await failing((event, astrayNow) => {
			if (event.type === 'step-done' && event.step === 'hold-routes') astrayNow();
		});
		expect(endOf(events).outcome).toBe('done');
		expect(reportOf(events).losses).toHaveLength(2);
	});
});

/** Leads a node's packets to the first addresses of ip-172-31-40-217's block to a node that drops them. */
function astray(practice: ReturnType<typeof startPractice>['practice'], node: string): void {
	const route = 'ip route add 192.168.0.0/27 via 172.31.45.200 dev eth0'.split(' ');
	expect(practice.run({file: 'node-exec', argv: [node, ...route]})).toMatchObject({exitCode: 0});
}

describe('through kubectl', () => {
	const pod = (
		name: string,
		node: string,
		more: {readonly host?: true; readonly phase?: string; readonly ip: string},
	) => ({
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {name, namespace: 'default'},
		spec: {nodeName: node, containers: [{name: 'c'}], ...(more.host && {hostNetwork: true})},
		status: {phase: more.phase ?? 'Running', podIP: more.ip},
	});

	test("pings a pod that runs and has an address of its own, else the block's first address", async () => {
		const clock = createClock({speed: 'jump', start: Date.UTC(2026, 10, 23, 12)});
		const practice = createPracticeCluster({
			clock,
			datastore: 'kubernetes-v1',
			kubernetes: {
				objects: [
					pod('host', 'ip-172-31-40-30', {host: true, ip: '172.31.40.30'}),
					pod('ended', 'ip-172-31-40-30', {phase: 'Succeeded', ip: '192.168.0.69'}),
					pod('runs', 'ip-172-31-40-30', {ip: '192.168.0.70'}),
				],
			},
		});
		const asked = new Set<string>();
		practice.faults.add({
			match: (_file, argv) => {
				if (argv.includes('ping') && argv.includes('25')) asked.add(argv.slice(-3).join(' '));
				return false;
			},
			kind: 'fail',
		});
		const cluster = createKubectlCluster({exec: practice.exec, clock, practice: true});
		const {snapshot} = await cluster.read();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors, probe: true, holding: {state: 'on'}});
		const events = await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(reportOf(events)).toMatchObject({pairs: 20, lost: 0, unmeasured: [], unknown: null});
		expect(asked.size).toBe(20);
		const targets = [...asked].map(words => words.split(' ')[2]);
		expect(targets.filter(target => target === '192.168.0.70')).toHaveLength(4);
		expect(targets).not.toContain('192.168.0.64');
		expect(asked).toContain('-I 192.168.0.64 192.168.0.0');
	});
});
