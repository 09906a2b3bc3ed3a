import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {writeDiff} from '../../../src/core/diff.ts';
import {makeWayBack, snapshotAfter} from '../../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {areDone, foreignFields, mergeWrites} from '../../../src/core/plan/merge-writes.ts';
import {parseStoredRun, runAnnotation, storedRun, unreadableNotes} from '../../../src/core/plan/stored-run.ts';
import type {BgpPeerResource} from '../../../src/core/resources.ts';
import {findResource, type Snapshot, withResource} from '../../../src/core/snapshot.ts';
import {applyWrite} from '../../../src/core/write.ts';
import {arbitraryChoice} from '../../support/arbitrary-cluster.ts';
import {tutorialSnapshot} from '../../support/tutorial-snapshot.ts';

const stamp = {id: 'run-1', at: '2026-11-23T12:00:00.000Z', by: 'ann@laptop'};
const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217'];
const choice = {...defaultChoice, reflectors, stamp};
const plan = makePlan(tutorialSnapshot, choice);
const after = snapshotAfter(plan, plan.steps.length);

function noteOf(snapshot: Snapshot, name = 'peer-to-rrs'): string {
	return findResource(snapshot, 'BGPPeer', name)?.metadata.annotations?.[runAnnotation] ?? '';
}

function withNote(text: string): Snapshot {
	const peer = findResource(after, 'BGPPeer', 'peer-to-rrs');
	if (!peer) throw new Error('no BGPPeer');
	const noted: BgpPeerResource = {...peer, metadata: {...peer.metadata, annotations: {[runAnnotation]: text}}};
	return {...after, bgpPeers: [noted]};
}

/** BGPPeers by name: those that are created again stand elsewhere in the list. */
const sorted = (snapshot: Snapshot) => ({
	...snapshot,
	bgpPeers: [...snapshot.bgpPeers].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1)),
});

describe('the note that a run leaves in the cluster', () => {
	test('stands in both BGPPeers, shown in the preview like all that is written', () => {
		expect(noteOf(after)).toBe(noteOf(after, 'rrs-to-rrs'));
		const [create] = plan.steps.flatMap(step => step.writes);
		const shown = create ? writeDiff(create).map(line => line.text) : [];
		expect(shown.join('\n')).toContain(`${runAnnotation}: '{"schemaVersion":1,"id":"run-1"`);
		expect(makePlan(tutorialSnapshot, {...defaultChoice, reflectors}).steps.flatMap(step => step.writes)[0]).toEqual({
			...create,
			after: {...findResource(after, 'BGPPeer', 'peer-to-rrs'), metadata: {name: 'peer-to-rrs'}},
		});
	});

	test('says who, when, what was chosen, and of each write only the fields it touches', () => {
		const {writes, ...said} = JSON.parse(noteOf(after));
		const {order, clusterId, label} = defaultChoice;
		expect(said).toEqual({schemaVersion: 1, ...stamp, choice: {reflectors, order, clusterId, label}});
		expect(writes[2]).toEqual({
			verb: 'patch',
			kind: 'Node',
			name: 'ip-172-31-37-123',
			fields: [
				{path: ['metadata', 'labels', 'calico-route-reflector'], after: ''},
				{path: ['spec', 'bgp', 'routeReflectorClusterID'], after: '224.0.0.1'},
			],
		});
	});

	test('leads back alone to what was there, on any cluster, from every place in between', () => {
		fc.assert(
			fc.property(arbitraryChoice, fc.nat(20), (input, stop) => {
				const made = makePlan(input.snapshot, {...input, stamp});
				const written = made.steps.flatMap(step => step.writes).slice(0, stop);
				const current = written.reduce(applyWrite, input.snapshot);
				const run = storedRun(current);
				expect(run === undefined).toBe(!written.some(write => write.kind === 'BGPPeer'));
				if (!run) return;
				const {plan: back, conflicts} = makeWayBack(run.writes, current);
				expect(conflicts).toEqual([]);
				expect(sorted(snapshotAfter(back, back.steps.length))).toEqual(sorted(input.snapshot));
			}),
		);
	});

	test('is the same when the run is planned again from any place in between', () => {
		fc.assert(
			fc.property(arbitraryChoice, fc.nat(20), (input, stop) => {
				const made = makePlan(input.snapshot, {...input, stamp});
				const written = made.steps.flatMap(step => step.writes);
				const current = written.slice(0, stop).reduce(applyWrite, input.snapshot);
				const again = makePlan(current, {...input, stamp}, written);
				expect(sorted(snapshotAfter(again, again.steps.length))).toEqual(
					sorted(snapshotAfter(made, made.steps.length)),
				);
			}),
		);
	});

	test('holds no password, only the name of its secret, and puts the reference back', () => {
		const spec = {nodeMeshPassword: {secretKeyRef: {name: 'bgp', key: 'pw'}}, nodeMeshMaxRestartTime: '30s'};
		const locked = withResource(tutorialSnapshot, 'BGPConfiguration', 'default', {
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			spec,
		});
		const made = makePlan(locked, choice);
		const done = snapshotAfter(made, made.steps.length);
		expect(noteOf(done)).toContain('"before":{"secretKeyRef":{"name":"bgp","key":"pw"}}');
		const back = makeWayBack(storedRun(done)?.writes ?? [], done).plan;
		expect(snapshotAfter(back, back.steps.length)).toEqual(locked);
	});

	test('is left out, with a warning, where it would not fit', () => {
		const nodes = Array.from({length: 150}, (_, index) => ({
			apiVersion: 'projectcalico.org/v3',
			kind: 'Node' as const,
			metadata: {name: `node-${index}`},
			spec: {bgp: {ipv4Address: `10.0.0.${index}/16`}},
		}));
		const all = nodes.map(node => node.metadata.name);
		const labelled = (label: string) => makePlan({...tutorialSnapshot, nodes}, {...choice, label, reflectors: all});
		const usual = labelled('calico-route-reflector');
		// 1,000 reflectors fit.
		expect(noteOf(snapshotAfter(usual, usual.steps.length)).length).toBeLessThan((150 / 1000) * 256 * 1024);
		const large = labelled('x'.repeat(2000));
		expect(noteOf(snapshotAfter(large, large.steps.length))).toBe('');
		expect(large.warnings.join()).toContain("only this machine's journal can take it back");
	});
});

describe('a note that this program did not write', () => {
	const note = JSON.parse(noteOf(after));
	test.each<[string, unknown]>([
		['no JSON', 'x'],
		['another schema', {...note, schemaVersion: 2}],
		['no choice', {...note, choice: null}],
		['an order there is not', {...note, choice: {...note.choice, order: 'fast'}}],
		['a kind that is never written', {...note, writes: [{verb: 'create', kind: 'IPPool', name: 'x', spec: {}}]}],
		['a Node created', {...note, writes: [{verb: 'create', kind: 'Node', name: 'x', spec: {}}]}],
		['a deletion', {...note, writes: [{verb: 'delete', kind: 'BGPPeer', name: 'x'}]}],
		[
			'a field that a migration never touches',
			{
				...note,
				writes: [
					{verb: 'patch', kind: 'Node', name: 'x', fields: [{path: ['spec', 'bgp', 'ipv4Address'], after: '1.2.3.4'}]},
				],
			},
		],
	])('%s: is not followed, and named', (_, value) => {
		const text = typeof value === 'string' ? value : JSON.stringify(value);
		expect(parseStoredRun(text)).toBeUndefined();
		expect(storedRun(withNote(text))).toBeUndefined();
		expect(unreadableNotes(withNote(text))).toEqual(['peer-to-rrs']);
	});

	test('of any kind never breaks a plan', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.json()), text => {
				expect(() => makePlan(withNote(text), choice)).not.toThrow();
			}),
		);
	});
});

describe('writes of several runs as one list', () => {
	const writes = plan.steps.flatMap(step => step.writes);

	test('keep the oldest before and the newest after of each field', () => {
		const [mark] = writes.filter(write => write.kind === 'Node');
		if (mark?.verb !== 'patch') throw new Error('no patch');
		const half = {...mark, after: {...mark.after, spec: mark.before.spec}};
		const rest = {
			...mark,
			before: {...half.after, metadata: {...half.after.metadata, labels: {...half.after.metadata.labels, theirs: 'x'}}},
			after: {...mark.after, metadata: {...mark.after.metadata, labels: {...mark.after.metadata.labels, theirs: 'x'}}},
		};
		expect(mergeWrites([half, rest])).toEqual([mark]);
		expect(mergeWrites([...writes, ...writes])).toEqual(writes);
	});

	test('are done when every field is as it shall be, and know whose a field is', () => {
		expect(areDone(writes, after)).toBe(true);
		expect(areDone(writes, tutorialSnapshot)).toBe(false);
		expect(foreignFields(writes, after)).toEqual([]);
		expect(foreignFields(writes, tutorialSnapshot)).toEqual([]);
		const node = findResource(after, 'Node', 'ip-172-31-37-123');
		if (!node) throw new Error('no node');
		const theirs = withResource(after, 'Node', 'ip-172-31-37-123', {
			...node,
			spec: {bgp: {...node.spec.bgp, routeReflectorClusterID: '9.9.9.9'}},
		});
		expect(foreignFields(writes, theirs)).toEqual([
			{kind: 'Node', name: 'ip-172-31-37-123', path: ['spec', 'bgp', 'routeReflectorClusterID'], value: '9.9.9.9'},
		]);
	});
});
