import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ApplyEvent} from '../../src/apply/events.ts';
import {headerLine} from '../../src/tui/header.ts';
import {footerLine} from '../../src/tui/key-hints.ts';
import {lineWidth} from '../../src/tui/text.ts';
import {bodyArea, bodyOf} from '../../src/tui/view.ts';
import type {Action} from '../../src/wizard/actions.ts';
import {bindings} from '../../src/wizard/bindings.ts';
import {modeOf, takesText} from '../../src/wizard/commands.ts';
import {initialState, type WizardState} from '../../src/wizard/state.ts';
import {arbitraryCluster} from '../support/arbitrary-cluster.ts';
import {key, practiceIdentity, press, readState} from '../support/wizard-state.ts';

const screens = ['nodes', 'reflectors', 'preview', 'confirm', 'apply', 'done', 'peers', 'doctor', 'ended'];

const arbitraryKey: fc.Arbitrary<Action> = fc
	.oneof(
		fc.constantFrom(...new Set(bindings.flatMap(binding => binding.keys))),
		fc.constantFrom('x', '2', '.', 'ä', 'tab'),
	)
	.map(key);

const steps = [
	{id: 'before', title: 'See'},
	{id: 'mesh-off', title: 'Off'},
];
const failure = {step: 'mesh-off', message: 'It failed.', words: 'a\nb', next: ['Do this.']};
const arbitraryEvent: fc.Arbitrary<ApplyEvent> = fc.constantFrom<ApplyEvent>(
	{at: 1, type: 'run-started', schemaVersion: 1, direction: 'forward', steps, journal: '/j'},
	{at: 2, type: 'step-started', direction: 'forward', step: 'mesh-off', title: 'Off'},
	{
		at: 3,
		type: 'write',
		step: 'mesh-off',
		verb: 'create',
		kind: 'BGPConfiguration',
		name: 'default',
		state: 'done',
		command: {file: 'calicoctl', args: []},
	},
	{
		at: 4,
		type: 'gate',
		step: 'mesh-off',
		state: 'waiting',
		established: 1,
		expected: 3,
		waiting: [{node: 'n', what: 'Node_1', reason: 'why'}],
		elapsed: 5,
		sinceProgress: 4,
	},
	{at: 5, type: 'step-failed', direction: 'forward', step: 'mesh-off', failure},
	{at: 6, type: 'turned-back', reason: 'failure', steps},
	{at: 7, type: 'notice', text: 'Something.'},
	{at: 8, type: 'step-done', direction: 'back', step: 'mesh-off', elapsed: 3},
	{at: 9, type: 'run-ended', outcome: 'went-back', failure, left: [], journal: '/j'},
	{at: 9, type: 'run-ended', outcome: 'stopped', failure: null, left: [], journal: null},
);

const arbitraryAction: fc.Arbitrary<Action> = fc.oneof(
	{weight: 8, arbitrary: arbitraryKey},
	{weight: 2, arbitrary: arbitraryEvent.map((event): Action => ({type: 'run-event', event}))},
	{
		weight: 1,
		arbitrary: fc.constantFrom<Action>(
			{type: 'read-failed', problem: {message: 'no', words: '', next: []}},
			{type: 'watch-failed', message: 'no'},
			{type: 'saved', folder: '/tmp'},
			{type: 'save-failed', problem: {message: 'no', words: '', next: []}},
			{type: 'run-broke', problem: {message: 'no', words: '', next: []}, at: 3},
			{type: 'run-overdue'},
			{type: 'signal', exitCode: 143},
			{type: 'observed', observations: [{node: 'node-0', at: 2, sessions: {known: true, value: []}}]},
		),
	},
);

/** Ways on are rare among random keys: some states are met half-way. */
const arbitraryState: fc.Arbitrary<WizardState> = fc
	.tuple(
		arbitraryCluster,
		fc.constantFrom([], ['enter'], ['enter', 'enter'], ['enter', 'enter', 'enter', ...'apply', 'enter']),
	)
	.chain(([snapshot, keys]) =>
		fc.array(arbitraryAction, {maxLength: 25}).map(actions => press(readState(snapshot), ...keys, ...actions)),
	);

describe('the reducer', () => {
	test('never leaves the union, whatever happens', () => {
		fc.assert(
			fc.property(arbitraryState, state => {
				expect(screens).toContain(state.screen.name);
				if (state.screen.name === 'ended') expect(Number.isInteger(state.screen.exitCode)).toBe(true);
				else expect(state.data).not.toBeNull();
				expect(takesText(modeOf(state))).toBe(['confirm', 'filter', 'cluster-id'].includes(modeOf(state)));
			}),
			{numRuns: 300},
		);
	});

	test('back after next is the identity', () => {
		let forward = 0;
		fc.assert(
			fc.property(arbitraryState, state => {
				const next = press(state, 'enter');
				const pairs = ['nodes reflectors', 'reflectors preview', 'preview confirm'];
				if (!pairs.includes(`${state.screen.name} ${next.screen.name}`)) return;
				forward += 1;
				expect(press(next, 'esc')).toEqual({...state, refusal: null});
			}),
			{numRuns: 400},
		);
		expect(forward).toBeGreaterThan(20);
	});

	test('nothing that arrives before the first read breaks it', () => {
		fc.assert(
			fc.property(fc.array(arbitraryAction, {maxLength: 15}), actions => {
				const state = press(initialState(practiceIdentity, {}, 0), ...actions);
				expect(['nodes', 'ended']).toContain(state.screen.name);
			}),
		);
	});
});

test('every state can be drawn at every size, within its area', () => {
	const tools = {now: 1000, commandLine: () => 'calicoctl …'};
	fc.assert(
		fc.property(
			arbitraryState,
			fc.record({columns: fc.integer({min: 60, max: 220}), rows: fc.integer({min: 16, max: 70})}),
			(state, size) => {
				const area = bodyArea(size);
				const body = bodyOf(state, area, tools);
				expect(body.lines.length).toBe(area.height);
				expect(body.page).toBeGreaterThan(0);
				expect(lineWidth(headerLine(state, size.columns))).toBeLessThanOrEqual(size.columns);
				expect(lineWidth(footerLine(state, size.columns))).toBeLessThanOrEqual(size.columns);
			},
		),
		{numRuns: 300},
	);
});
