import {describe, expect, test} from 'vitest';
import {loadLabs} from '../../src/lab/load.ts';
import {labBindings} from '../../src/lab/screen/bindings.ts';
import {askedBy, type LabAction, reduceLab} from '../../src/lab/screen/reducer.ts';
import {type LabScreenState, labModeOf} from '../../src/lab/screen/state.ts';
import type {LabState} from '../../src/lab/session.ts';

const labs = await loadLabs('src/lab/labs');
const start: LabScreenState = {labs, progress: new Map(), cursor: 0, open: null, help: false, end: null};
const untouched: LabState = {
	hints: 0,
	prediction: null,
	answers: new Map(),
	verdict: null,
	points: 0,
	mistakes: new Set(),
};

const key = (name: string): LabAction => ({type: 'key', name, page: 10, scrollLimit: 5, now: 1000});
const opened: LabAction = {type: 'state', state: untouched, speed: 1};
const press = (state: LabScreenState, ...actions: readonly (string | LabAction)[]): LabScreenState =>
	actions.reduce((now: LabScreenState, each) => reduceLab(now, typeof each === 'string' ? key(each) : each), state);

test('a lab is opened, says what it waits for, and is left again for the list', () => {
	const chosen = press(start, 'enter');
	expect(chosen.open).toMatchObject({lab: labs[0], state: null, busy: {since: 1000}});
	// Nothing can be asked of a cluster that is not there yet.
	expect(askedBy(chosen, 'c')).toBeUndefined();
	expect(press(chosen, 's').end).toBeNull();
	const there = press(chosen, opened);
	expect(there.open?.busy).toBeNull();
	expect(press(there, 'esc')).toMatchObject({open: null, cursor: 0});
});

test('one thing at a time is asked of the session, and what comes of it is shown', () => {
	const lab = press(start, 'enter', opened);
	expect(askedBy(lab, 'c')).toBe('check');
	const checking = press(lab, 'c');
	expect(checking.open?.busy?.what).toContain('solved');
	expect(askedBy(checking, 'h')).toBeUndefined();
	const told = press(checking, {type: 'told', text: 'Not yet.', state: untouched, progress: new Map()});
	expect(told.open).toMatchObject({busy: null, told: {kind: 'said', text: 'Not yet.'}});
	expect(press(told, 'i').open?.told).toEqual({kind: 'instructions'});
});

test('what fails is said, and the lab goes on', () => {
	const failed = press(start, 'enter', opened, 'h', {type: 'failed', text: 'no hint'});
	expect(failed.open).toMatchObject({problem: 'no hint', busy: null});
	expect(askedBy(failed, 'c')).toBe('check');
});

describe('leaving', () => {
	test.each([
		['q', {type: 'quit', exitCode: 0}],
		['ctrl+c', {type: 'quit', exitCode: 130}],
		['s', {type: 'shell', lab: labs[0]}],
	] as const)('%s', (name, end) => {
		expect(press(start, 'enter', opened, name).end).toEqual(end);
	});

	test('a signal', () => {
		expect(press(start, {type: 'signal', exitCode: 143}).end).toEqual({type: 'quit', exitCode: 143});
	});
});

test('each mode has each key once, and help shows and hides', () => {
	for (const mode of ['list', 'lab'] as const) {
		const keys = labBindings.filter(({modes}) => modes.includes(mode)).flatMap(binding => binding.keys);
		expect(new Set(keys).size).toBe(keys.length);
	}
	const help = press(start, '?');
	expect(labModeOf(help)).toBe('help');
	expect(labModeOf(press(help, 'x'))).toBe('list');
});
