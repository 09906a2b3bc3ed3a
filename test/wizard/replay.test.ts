import {beforeAll, describe, expect, test} from 'vitest';
import {startRun} from '../../src/apply/engine.ts';
import type {Recorded} from '../../src/apply/recording-read.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {filmOf, lengthOf} from '../../src/wizard/replay/film.ts';
import {reduceReplay} from '../../src/wizard/replay/reducer.ts';
import {type ReplayState, startReplay, stepNumber} from '../../src/wizard/replay/state.ts';
import {runScreenOf} from '../../src/wizard/state.ts';
import {readRun, startPractice} from '../support/practice-run.ts';
import {key} from '../support/wizard-state.ts';

const nothing: Recorded = {header: null, cluster: null, plan: null, events: [], calls: [], isTorn: false};
let run: Recorded;
const calls: Recorded = {
	...nothing,
	calls: [4, 2, 9].map(at => ({at, argv: ['look', String(at)], exit: 0, stdout: '', stderr: ''})),
};

beforeAll(async () => {
	const {cluster, clock} = startPractice({nodes: 3});
	const {snapshot} = await cluster.read();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors: ['ip-172-31-40-30']});
	const events = await readRun(startRun({plan, cluster, clock, journal: null}));
	run = {...nothing, cluster: cluster.identity, plan, events};
});

function press(state: ReplayState, ...names: readonly string[]): ReplayState {
	return names.reduce((current, name) => {
		const action = key(name);
		return action.type === 'key' ? reduceReplay(current, action) : current;
	}, state);
}

const tick = (state: ReplayState, elapsed: number) => reduceReplay(state, {type: 'tick', elapsed});
const start = () => startReplay(filmOf(run), 1);

/** What a state shows, without where the user is. */
function shown(state: ReplayState) {
	if (state.kind !== 'run') throw new Error('this is no run');
	return {run: runScreenOf(state.wizard.screen)?.run, looks: state.wizard.looks, count: state.count, time: state.time};
}

describe('a run', () => {
	test('each step forward is one of the plan, and the same backward', () => {
		const paused = press(start(), 'space', 'g');
		const forward: ReplayState[] = [paused];
		for (let last = paused; last.count < last.film.items.length; ) {
			last = press(last, 'n');
			forward.push(last);
		}
		expect(forward.length - 2).toBeGreaterThanOrEqual(run.plan?.steps.length ?? 99);
		let state = forward.at(-1) ?? paused;
		expect(state.time).toBe(lengthOf(state.film));
		// The end is one place more than there are steps; below the first step is the beginning.
		for (const before of forward.slice(0, -1).reverse()) {
			state = press(state, 'p');
			expect(shown(state)).toEqual(shown(before));
		}
	});

	test('it plays as fast as is said, stops at its end and begins anew', () => {
		const half = lengthOf(filmOf(run)) / 2;
		const played = tick(press(start(), '+'), half / 2);
		expect([played.speed, played.time]).toEqual([2, half]);
		const ended = tick(tick(played, half), half);
		expect([ended.isPlaying, ended.count]).toEqual([false, ended.film.items.length]);
		expect(tick(ended, 1000)).toBe(ended);
		const again = press(ended, 'space');
		expect([again.isPlaying, again.time]).toEqual([true, 0]);
	});

	test('speeds have a least and a most; jump is the end', () => {
		const names = Array.from({length: 20}, () => '+');
		expect(press(start(), ...names).speed).toBe(100);
		expect(press(start(), ...names.map(() => '-')).speed).toBe(0.5);
		expect(press(startReplay(filmOf(run), 7), '-').speed).toBe(5);
		const end = startReplay(filmOf(run), 'jump');
		expect([end.isPlaying, end.time]).toEqual([false, lengthOf(end.film)]);
	});

	test('in the middle of a step its own beginning comes first, while it plays too', () => {
		const paused = press(start(), 'space', 'n', 'n', 'n');
		const middle = tick(press(paused, 'space'), 1500);
		expect(stepNumber(middle)).toBe(stepNumber(paused));
		expect(shown(press(middle, 'p'))).toEqual(shown(paused));
		expect(stepNumber(press(paused, 'p'))).toBe(stepNumber(paused) - 1);
	});

	test('what is looked at stays while the time moves, backwards too', () => {
		const peers = press(start(), 'space', 'n', 'n', 'n', 'n', 'tab', 'right');
		if (peers.kind !== 'run' || peers.wizard.screen.name !== 'peers') throw new Error('no peers');
		const {node} = peers.wizard.screen;
		const back = press(peers, 'p');
		expect(back.kind === 'run' && back.wizard.screen).toMatchObject({name: 'peers', node});
		expect(shown(back)).toEqual(shown(press(start(), 'space', 'n', 'n', 'n')));
		const steps = press(back, 'tab');
		expect(steps.kind === 'run' && steps.wizard.screen.name).toBe('apply');
		const filtered = press(peers, 'm', '/', 'q', 'n', ' ', 'p');
		expect(filtered.kind === 'run' && filtered.wizard.lists.matrix.filter).toBe('qn p');
		expect(filtered.left).toBeNull();
	});

	test('the end shows what changed, and one step back is the run again', () => {
		const done = press(start(), 'G', 'enter');
		expect(done.kind === 'run' && done.wizard.screen.name).toBe('done');
		const back = press(done, 'p');
		expect(back.kind === 'run' && back.wizard.screen.name).toBe('apply');
	});

	test('a run that was stopped at once is only watched', () => {
		const stopped = {
			...run,
			events: run.events.map(event => (event.type === 'run-ended' ? {...event, outcome: 'stopped' as const} : event)),
		};
		const end = startReplay(filmOf(stopped), 'jump');
		expect(end.left).toBeNull();
		expect(end.kind === 'run' && end.wizard.screen).toMatchObject({name: 'apply', run: {ended: {outcome: 'stopped'}}});
	});

	test.each([
		['q', 0],
		['ctrl+c', 130],
	])('%s leaves', (name, code) => {
		expect(press(start(), name).left).toBe(code);
		expect(press(start(), '?', name).left).toBe(name === 'q' ? null : code);
		expect(press(start(), 'tab', 'm', '/', name).left).toBe(name === 'q' ? null : code);
	});
});

describe('tool calls alone', () => {
	test('each is a step, in the order in which they began', () => {
		const film = filmOf(calls);
		expect(film.times).toEqual([0, 2000, 7000]);
		const first = startReplay(film, 1);
		expect([first.count, stepNumber(first)]).toEqual([1, 1]);
		const last = press(first, 'n', 'n', 'n');
		expect([last.count, last.time]).toEqual([3, 7000]);
		expect(press(last, 'p', 'p').count).toBe(1);
		expect(tick(first, 2500).count).toBe(2);
	});

	test('the text of a call is scrolled, and the next begins at its top', () => {
		const down = press(startReplay(filmOf(calls), 1), 'down', 'pagedown', 'up');
		expect(down.kind === 'calls' && down.scroll).toBe(9);
		const next = press(down, 'n');
		expect(next.kind === 'calls' && next.scroll).toBe(0);
	});
});
