import {describe, expect, test} from 'vitest';
import {startRun} from '../../../src/apply/engine.ts';
import type {Journal, JournalRecord} from '../../../src/apply/journal.ts';
import {parseJournal} from '../../../src/apply/journal-read.ts';
import {createKubectlCluster} from '../../../src/cluster/kubectl/cluster.ts';
import {makeWayBack} from '../../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster} from '../../../src/practice/cluster.ts';
import {adminRules, type User, withoutExecRules} from '../../../src/practice/kubernetes/rbac.ts';
import type {ApiShape} from '../../../src/practice/kubernetes/types.ts';
import {apiShapes} from '../../support/practice-kubectl.ts';
import {endOf, maskedResources, readRun} from '../../support/practice-run.ts';

const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
const users: readonly User[] = [
	{name: 'kubernetes-admin', rules: adminRules},
	{name: 'no-exec', rules: withoutExecRules},
];
const contexts = users.map(({name}) => ({name, cluster: 'practice', user: name}));

function start(shape: ApiShape, user: string) {
	const clock = createClock({speed: 'jump', start: Date.UTC(2026, 10, 23, 12)});
	const practice = createPracticeCluster({
		clock,
		datastore: shape,
		kubernetes: {users, kubeconfig: {contexts, current: 'kubernetes-admin'}},
	});
	const cluster = createKubectlCluster({exec: practice.exec, clock, practice: true, context: user});
	return {clock, practice, cluster};
}

function memoryJournal(): Journal & {readonly lines: JournalRecord[]} {
	const lines: JournalRecord[] = [
		{
			type: 'run',
			schemaVersion: 1,
			at: 'now',
			direction: 'forward',
			cluster: {via: 'kubectl', practice: true, name: 'p', guid: 'g'},
			steps: [],
		},
	];
	return {path: 'memory', lines, append: line => void lines.push(line), close: () => undefined};
}

describe.each(apiShapes)('a migration with kubectl alone, %s', shape => {
	test.each(['kubernetes-admin', 'no-exec'])('there and back as %s', async user => {
		const {clock, practice, cluster} = start(shape, user);
		const before = maskedResources(practice.datastore.snapshot());
		const {snapshot} = await cluster.read();
		const journal = memoryJournal();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors});
		const forward = await readRun(startRun({plan, cluster, clock, journal}));
		expect(endOf(forward)).toMatchObject({outcome: 'done', failure: null, left: []});

		const {written} = parseJournal(journal.lines.map(line => `${JSON.stringify(line)}\n`).join(''), 'memory');
		const back = makeWayBack(written, (await cluster.read()).snapshot);
		expect(back.conflicts).toEqual([]);
		const backward = await readRun(startRun({plan: back.plan, cluster, clock, journal: null}));
		expect(endOf(backward)).toMatchObject({outcome: 'done', left: []});
		expect(maskedResources(practice.datastore.snapshot())).toEqual(before);

		const group = shape === 'kubernetes-v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
		const left = await practice.exec('kubectl', ['get', `caliconodestatuses.${group}`, '-o', 'name'], {timeout: 1000});
		expect(left.stdout).toBe('');
	});
});
