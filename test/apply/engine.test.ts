import {describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {ApplyEvent} from '../../src/apply/events.ts';
import type {Journal, JournalRecord} from '../../src/apply/journal.ts';
import {parseJournal} from '../../src/apply/journal-read.ts';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import {countSessions} from '../../src/core/peering/totals.ts';
import {makeWayBack} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Plan} from '../../src/core/plan/types.ts';
import {isEstablished} from '../../src/core/session.ts';
import type {Write} from '../../src/core/write.ts';
import type {FaultKind} from '../../src/practice/faults.ts';
import {endOf, readRun, startPractice} from '../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];

/** A journal in memory: what would be in the file. */
function memoryJournal(plan: Plan): Journal & {readonly lines: JournalRecord[]} {
	const lines: JournalRecord[] = [
		{
			type: 'run',
			schemaVersion: 1,
			at: 'now',
			direction: plan.direction,
			cluster: {via: 'calicoctl', practice: true, name: 'p', guid: 'g'},
			steps: [],
		},
	];
	return {path: 'memory', lines, append: line => void lines.push(line), close: () => undefined};
}

async function prepared(options: Parameters<typeof startPractice>[0] = {}) {
	const world = startPractice(options);
	const {snapshot} = await world.cluster.read();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors});
	const journal = memoryJournal(plan);
	const run = startRun({plan, cluster: world.cluster, clock: world.clock, journal});
	return {...world, plan, journal, run, before: world.resources()};
}

describe('a migration on the practice cluster', () => {
	test('goes to three reflectors and, from its journal, back', async () => {
		const {run, cluster, clock, plan, journal, practice, before, resources} = await prepared();
		const events = await readRun(run);
		expect(endOf(events)).toMatchObject({outcome: 'done', failure: null, left: []});
		expect(events.filter(event => event.type === 'step-done').map(event => event.step)).toEqual(
			plan.steps.map(step => step.id),
		);
		const peering = preparePeering(practice.datastore.snapshot());
		expect(countSessions(peering).sessions).toBe(9);
		for await (const {sessions} of cluster.observe(['ip-172-31-45-29'], {routes: false})) {
			expect(
				sessions.known && sessions.value.map(session => [session.address, session.type, isEstablished(session)]),
			).toEqual([
				['172.31.37.123', 'node specific', true],
				['172.31.40.217', 'node specific', true],
				['172.31.42.47', 'node specific', true],
			]);
		}

		const {written} = parseJournal(journal.lines.map(line => `${JSON.stringify(line)}\n`).join(''), 'memory');
		const {snapshot} = await cluster.read();
		const back = makeWayBack(written, snapshot);
		expect(back.conflicts).toEqual([]);
		const backward = await readRun(startRun({plan: back.plan, cluster, clock, journal: null}));
		expect(endOf(backward)).toMatchObject({outcome: 'done', left: []});
		expect(resources()).toEqual(before);
	});

	test('is not begun while a session is down, and writes nothing', async () => {
		const {run, practice, clock, before, resources} = await prepared();
		practice.network.cutLink('ip-172-31-40-30', clock.now());
		// BIRD notices a dead peer when the hold time is over: 240 s.
		await clock.sleep(300_000);
		const events = await readRun(run);
		expect(endOf(events)).toMatchObject({outcome: 'not-started', failure: {step: 'before'}});
		expect(events.some(event => event.type === 'write')).toBe(false);
		expect(resources()).toEqual(before);
	});
});

const faults: readonly FaultKind[] = ['fail', 'hang-without-effect', 'hang-after-effect', 'killed', 'answer-lost'];

describe('a write that goes wrong is taken back', () => {
	test.each([0, 1, 2, 3, 4, 5].flatMap(after => faults.map(kind => [`write ${after + 1} of 6`, kind, after] as const)))(
		'%s: %s',
		async (_, kind, after) => {
			const {run, practice, before, resources} = await prepared();
			practice.faults.add({
				match: /^calicoctl (create|patch|delete)/,
				kind,
				after,
				stderr: 'Failed: etcdserver: request timed out',
			});
			const events = await readRun(run);
			const end = endOf(events);
			expect(resources()).toEqual(before);
			expect(end).toMatchObject({outcome: 'went-back', left: []});
			expect(end.failure?.message).toBeTruthy();
			if (kind === 'fail') expect(end.failure?.words).toContain('request timed out');
		},
	);
});

test('a tool that reports success and changes nothing is found out', async () => {
	const {plan, cluster, clock, before, resources} = await prepared();
	const [name = ''] = reflectors;
	const deaf = {
		...cluster,
		write: (write: Write, signal?: AbortSignal) =>
			write.name === name ? Promise.resolve() : cluster.write(write, signal),
	};
	const events = await readRun(startRun({plan, cluster: deaf, clock, journal: memoryJournal(plan)}));
	expect(endOf(events)).toMatchObject({outcome: 'went-back', failure: {words: `Node ${name} is as it was before.`}});
	expect(resources()).toEqual(before);
});

describe('a gate that is never met is taken back', () => {
	test.each(['reflector-ip-172-31-37-123', 'reflector-ip-172-31-40-217', 'reflector-ip-172-31-42-47', 'mesh-off'])(
		'%s: a node that cannot be asked any more',
		async step => {
			const {run, practice, before, resources} = await prepared();
			const events = await readRun(run, event => {
				if (event.type === 'step-started' && event.step === step && event.direction === 'forward') {
					practice.faults.add({
						match: /^node-exec ip-172-31-45-29 /,
						kind: 'fail',
						stderr: 'ssh: connect to host: Connection refused',
						times: 1e9,
					});
				}
				if (event.type === 'turned-back') practice.faults.clear();
			});
			expect(endOf(events)).toMatchObject({
				outcome: 'went-back',
				left: [],
				failure: {step, words: expect.stringContaining('Connection refused')},
			});
			expect(resources()).toEqual(before);
		},
	);

	test.each(['reflector-ip-172-31-37-123', 'reflector-ip-172-31-40-217', 'reflector-ip-172-31-42-47'])(
		'%s: TCP 179 blocked, and staying so',
		async step => {
			const {run, practice, clock, before, resources} = await prepared();
			const events = await readRun(run, event => {
				if (event.type === 'step-started' && event.step === step && event.direction === 'forward') {
					practice.network.blockBgp([step.slice('reflector-'.length), 'ip-172-31-45-29'], clock.now());
				}
			});
			const end = endOf(events);
			expect(resources()).toEqual(before);
			expect(end).toMatchObject({outcome: 'went-back', left: [], failure: {step}});
			expect(events.some(event => event.type === 'notice' && event.text.includes('Going on back all the same'))).toBe(
				true,
			);
		},
	);
});

describe('a way back that goes wrong', () => {
	const interruptAt = (step: string, run: {interrupt(): void}) => (event: ApplyEvent) => {
		if (event.type === 'step-done' && event.step === step && event.direction === 'forward') run.interrupt();
	};

	test('where the mesh cannot be turned on, leaves the reflectors as they are and names all that is left', async () => {
		const {run, practice, resources, before} = await prepared();
		const events = await readRun(run, event => {
			// The check before the write waits for 20 ends, the gate after it for 18.
			if (event.type !== 'gate' || event.step !== 'mesh-off' || event.state !== 'met' || event.expected !== 18) return;
			practice.faults.add({
				match: /^calicoctl patch bgpconfig/,
				kind: 'fail',
				times: 1e9,
				stderr: 'connection is unauthorized',
			});
			run.interrupt();
		});
		const end = endOf(events);
		expect(end.outcome).toBe('left');
		expect(end.left.map(left => [left.kind, left.name])).toEqual([
			['BGPConfiguration', 'default'],
			...[...reflectors].reverse().map(name => ['Node', name]),
			['BGPConfiguration', 'default'],
			['BGPPeer', 'rrs-to-rrs'],
			['BGPPeer', 'peer-to-rrs'],
		]);
		expect(end.left[0]?.reason).toContain('unauthorized');
		expect(resources()).not.toEqual(before);
	});

	test('where one reflector cannot be cleared, clears the others and keeps the BGPPeers it needs', async () => {
		const {run, practice} = await prepared();
		const events = await readRun(run, event => {
			// The check before the write waits for 20 ends, the gate after it for 18.
			if (event.type !== 'gate' || event.step !== 'mesh-off' || event.state !== 'met' || event.expected !== 18) return;
			practice.faults.add({match: /^calicoctl patch node ip-172-31-40-217/, kind: 'fail', times: 1e9});
			run.interrupt();
		});
		expect(endOf(events).left.map(left => [left.kind, left.name])).toEqual([
			['Node', 'ip-172-31-40-217'],
			['BGPPeer', 'rrs-to-rrs'],
			['BGPPeer', 'peer-to-rrs'],
		]);
		const after = practice.datastore.snapshot();
		expect(after.nodes.filter(node => node.spec.bgp?.routeReflectorClusterID).map(node => node.metadata.name)).toEqual([
			'ip-172-31-40-217',
		]);
		expect(after.bgpConfigurations).toEqual([]);
	});

	test('tries a write again, and waits for an API that is gone for a while', async () => {
		const {run, practice, before, resources} = await prepared();
		const events = await readRun(run, event => {
			interruptAt('reflector-ip-172-31-37-123', run)(event);
			if (event.type === 'step-done' && event.step === 'reflector-ip-172-31-37-123' && event.direction === 'forward') {
				practice.faults.add({
					match: /^calicoctl get/,
					kind: 'fail',
					times: 12,
					stderr: 'dial tcp 10.0.0.1:2379: connect: connection refused',
				});
				practice.faults.add({match: /^calicoctl delete/, kind: 'fail', times: 2});
			}
		});
		expect(endOf(events)).toMatchObject({outcome: 'went-back', left: []});
		expect(events.some(event => event.type === 'notice' && event.text.includes('cannot be read'))).toBe(true);
		expect(resources()).toEqual(before);
	});
});

describe('interrupts', () => {
	test.each(['bgp-peers', 'reflector-ip-172-31-40-217', 'mesh-off'])('once during %s: goes back', async step => {
		const {run, before, resources} = await prepared();
		const events = await readRun(run, event => {
			if (event.type === 'step-started' && event.step === step && event.direction === 'forward') run.interrupt();
		});
		expect(endOf(events)).toMatchObject({outcome: step === 'bgp-peers' ? 'not-started' : 'went-back', failure: null});
		expect(resources()).toEqual(before);
	});

	test('twice: stops where it is, and the journal still leads back', async () => {
		const {run, cluster, clock, journal, before, resources} = await prepared();
		let interrupts = 0;
		const events = await readRun(run, event => {
			if (event.type === 'write' && event.name === 'ip-172-31-40-217' && event.state === 'done' && interrupts++ === 0)
				run.interrupt();
			if (event.type === 'turned-back') run.interrupt();
		});
		expect(endOf(events).outcome).toBe('stopped');
		expect(resources()).not.toEqual(before);
		const {written} = parseJournal(journal.lines.map(line => `${JSON.stringify(line)}\n`).join(''), 'memory');
		const {plan} = makeWayBack(written, (await cluster.read()).snapshot);
		await readRun(startRun({plan, cluster, clock, journal: null}));
		expect(resources()).toEqual(before);
	});
});

describe('other people', () => {
	test('who changed a field of the plan are not overwritten', async () => {
		const {run, practice} = await prepared();
		const events = await readRun(run, event => {
			if (event.type !== 'step-done' || event.step !== 'bgp-peers') return;
			void practice.run({
				file: 'calicoctl',
				argv: ['patch', 'node', 'ip-172-31-37-123', '-p', '{"spec":{"bgp":{"routeReflectorClusterID":"9.9.9.9"}}}'],
			});
		});
		expect(endOf(events)).toMatchObject({
			outcome: 'went-back',
			failure: {
				words:
					'Node ip-172-31-37-123: spec.bgp.routeReflectorClusterID is "9.9.9.9", not absent as when the plan was made.',
			},
		});
		const node = practice.datastore.snapshot().nodes.find(each => each.metadata.name === 'ip-172-31-37-123');
		expect(node?.spec.bgp?.routeReflectorClusterID).toBe('9.9.9.9');
	});

	test('who changed something else keep their change, forward and back', async () => {
		const {run, practice, resources, before} = await prepared();
		await readRun(run, event => {
			if (event.type === 'step-done' && event.step === 'bgp-peers')
				void practice.run({file: 'calicoctl', argv: ['label', 'nodes', 'ip-172-31-37-123', 'theirs=yes']});
			if (event.type === 'gate' && event.step === 'mesh-off' && event.state === 'met') run.interrupt();
		});
		void practice.run({file: 'calicoctl', argv: ['label', 'nodes', 'ip-172-31-37-123', 'theirs', '--remove']});
		expect(resources()).toEqual(before);
	});
});

test('what existed before is untouched, byte for byte, by a migration and its way back', async () => {
	const {practice, cluster, clock, resources} = startPractice();
	const input = `
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata: {name: tor, annotations: {team: net}}
spec: {nodeSelector: "rack == 'a'", peerIP: 192.0.2.1, asNumber: 65000}
---
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata: {name: default, labels: {owner: net}}
spec: {nodeToNodeMeshEnabled: true, asNumber: 64600, listenPort: 1790, nodeMeshMaxRestartTime: 30s, nodeMeshPassword: {secretKeyRef: {name: bgp, key: pw}}, serviceClusterIPs: [{cidr: 10.96.0.0/12}]}
`;
	expect(practice.run({file: 'calicoctl', argv: ['apply', '-f', '-'], input})).toMatchObject({exitCode: 0});
	await clock.sleep(60_000);
	const before = resources();
	const plan = makePlan((await cluster.read()).snapshot, {...defaultChoice, reflectors});
	const journal = memoryJournal(plan);
	expect(endOf(await readRun(startRun({plan, cluster, clock, journal})))).toMatchObject({
		outcome: 'done',
		failure: null,
	});
	const tor = before.find(text => text.includes('name: tor'));
	expect(resources()).toContain(tor);
	const written = plan.steps.flatMap(step => step.writes);
	const back = makeWayBack(written, (await cluster.read()).snapshot);
	expect(endOf(await readRun(startRun({plan: back.plan, cluster, clock, journal: null}))).outcome).toBe('done');
	expect(resources()).toEqual(before);
});
