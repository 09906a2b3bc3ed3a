import type {KeyAction} from '../actions.ts';
import {clamp, type Move, moved} from '../list.ts';
import {reduce} from '../reducer.ts';
import {type ReplayCommand, replayBindingsIn, replayModeOf} from './bindings.ts';
import {lengthOf} from './film.ts';
import {goTo, playedTo, type ReplayState, speeds, stepNumber, toStart} from './state.ts';

/** Everything that can happen to a replay. */
export type ReplayAction =
	| KeyAction
	/** Milliseconds of real time that have passed while it plays. */
	| {readonly type: 'tick'; readonly elapsed: number}
	| {readonly type: 'signal'; readonly exitCode: number};

/** Exit code of Ctrl+C, as in the wizard. */
const interrupted = 130;

/** The replay after something happened. Pure. */
export function reduceReplay(state: ReplayState, action: ReplayAction): ReplayState {
	if (state.left !== null) return state;
	switch (action.type) {
		case 'tick':
			return state.isPlaying ? playedTo(state, state.time + action.elapsed * state.speed) : state;
		case 'signal':
			return {...state, left: action.exitCode};
		case 'key':
			return reduceKey(state, action);
		default:
			return action satisfies never;
	}
}

function reduceKey(state: ReplayState, action: KeyAction): ReplayState {
	const mode = replayModeOf(state);
	const does = replayBindingsIn(mode).find(binding => binding.keys.includes(action.name))?.does;
	if (state.help && !(does && 'command' in does && does.command === 'interrupt')) return {...state, help: false};
	if (does && 'command' in does) return obey(state, does.command, action);
	if (state.kind !== 'run') return state;
	if (does) return {...state, wizard: reduce(state.wizard, {...action, name: does.wizardKey})};
	// What is typed into a filter; no letter of it is a key.
	const isText = mode === 'text' && action.name !== 'tab' && action.name !== 'ctrl+c';
	return isText ? {...state, wizard: reduce(state.wizard, action)} : state;
}

function obey(state: ReplayState, command: ReplayCommand, action: KeyAction): ReplayState {
	const end = lengthOf(state.film);
	switch (command) {
		case 'play': {
			if (state.isPlaying) return {...state, isPlaying: false};
			// Played from its end it begins anew.
			const from = state.count === state.film.items.length ? toStart(state) : state;
			return {...from, isPlaying: true};
		}
		case 'faster':
			return {...state, speed: speeds.find(each => each > state.speed) ?? state.speed};
		case 'slower':
			return {...state, speed: speeds.findLast(each => each < state.speed) ?? state.speed};
		case 'next-step':
			return toStep(state, stepNumber(state) + 1);
		case 'previous-step':
			return toStep(state, stepBefore(state));
		case 'start':
			return toStart(state);
		case 'end':
			return {...goTo(state, state.film.items.length, end), isPlaying: false};
		case 'help':
			return {...state, help: true};
		case 'quit':
			return {...state, left: 0};
		case 'interrupt':
			return {...state, left: interrupted};
		case 'back-to-run':
			return backToRun(state);
		case 'scroll-up':
			return scrolled(state, 'up', action);
		case 'scroll-down':
			return scrolled(state, 'down', action);
		case 'page-up':
			return scrolled(state, 'page-up', action);
		case 'page-down':
			return scrolled(state, 'page-down', action);
		default:
			return command satisfies never;
	}
}

/** The beginning of that step, counted from 1: below it the film's beginning, beyond the last its end. */
function toStep(state: ReplayState, number: number): ReplayState {
	const {marks, times, items} = state.film;
	if (number < 1) return toStart(state);
	const mark = marks[number - 1] ?? items.length;
	return goTo(state, mark, times[mark - 1] ?? 0);
}

/** In the middle of a step its own beginning is the one before, as everywhere where something is played. */
function stepBefore(state: ReplayState): number {
	const current = stepNumber(state);
	const mark = state.film.marks[current - 1] ?? 0;
	const since = state.time - (state.film.times[mark - 1] ?? 0);
	return state.count > mark && since > (state.isPlaying ? justBegun * state.speed : 0) ? current : current - 1;
}

/** Milliseconds within which a step that plays counts as having just begun: one can go back further than its beginning. */
const justBegun = 1000;

/** From wherever to the steps of the run. */
function backToRun(state: ReplayState): ReplayState {
	if (state.kind !== 'run') return state;
	const {screen} = state.wizard;
	if (screen.name === 'done')
		return {...state, wizard: {...state.wizard, screen: {...screen, name: 'apply', scroll: 0}}};
	if (screen.name !== 'peers' || screen.from.name === 'nodes') return state;
	return {...state, wizard: {...state.wizard, screen: screen.from}};
}

function scrolled(state: ReplayState, move: Move, {page, scrollLimit}: KeyAction): ReplayState {
	if (state.kind !== 'calls') return state;
	return {...state, scroll: clamp(moved(state.scroll, move, scrollLimit + 1, page), 0, scrollLimit)};
}
