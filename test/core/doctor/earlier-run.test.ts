import {expect, test} from 'vitest';
import {examine} from '../../../src/core/doctor/examine.ts';
import {createDoctorInput, type DoctorQuestion} from '../../../src/core/doctor/input.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {runAnnotation} from '../../../src/core/plan/stored-run.ts';
import type {Seen, Session} from '../../../src/core/session.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {applyWrite} from '../../../src/core/write.ts';
import {tutorialSnapshot} from '../../support/tutorial-snapshot.ts';
import {healthy, known, secret, withSessions} from './healthy.ts';

const stamp = {id: 'run-1', at: '2026-11-23T12:00:00.000Z', by: 'ann@laptop'};
const writes = makePlan(tutorialSnapshot, {...defaultChoice, reflectors: ['ip-172-31-40-30'], stamp}).steps.flatMap(
	step => step.writes,
);

function findingOn(snapshot: Snapshot) {
	const findings = examine(createDoctorInput({...healthy(), snapshot, choice: null}));
	return findings.find(finding => finding.id === 'earlier-run');
}

test.each([0, 1, 2, 3, 4])('a run of which %i of 4 writes are done', count => {
	const finding = findingOn(writes.slice(0, count).reduce(applyWrite, tutorialSnapshot));
	expect(finding?.state).toBe(count === 0 || count === 4 ? 'pass' : 'warn');
	if (count > 0) expect(finding?.reason).toContain('the run of 2026-11-23T12:00:00.000Z by ann@laptop');
	if (count > 0 && count < 4) expect(finding?.next.join()).toContain('calico-rr-wizard resume');
});

test('a note that cannot be read', () => {
	const [peer] = writes.slice(0, 1).reduce(applyWrite, tutorialSnapshot).bgpPeers;
	if (!peer) throw new Error('no BGPPeer');
	const broken = {...peer, metadata: {...peer.metadata, annotations: {[runAnnotation]: '{}'}}};
	expect(findingOn({...tutorialSnapshot, bgpPeers: [broken]})).toMatchObject({
		state: 'warn',
		reason: 'The note of a run on BGPPeer peer-to-rrs is not one that this version can read.',
	});
});

const traces = {held: known(new Map([['n1', known(0)]])), lock: known(null), openJournal: known(null)};
const lock = {pid: 7, host: 'laptop', since: '2026-11-23T12:00:00.000Z', path: '/state/lock'};
const down = (session: Session): Session => ({...session, state: 'down', info: ''});

function find(id: string, question: Partial<DoctorQuestion>) {
	return examine(createDoctorInput(healthy(question))).find(finding => finding.id === id);
}

test.each<[string, string, Partial<DoctorQuestion>, RegExp]>([
	[
		'held-routes',
		'warn',
		{
			traces: {
				...traces,
				held: known(
					new Map([
						['n1', known(0)],
						['n2', known(3)],
					]),
				),
			},
		},
		/^Routes of proto kernel metric 4096 are held on 1 node: n2 \(3\)\./,
	],
	[
		'held-routes',
		'warn',
		{
			traces: {
				...traces,
				held: known(
					new Map<string, Seen<number>>([
						['n1', known(2)],
						['n2', secret],
					]),
				),
			},
		},
		/held on 1 node: n1 \(2\)\..*Not known on n2\.$/,
	],
	['held-routes', 'unknown', {traces: {...traces, held: known(new Map([['n1', secret]]))}}, /n1: nobody told\.$/],
	[
		'run-lock',
		'block',
		{traces: {...traces, lock: known({...lock, alive: true})}},
		/^Process 7 on laptop has had the lock/,
	],
	[
		'run-lock',
		'warn',
		{traces: {...traces, lock: known({...lock, alive: false})}},
		/does not live any more.*\/state\/lock\.$/,
	],
	[
		'earlier-run',
		'warn',
		{traces: {...traces, openJournal: known({path: '/state/j', at: '2026-11-23T12:00:00.000Z', direction: 'back'})}},
		/^The way back of 2026-11-23T12:00:00.000Z did not come to its end, as its journal says: \/state\/j\.$/,
	],
	[
		'mesh-switched-off',
		'warn',
		{observations: withSessions(healthy().observations, 'n4', down)},
		/^Mesh sessions are switched off in BIRD on n4 \(4\)\.$/,
	],
	[
		'mesh-switched-off',
		'unknown',
		{
			observations: withSessions(healthy().observations, 'n4', session => ({
				...session,
				state: 'start',
				info: 'Passive, or Down: CalicoNodeStatus tells neither',
			})),
		},
		/CalicoNodeStatus does not tell it of n4\.$/,
	],
])('%s: %s', (id, state, question, reason) => {
	expect(find(id, question)).toMatchObject({state, reason: expect.stringMatching(reason)});
	expect(find(id, {})).toMatchObject({state: 'pass', next: []});
});
