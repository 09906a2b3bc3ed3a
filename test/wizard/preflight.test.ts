import {expect, test} from 'vitest';
import type {Finding} from '../../src/core/doctor/types.ts';
import {choiceOf} from '../../src/wizard/answers.ts';
import {type PreflightAnswer, preflightOf, preflightQuestion, preflightRefusal} from '../../src/wizard/preflight.ts';
import {planOf, type WizardState} from '../../src/wizard/state.ts';
import {letters, press, readState} from '../support/wizard-state.ts';

const finding = (state: Finding['state'], id: string = state): Finding => ({
	id,
	title: `Title of ${id}`,
	state,
	reason: `Reason of ${id}.`,
	next: [],
});

/** The state once the doctor has answered what it is asked in it. */
function answered(state: WizardState, answer: PreflightAnswer): WizardState {
	const choice = preflightQuestion(state);
	if (!choice || !state.data) throw new Error('the doctor is asked nothing');
	return press(state, {type: 'preflight', preflight: {choice, snapshot: state.data.snapshot, answer}});
}

test('the doctor is asked once the nodes are known, and anew about each plan', () => {
	const nodes = readState();
	expect(preflightQuestion(nodes)).toEqual(choiceOf(nodes.answers));
	const known = answered(nodes, {state: 'known', findings: [finding('pass')]});
	expect(preflightQuestion(known)).toBeNull();
	expect(preflightQuestion(press(known, 'enter', 'j', 'space'))).toBeNull();
	const preview = press(known, 'enter', 'enter');
	expect(preflightOf(preview, planOf(preview.screen)?.choice)).toBeNull();
	expect(preflightQuestion(preview)).toBe(planOf(preview.screen)?.choice);
	const examined = answered(preview, {state: 'known', findings: [finding('pass')]});
	expect(preflightQuestion(examined)).toBeNull();
	expect(preflightQuestion(press(examined, 'enter'))).toBeNull();
	expect(preflightQuestion(press(examined, 'esc', 'enter'))).not.toBeNull();
});

test('what was found in a cluster is asked anew when it was read anew', () => {
	const known = answered(readState(), {state: 'known', findings: []});
	const {snapshot} = known.data ?? expect.fail('nothing was read');
	const again = press(known, {type: 'read', snapshot: {...snapshot}, holding: {state: 'off'}, at: 200});
	expect(preflightQuestion(again)).not.toBeNull();
});

test('what blocks keeps the preview from going on, and says why', () => {
	const findings = [finding('pass'), finding('warn'), finding('block'), finding('block', 'second')];
	const state = answered(press(readState(), 'enter', 'enter'), {state: 'known', findings});
	expect(preflightRefusal(state, planOf(state.screen)?.choice)).toContain('Reason of block.');
	const refused = press(state, 'enter');
	expect(refused.screen.name).toBe('preview');
	expect(refused.refusal?.message).toMatch(/Reason of block\. And 1 more/);
});

test('warnings and what is not known keep nobody', () => {
	const findings = [finding('warn'), finding('unknown')];
	const state = answered(press(readState(), 'enter', 'enter'), {state: 'known', findings});
	expect(press(state, 'enter', ...letters('apply'), 'enter').screen.name).toBe('apply');
});

test('nothing is written while the doctor is still looking, nor when it finds a block meanwhile; else it begins by itself', () => {
	const asking = answered(press(readState(), 'enter', 'enter'), {state: 'asking', since: 0});
	const typed = press(asking, 'enter', ...letters('apply'), 'enter');
	expect(typed.screen).toMatchObject({name: 'confirm', waits: true});
	expect(answered(press(typed, 'x'), {state: 'known', findings: []}).screen.name).toBe('confirm');
	const blocked = answered(typed, {state: 'known', findings: [finding('block')]});
	expect(blocked).toMatchObject({
		screen: {name: 'confirm', waits: false},
		refusal: {message: expect.stringContaining('Reason of block.')},
	});
	expect(answered(typed, {state: 'known', findings: [finding('pass')]}).screen.name).toBe('apply');
});

test('the findings can be read from every screen before the confirmation, and esc leads back there', () => {
	for (const keys of [[], ['enter'], ['enter', 'enter']]) {
		const state = press(readState(), ...keys);
		const shown = press(state, 'd');
		expect(shown.screen.name).toBe('doctor');
		expect(press(shown, 'esc')).toEqual(state);
	}
});
