import {expect, test} from 'vitest';
import type {ApplyEvent} from '../../src/apply/events.ts';
import {makeReport} from '../../src/core/probe/report.ts';
import {createRunLines} from '../../src/plain/run-lines.ts';

const command = {file: 'calicoctl', args: ['patch', 'node', 'a b', '-p', '{"x":1}']};
const steps = [
	{id: 'one', title: 'The first'},
	{id: 'two', title: 'The second'},
];

function linesOf(events: readonly ApplyEvent[]): string[] {
	const present = createRunLines();
	return events.flatMap(event => [...present(event)]);
}

function gate(
	at: number,
	state: 'waiting' | 'met' | 'failed',
	waiting = [{node: 'a', what: 'Node_1', reason: 'Connect'}],
): ApplyEvent {
	return {type: 'gate', at, step: 'one', state, established: 3, expected: 4, waiting, elapsed: at, sinceProgress: at};
}

test('a run is told step by step', () => {
	expect(
		linesOf([
			{type: 'run-started', at: 0, schemaVersion: 1, direction: 'forward', steps, journal: '/state/journal'},
			{type: 'step-started', at: 0, direction: 'forward', step: 'one', title: 'The first'},
			{type: 'write', at: 0, step: 'one', verb: 'patch', kind: 'Node', name: 'a b', state: 'started', command},
			{type: 'write', at: 1, step: 'one', verb: 'patch', kind: 'Node', name: 'a b', state: 'done', command},
			gate(1400, 'met', []),
			{type: 'step-done', at: 1500, direction: 'forward', step: 'one', elapsed: 1500},
			{type: 'run-ended', at: 1500, outcome: 'done', failure: null, left: [], journal: '/state/journal'},
		]),
	).toEqual([
		'Journal: /state/journal',
		'[1/2] The first',
		"      patch Node a b: calicoctl patch node 'a b' -p '{\"x\":1}'",
		'      3 of 4 session ends Established after 1.4 s',
		'      done in 1.5 s',
		'Done.',
	]);
});

test('a gate that waits shows that it lives every ten seconds, and what it waits for', () => {
	const lines = linesOf([
		{type: 'step-started', at: 0, direction: 'forward', step: 'one', title: 'The first'},
		...Array.from({length: 31}, (_, second) => gate(second * 1000, 'waiting')),
	]);
	expect(lines.slice(1)).toEqual([
		'      waiting, 3 of 4 session ends Established after 10.0 s: a Node_1: Connect',
		'      waiting, 3 of 4 session ends Established after 20.0 s: a Node_1: Connect',
		'      waiting, 3 of 4 session ends Established after 30.0 s: a Node_1: Connect',
	]);
});

test('a gate that gave up says so at once', () => {
	const two = [
		{node: 'a', what: 'Node_1', reason: 'Connect'},
		{node: 'b', what: 'Node_2', reason: 'Idle'},
	];
	const [, line] = linesOf([
		{type: 'step-started', at: 0, direction: 'forward', step: 'one', title: 'The first'},
		gate(2000, 'failed', two),
	]);
	expect(line).toBe(
		'      gave up waiting, 3 of 4 session ends Established after 2.0 s: a Node_1: Connect, and 1 more',
	);
});

test("a failure shows the tool's own words, made safe, and the way back counts its own steps", () => {
	const failure = {step: 'one', message: 'calicoctl may not.', words: 'forbidden\u001B[2J\n', next: ['Ask.']};
	expect(
		linesOf([
			{type: 'run-started', at: 0, schemaVersion: 1, direction: 'forward', steps, journal: null},
			{type: 'step-started', at: 0, direction: 'forward', step: 'one', title: 'The first'},
			{type: 'step-failed', at: 0, direction: 'forward', step: 'one', failure},
			{type: 'turned-back', at: 0, reason: 'failure', steps: [{id: 'back', title: 'Undo'}]},
			{type: 'step-started', at: 0, direction: 'back', step: 'back', title: 'Undo'},
			{type: 'run-ended', at: 0, outcome: 'went-back', failure, left: [], journal: null},
		]),
	).toEqual([
		'[1/2] The first',
		'      failed: calicoctl may not.',
		'      | forbidden',
		'      Ask.',
		'Going back.',
		'[1/1] Undo',
		'The cluster is as it was before.',
	]);
});

test('what is left is named with the command that takes it away', () => {
	const left = [{kind: 'Node' as const, name: 'a', reason: 'calicoctl did not answer', command}];
	expect(linesOf([{type: 'run-ended', at: 0, outcome: 'left', failure: null, left, journal: null}])).toEqual([
		'The way back could not be walked to its end.',
		'Left: Node a: calicoctl did not answer',
		"  $ calicoctl patch node 'a b' -p '{\"x\":1}'",
	]);
});

test('the pings beside a run are told when they begin, when some are lost, and at the end', () => {
	const losses = [{from: 'a', to: 'b', packets: 7}];
	const report = makeReport([], {of: 6, interval: 200, watched: 800, unmeasured: []});
	const lines = linesOf([
		{
			type: 'probe',
			at: 0,
			state: 'started',
			pairs: 4,
			of: 6,
			interval: 200,
			oneWay: 1,
			unmeasured: [{from: 'c', to: 'a', reason: 'no\u001B[2J answer'}],
		},
		{type: 'probe', at: 1, state: 'loss', losses, milliseconds: 1400},
		{type: 'probe', at: 2, state: 'ended', report},
	]);
	expect(lines).toEqual([
		'Probe: pings between 4 of 6 pairs of nodes, every 200 ms, until the run ends.',
		"On 1 of them only the way there counts: the answers go to the node's own address.",
		'Not measured, and not counted as loss: c to a: no answer',
		'      pings lost on 1 of the pairs; 1400 ms so far on all of them',
		'Probe: no ping between 0 of 6 pairs of nodes was counted.',
	]);
});
