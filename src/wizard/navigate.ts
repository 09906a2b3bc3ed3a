import {refusalSentence} from '../apply/dry-run.ts';
import {makePlan} from '../core/plan/make.ts';
import {choiceOf} from './answers.ts';
import {modeOf} from './commands.ts';
import {preflightOf, preflightRefusal} from './preflight.ts';
import {problemOf} from './problems.ts';
import {listOf, withList} from './reduce-text.ts';
import {runExitCode, startingRun} from './run-view.ts';
import {visibleRows} from './selectors.ts';
import type {PeersScreen, PreviewScreen, WizardState} from './state.ts';
import {confirmationWord, isSkipped, reflectorsQuestion} from './steps.ts';

/** Enter: one step on, or what stands in the way said. */
export function goNext(state: WizardState): WizardState {
	const {screen} = state;
	const mode = modeOf(state);
	if (mode === 'filter') return closeFilter(state, false);
	switch (screen.name) {
		case 'nodes':
			if (!state.data) return state;
			return isSkipped('reflectors', state.preset)
				? toPreview(state)
				: {...state, screen: {name: 'reflectors', typing: null}};
		case 'reflectors':
			return refusedChoice(state) ?? toPreview(state);
		case 'preview':
			if (screen.plan.steps.length === 0) {
				return {...state, screen: {name: 'ended', exitCode: 0, of: null, problem: null}};
			}
			return (
				refusedByServer(state, screen) ??
				refusedByDoctor(state, screen) ?? {
					...state,
					screen: {name: 'confirm', preview: screen, typed: '', wrong: false, waits: false},
				}
			);
		case 'confirm': {
			if (screen.typed.trim() !== confirmationWord(state.identity)) return {...state, screen: {...screen, wrong: true}};
			const {plan, trial} = screen.preview;
			const refused = refusedByServer(state, screen.preview) ?? refusedByDoctor(state, screen.preview);
			if (refused) return {...refused, screen: {...screen, waits: false}};
			const isAsking = trial?.isEnd === false || preflightOf(state, plan.choice)?.state === 'asking';
			if (isAsking) return {...state, screen: {...screen, wrong: false, waits: true}};
			return {...state, screen: {name: 'apply', plan, run: startingRun(plan), scroll: 0}};
		}
		case 'apply':
			return screen.run.ended ? {...state, screen: {...screen, name: 'done', scroll: 0}} : state;
		case 'done':
			return {...state, screen: {name: 'ended', exitCode: runExitCode(screen.run), of: screen, problem: null}};
		case 'peers':
			return screen.view === 'matrix' ? {...state, screen: chosenInMatrix(state, screen)} : state;
		case 'doctor':
		case 'ended':
			return state;
	}
}

function refusedChoice(state: WizardState): WizardState | undefined {
	const message = reflectorsQuestion.check(state.answers.reflectors ?? []);
	return message === undefined ? undefined : withRefusal(state, message);
}

function withRefusal(state: WizardState, message: string): WizardState {
	return {...state, refusal: {message, words: '', next: []}};
}

/** What the server has refused when it was tried is not begun for real. */
function refusedByServer(state: WizardState, {plan, trial}: PreviewScreen): WizardState | undefined {
	const sentence = trial ? refusalSentence(plan, trial.verdicts) : undefined;
	return sentence === undefined ? undefined : withRefusal(state, sentence);
}

/** What the doctor blocks is not begun. */
function refusedByDoctor(state: WizardState, {plan}: PreviewScreen): WizardState | undefined {
	const sentence = preflightRefusal(state, plan.choice);
	return sentence === undefined ? undefined : withRefusal(state, sentence);
}

/** From the answers to the plan, or what is wrong with them. */
function toPreview(state: WizardState): WizardState {
	if (!state.data) return state;
	try {
		const plan = makePlan(state.data.snapshot, choiceOf(state.answers));
		return {...state, screen: {name: 'preview', plan, cursor: 0, scroll: 0, saved: 'no', trial: null}};
	} catch (error) {
		return {...state, refusal: problemOf(error)};
	}
}

/** Goes on from a confirmation that waited, once there is nothing more to wait for. */
export function goOnWaiting(state: WizardState): WizardState {
	return state.screen.name === 'confirm' && state.screen.waits ? goNext(state) : state;
}

/** Esc: a filter first, then one step back; answers stay. */
export function goBack(state: WizardState): WizardState {
	const {screen} = state;
	const list = listOf(state);
	if (list !== null && (state.lists[list].filtering || state.lists[list].filter !== ''))
		return closeFilter(state, true);
	switch (screen.name) {
		case 'reflectors':
			return {...state, screen: screen.typing === null ? {name: 'nodes'} : {...screen, typing: null}};
		case 'preview':
			return {
				...state,
				screen: isSkipped('reflectors', state.preset) ? {name: 'nodes'} : {name: 'reflectors', typing: null},
			};
		case 'confirm':
			return {...state, screen: screen.preview};
		case 'peers':
		case 'doctor':
			return {...state, screen: screen.from};
		case 'nodes':
		case 'apply':
		case 'done':
		case 'ended':
			return state;
	}
}

function closeFilter(state: WizardState, clear: boolean): WizardState {
	const list = listOf(state);
	if (list === null) return state;
	return withList(state, list, each =>
		clear ? {...each, filter: '', filtering: false, cursor: 0} : {...each, filtering: false},
	);
}

function chosenInMatrix(state: WizardState, screen: PeersScreen): PeersScreen {
	const node = visibleRows(state, 'matrix')[state.lists.matrix.cursor]?.name ?? screen.node;
	return {...screen, node, view: 'table', scroll: 0};
}
