import {expect, test} from 'vitest';
import {examine} from '../../../src/core/doctor/examine.ts';
import {createDoctorInput} from '../../../src/core/doctor/input.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {runAnnotation} from '../../../src/core/plan/stored-run.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {applyWrite} from '../../../src/core/write.ts';
import {tutorialSnapshot} from '../../support/tutorial-snapshot.ts';
import {healthy} from './healthy.ts';

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
