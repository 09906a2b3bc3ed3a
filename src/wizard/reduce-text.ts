import type {ListState} from './list.ts';
import type {WizardState} from './state.ts';
import {clusterIdModeQuestion, clusterIdQuestion} from './steps.ts';

/** The list whose filter keys would go into on this screen. */
export function listOf(state: WizardState): keyof WizardState['lists'] | null {
	const {screen} = state;
	if (screen.name === 'nodes' || screen.name === 'reflectors') return screen.name;
	return screen.name === 'peers' && screen.view === 'matrix' ? 'matrix' : null;
}

/** The state with one of its lists changed. */
export function withList(
	state: WizardState,
	name: keyof WizardState['lists'],
	change: (list: ListState) => ListState,
): WizardState {
	return {...state, lists: {...state.lists, [name]: change(state.lists[name])}};
}

/** Text that goes into whatever is being typed; ignored where nothing is. */
export function typed(state: WizardState, text: string): WizardState {
	return edit(state, before => before + text);
}

/** The last character gone, or all of them. */
export function erased(state: WizardState, all: boolean): WizardState {
	return edit(state, before => (all ? '' : [...before].slice(0, -1).join('')));
}

function edit(state: WizardState, change: (before: string) => string): WizardState {
	const {screen} = state;
	if (state.help) return state;
	if (screen.name === 'confirm')
		return {...state, screen: {...screen, typed: change(screen.typed), wrong: false, waits: false}};
	if (screen.name === 'reflectors' && screen.typing !== null) {
		return {...state, screen: {...screen, typing: change(screen.typing)}};
	}
	const list = listOf(state);
	if (list === null || !state.lists[list].filtering) return state;
	return withList(state, list, each => ({...each, filter: change(each.filter), cursor: 0}));
}

/** The typed cluster ID taken over, or refused with the reason. */
export function withClusterId(state: WizardState): WizardState {
	const {screen} = state;
	if (screen.name !== 'reflectors' || screen.typing === null) return state;
	const message = clusterIdQuestion.check(screen.typing);
	if (message !== undefined) return {...state, refusal: {message, words: '', next: []}};
	const shared = clusterIdModeQuestion.answer(state.answers, 'shared');
	return {...state, answers: clusterIdQuestion.answer(shared, screen.typing), screen: {...screen, typing: null}};
}
