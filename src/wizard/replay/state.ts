import type {ApplyEvent} from '../../apply/events.ts';
import {defaultChoice} from '../../core/plan/make.ts';
import {reduce} from '../reducer.ts';
import {startingRun} from '../run-view.ts';
import {clusterData, initialState, type RunScreen, runScreenOf, type Screen, type WizardState} from '../state.ts';
import {type CallFilm, type Film, lengthOf, type RunFilm} from './film.ts';

/** How much faster than it was. */
export const speeds: readonly number[] = [0.5, 1, 2, 5, 10, 20, 50, 100];

/** A replay at one moment. Everything that is drawn is made from it; only the reducer makes a new one. */
export type ReplayState = {
	/** How many items of the film have happened. */
	readonly count: number;
	/** Milliseconds from the film's beginning. */
	readonly time: number;
	readonly isPlaying: boolean;
	readonly speed: number;
	readonly help: boolean;
	/** The exit code it was left with; null while it is watched. */
	readonly left: number | null;
} & (
	| {readonly kind: 'run'; readonly film: RunFilm; readonly wizard: WizardState}
	/** `scroll` lines down the text of the call. */
	| {readonly kind: 'calls'; readonly film: CallFilm; readonly scroll: number}
);

/** The beginning of a replay; with 'jump' its end, where it stands still. */
export function startReplay(film: Film, speed: number | 'jump'): ReplayState {
	const isJump = speed === 'jump';
	const moment = {count: 0, time: 0, isPlaying: !isJump, speed: isJump ? 1 : speed, help: false, left: null};
	const state: ReplayState =
		film.kind === 'run'
			? {...moment, kind: 'run', film, wizard: firstWizard(film)}
			: {...moment, kind: 'calls', film, scroll: 0};
	return isJump ? goTo(state, film.items.length, lengthOf(film)) : toStart(state);
}

/** The beginning: the first item has happened, and nothing else, though more may have at the same moment. */
export function toStart(state: ReplayState): ReplayState {
	return goTo(state, Math.min(1, state.film.items.length), 0);
}

/** The state when that much time of the film has passed; it stops at the end. */
export function playedTo(state: ReplayState, time: number): ReplayState {
	const end = lengthOf(state.film);
	const now = Math.min(time, end);
	const {times} = state.film;
	let count = state.count;
	while (count < times.length && (times[count] ?? 0) <= now) count += 1;
	return {...goTo(state, count, now), isPlaying: state.isPlaying && time < end};
}

/** The state when so many items have happened, in either direction; what the user looks at stays. */
export function goTo(state: ReplayState, count: number, time: number): ReplayState {
	if (state.kind === 'calls') return {...state, count, time, scroll: count === state.count ? state.scroll : 0};
	const {film, wizard} = state;
	const from = count < state.count ? rewound(film, wizard) : wizard;
	const more = film.items.slice(count < state.count ? 0 : state.count, count);
	return {...state, count, time, wizard: more.reduce(withEvent, from)};
}

/** Which step it is, counted from 1; 0 before the first. */
export function stepNumber({film, count}: ReplayState): number {
	return film.marks.filter(mark => mark <= count).length;
}

function firstWizard({plan, cluster, items}: RunFilm): WizardState {
	const at = items[0]?.at ?? 0;
	const label = plan.choice?.label ?? defaultChoice.label;
	return {
		...initialState(cluster, {}, at),
		data: clusterData(plan.original, label, at, null),
		reading: null,
		screen: {name: 'apply', plan, run: startingRun(plan), scroll: 0},
	};
}

/** The wizard before the first event, on the screen that is looked at now. */
function rewound(film: RunFilm, {screen, lists, help}: WizardState): WizardState {
	const first = firstWizard(film);
	const run = runScreenOf(first.screen);
	const shown: Screen = screen.name === 'peers' && run ? {...screen, from: run} : first.screen;
	return {...first, lists, help, screen: shown};
}

/** A run that was stopped makes the wizard leave; here it is only watched. */
function withEvent(wizard: WizardState, event: ApplyEvent): WizardState {
	const next = reduce(wizard, {type: 'run-event', event});
	if (next.screen.name !== 'ended') return next;
	const run: RunScreen | null = next.screen.of;
	return run ? {...next, screen: run} : next;
}
