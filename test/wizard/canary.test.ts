import {describe, expect, test} from 'vitest';
import {choiceOf} from '../../src/wizard/answers.ts';
import {visibleCandidates} from '../../src/wizard/selectors.ts';
import type {WizardState} from '../../src/wizard/state.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';
import {press, readState} from '../support/wizard-state.ts';

/** The reflectors screen with the cursor on the first node that is no reflector, or is one. */
function onNode(state: WizardState, isReflector: boolean): {readonly state: WizardState; readonly name: string} {
	const screen = press(state, 'enter');
	const index = visibleCandidates(screen).findIndex(
		({name}) => (screen.answers.reflectors ?? []).includes(name) === isReflector,
	);
	const moved = press(screen, ...Array.from({length: index}, () => 'down'));
	return {state: moved, name: visibleCandidates(moved)[index]?.name ?? ''};
}

describe('the key that makes a node the canary', () => {
	test('makes it so, and unmakes it; the plan has its step then', () => {
		const {state, name} = onNode(readState(), false);
		const chosen = press(state, 't');
		expect(choiceOf(chosen.answers).canary).toBe(name);
		expect(choiceOf(press(chosen, 't').answers)).not.toHaveProperty('canary');
		expect(press(chosen, 'enter').screen).toMatchObject({
			name: 'preview',
			plan: {steps: expect.arrayContaining([expect.objectContaining({id: 'canary'})])},
		});
	});

	test('refuses a reflector, and a node that becomes one is the canary no more', () => {
		const onReflector = onNode(readState(), true);
		const refused = press(onReflector.state, 't');
		expect(refused.answers.canary).toBeUndefined();
		expect(refused.refusal?.message).toContain('must be a client');
		const onClient = onNode(readState(), false);
		const both = press(onClient.state, 't', 'space');
		expect(both.answers.reflectors).toContain(onClient.name);
		expect(both.answers.canary).toBeUndefined();
	});

	test('leaves alone what --canary said, and that node stays a client', () => {
		const canary = 'ip-172-31-45-29';
		const {state, name} = onNode(readState(tutorialSnapshot, {canary}), false);
		expect(press(state, 't')).toMatchObject({
			answers: {canary},
			refusal: {message: '--canary has answered that already.'},
		});
		if (name === canary) {
			const tried = press(state, 'space');
			expect(tried.answers).toMatchObject({canary});
			expect(tried.answers.reflectors).not.toContain(canary);
		}
	});

	test('says why there can be none where no command can be run on the nodes', () => {
		const read = press(readState(), {
			type: 'read',
			snapshot: tutorialSnapshot,
			holding: {state: 'impossible', reason: 'there is no --node-shell'},
			at: 200,
		});
		const {state} = onNode(read, false);
		const refused = press(state, 't');
		expect(refused.answers.canary).toBeUndefined();
		expect(refused.refusal?.message).toBe('There can be no canary: there is no --node-shell.');
	});
});
