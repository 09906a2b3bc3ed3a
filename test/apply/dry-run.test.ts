import {expect, test} from 'vitest';
import {refusalSentence, refusals, tryAll} from '../../src/apply/dry-run.ts';
import {ClusterError} from '../../src/cluster/errors.ts';
import type {Cluster} from '../../src/cluster/port.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {Write} from '../../src/core/write.ts';
import {startPractice} from '../support/practice-run.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';

const plan = makePlan(tutorialSnapshot, {...defaultChoice, reflectors: ['ip-172-31-40-217']});
const {cluster: calicoctl} = startPractice();

function answering(answer: (write: Write) => void): Cluster {
	return {...calicoctl, dryRun: async write => answer(write)};
}

function error(kind: ClusterError['kind'], words: string): ClusterError {
	const command = {file: 'kubectl', args: []};
	return new ClusterError(kind, `It is ${kind}.`, {command, words, exitCode: 1, next: [], settled: true});
}

test('nothing is tried where the tool cannot', async () => {
	expect((await tryAll(plan, calicoctl)).size).toBe(0);
});

test('every write is tried once, and an accepted plan may begin', async () => {
	const tried: string[] = [];
	const verdicts = await tryAll(
		plan,
		answering(({kind, name}) => void tried.push(`${kind} ${name}`)),
	);
	expect(tried).toEqual(plan.steps.flatMap(step => step.writes.map(({kind, name}) => `${kind} ${name}`)));
	expect([...verdicts.values()]).toEqual(tried.map(() => ({state: 'accepted'})));
	expect(refusalSentence(plan, verdicts)).toBeUndefined();
});

test("a refusal has the server's own words and the step's number", async () => {
	const verdicts = await tryAll(
		plan,
		answering(({kind}) => {
			if (kind === 'Node') throw error('forbidden', 'nodes is forbidden');
		}),
	);
	const step = plan.steps.findIndex(({writes}) => writes.some(({kind}) => kind === 'Node')) + 1;
	expect(refusals(plan, verdicts)).toMatchObject([{step, verdict: {words: 'nodes is forbidden'}}]);
	expect(refusalSentence(plan, verdicts)).toBe(
		`The server refuses to patch Node ip-172-31-40-217 in step ${step}: It is forbidden.`,
	);
});

test('a server that does not answer has refused nothing', async () => {
	const verdicts = await tryAll(
		plan,
		answering(() => {
			throw error('timeout', '');
		}),
	);
	expect(new Set([...verdicts.values()].map(({state}) => state))).toEqual(new Set(['unasked']));
	expect(refusals(plan, verdicts)).toEqual([]);
});
