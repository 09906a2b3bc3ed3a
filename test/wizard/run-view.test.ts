import {describe, expect, test} from 'vitest';
import type {ApplyEvent, Outcome} from '../../src/apply/events.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {makeReport} from '../../src/core/probe/report.ts';
import {emptyTally, withRound} from '../../src/core/probe/tally.ts';
import {currentReflectors} from '../../src/core/reflectors.ts';
import {noLooks} from '../../src/wizard/looks.ts';
import {type RunView, runExitCode, startingRun, withEvent} from '../../src/wizard/run-view.ts';
import {plannedSnapshot} from '../../src/wizard/session-math.ts';
import {runSummary} from '../../src/wizard/summary.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';

const plan = makePlan(tutorialSnapshot, {...defaultChoice, reflectors: ['ip-172-31-37-123']});
const command = {file: 'calicoctl', args: []};
const failure = {step: 'mesh-off', message: 'No.', words: '', next: []};
const fold = (...events: readonly ApplyEvent[]): RunView =>
	events.reduce((run, event) => withEvent(run, event, plan), startingRun(plan));

const writes = plan.steps.flatMap(step =>
	step.writes.map(
		({verb, kind, name}): ApplyEvent => ({
			at: 1,
			type: 'write',
			step: step.id,
			verb,
			kind,
			name,
			state: 'done',
			command,
		}),
	),
);
const end = (outcome: Outcome, broken = false): ApplyEvent => ({
	at: 9,
	type: 'run-ended',
	outcome,
	failure: broken ? failure : null,
	left: [],
	journal: null,
});
const turned = (reason: 'failure' | 'interrupt'): ApplyEvent => ({
	at: 2,
	type: 'turned-back',
	reason,
	steps: [{id: 'back', title: 'Back'}],
});

describe('the cluster as a run leaves it', () => {
	test('all writes done are the planned cluster', () => {
		expect(fold(...writes).snapshot).toEqual(plannedSnapshot(plan));
	});

	test('a write that only began changes nothing, but the cluster counts as touched', () => {
		const started = writes.map(event => ({...event, state: 'started'}) as ApplyEvent);
		expect(fold(...started)).toMatchObject({snapshot: tutorialSnapshot, touched: true});
		expect(fold()).toMatchObject({touched: false});
	});

	test('the way back leads to where it began', () => {
		const verbs = {create: 'delete', delete: 'create', patch: 'patch'} as const;
		const back = plan.steps.toReversed().flatMap(step =>
			step.writes.toReversed().map(
				({verb, kind, name}): ApplyEvent => ({
					at: 3,
					type: 'write',
					step: 'back',
					verb: verbs[verb],
					kind,
					name,
					state: 'done',
					command,
				}),
			),
		);
		const run = fold(...writes, turned('failure'), ...back);
		expect(run.snapshot).toEqual(tutorialSnapshot);
		expect(currentReflectors(run.snapshot)).toEqual([]);
		expect(run.back[0]?.writes).toHaveLength(4);
	});
});

test('steps that a run did not reach are told apart from the one it stopped in', () => {
	const [first, second] = plan.steps;
	const run = fold(
		{at: 1, type: 'step-started', direction: 'forward', step: first?.id ?? '', title: 'a'},
		{at: 2, type: 'step-done', direction: 'forward', step: first?.id ?? '', elapsed: 1},
		{at: 3, type: 'step-started', direction: 'forward', step: second?.id ?? '', title: 'b'},
		turned('interrupt'),
	);
	expect(run.forward.map(step => step.state)).toEqual(['done', 'stopped', 'skipped', 'skipped']);
	expect(run.back.map(step => step.state)).toEqual(['waiting']);
});

test.each<readonly [string, readonly ApplyEvent[], number]>([
	['done', [end('done')], 0],
	['nothing to do', [end('nothing-to-do')], 0],
	['gone back after a failure', [turned('failure'), end('went-back', true)], 1],
	['gone back as asked', [turned('interrupt'), end('went-back')], 130],
	['not everything taken back', [turned('failure'), end('left', true)], 1],
	['stopped', [turned('interrupt'), end('stopped')], 130],
	['not started for a reason', [end('not-started', true)], 1],
	['not started as asked', [end('not-started')], 130],
])('exit code: %s', (_, events, code) => {
	expect(runExitCode(fold(...events))).toBe(code);
});

test('the pings beside a run stand in its view, and what they came to in the closing words', () => {
	const started: ApplyEvent = {
		at: 1,
		type: 'probe',
		state: 'started',
		pairs: 4,
		of: 6,
		interval: 200,
		oneWay: 0,
		unmeasured: [],
	};
	const loss: ApplyEvent = {
		at: 2,
		type: 'probe',
		state: 'loss',
		losses: [{from: 'a', to: 'b', packets: 2}],
		milliseconds: 400,
	};
	expect(fold(end('done')).probe).toBeNull();
	expect(fold(started, loss).probe).toMatchObject({pairs: 4, of: 6, milliseconds: 400, report: null});
	const tally = withRound(emptyTally({from: 'a', to: 'b'}), [true, false, false], 0, 200);
	const report = makeReport([tally], {of: 6, interval: 200, watched: 800, unmeasured: []});
	const run = fold(started, loss, {at: 3, type: 'probe', state: 'ended', report}, end('done'));
	const words = runSummary({name: 'done', plan, run, scroll: 0}, noLooks).flatMap(part => part.lines);
	expect(words).toContain(
		'Probe: 2 of 3 pings between 1 of 6 pairs of nodes were lost, 200 ms each: 400 ms on 1 pair.',
	);
	expect(words).toContain('  a to b: 400 ms');
});
