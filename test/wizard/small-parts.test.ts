import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import {countSessions} from '../../src/core/peering/totals.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {initialAnswers} from '../../src/wizard/answers.ts';
import {bindings, bindingsIn} from '../../src/wizard/bindings.ts';
import {formatDuration, formatWait} from '../../src/wizard/durations.ts';
import {matchesFilter, moved, windowOf} from '../../src/wizard/list.ts';
import {meshSessions, plannedSnapshot, reflectorSessions, totalSessions} from '../../src/wizard/session-math.ts';
import {confirmationWord, isSkipped, openQuestions, wizardSteps} from '../../src/wizard/steps.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';
import {practiceIdentity} from '../support/wizard-state.ts';

describe('sessions as numbers', () => {
	// A mesh has n(n-1)/2; with r reflectors r(n-r) + r(r-1)/2 remain.
	test.each([
		[5, 10, 9],
		[10, 45, 24],
		[100, 4950, 294],
		[1000, 499_500, 2994],
		[5000, 12_497_500, 14_994],
	])('%i nodes: %i in the mesh, %i with three reflectors', (nodes, mesh, reflected) => {
		expect(meshSessions(nodes)).toBe(mesh);
		expect(reflectorSessions(nodes, 3)).toBe(reflected);
	});

	test('the formula agrees with what Calico configures', () => {
		const reflectors = tutorialSnapshot.nodes.slice(0, 3).map(node => node.metadata.name);
		const planned = plannedSnapshot(makePlan(tutorialSnapshot, {...defaultChoice, reflectors}));
		expect(countSessions(preparePeering(planned)).sessions).toBe(reflectorSessions(5, 3));
		expect(totalSessions(tutorialSnapshot)).toBe(meshSessions(5));
	});
});

describe('lists', () => {
	const move = fc.constantFrom('up', 'down', 'page-up', 'page-down', 'first', 'last') as fc.Arbitrary<
		Parameters<typeof moved>[1]
	>;

	test('a cursor stays on the list', () => {
		fc.assert(
			fc.property(fc.nat(50), move, fc.nat(60), fc.nat(20), (cursor, each, count, page) => {
				const next = moved(cursor, each, count, page);
				expect(next).toBeGreaterThanOrEqual(0);
				expect(next).toBeLessThanOrEqual(Math.max(0, count - 1));
			}),
		);
	});

	test('the window holds the cursor and is as full as it can be', () => {
		fc.assert(
			fc.property(fc.integer({min: 1, max: 5000}), fc.nat(4999), fc.integer({min: 1, max: 60}), (count, at, height) => {
				const cursor = Math.min(at, count - 1);
				const {start, end} = windowOf(cursor, count, height);
				expect(start <= cursor && cursor < end).toBe(true);
				expect(end - start).toBe(Math.min(count, height));
			}),
		);
	});

	test('a filter looks into all texts, capitals aside', () => {
		expect(matchesFilter('ZONE-a', ['node-1', 'zone-A', null])).toBe(true);
		expect(matchesFilter('b', ['node-1', null])).toBe(false);
		expect(matchesFilter('  ', [null])).toBe(true);
	});
});

test('times for people', () => {
	expect([formatDuration(400), formatDuration(9_940), formatDuration(9_960), formatDuration(125_000)]).toEqual([
		'0.4 s',
		'9.9 s',
		'10 s',
		'2 m 05 s',
	]);
	expect([formatWait(-5), formatWait(2_999), formatWait(60_000)]).toEqual(['0 s', '2 s', '1 m 00 s']);
});

describe('the step table', () => {
	const [, reflectors] = wizardSteps;
	const ids = (preset: Parameters<typeof initialAnswers>[0]) =>
		reflectors ? openQuestions(reflectors, preset, initialAnswers(preset)).map(question => question.id) : [];

	test('asks what no flag has answered', () => {
		expect(ids({})).toEqual(['reflectors', 'cluster-id-mode', 'cluster-id']);
		expect(ids({reflectors: ['a']})).toEqual(['cluster-id-mode', 'cluster-id']);
		expect(ids({clusterId: {mode: 'per-node'}})).toEqual(['reflectors']);
	});

	test('a step whose questions are all answered is left out', () => {
		expect(isSkipped('reflectors', {reflectors: ['a'], clusterId: {mode: 'per-node'}})).toBe(true);
		expect(isSkipped('reflectors', {reflectors: ['a']})).toBe(false);
		expect(isSkipped('nodes', {})).toBe(false);
	});

	test('the practice cluster wants apply, any other its own name', () => {
		expect(confirmationWord(practiceIdentity)).toBe('apply');
		expect(confirmationWord({...practiceIdentity, practice: false, name: 'prod'})).toBe('prod');
	});
});

test('no key means two things in one mode', () => {
	const modes = new Set(bindings.flatMap(binding => binding.modes));
	for (const mode of modes) {
		const keys = bindingsIn(mode).flatMap(binding => binding.keys);
		expect(keys).toEqual([...new Set(keys)]);
	}
});
