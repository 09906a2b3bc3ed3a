import {proposeReflectors} from '../core/candidates.ts';
import type {KeyAction} from './actions.ts';
import {commandFor} from './bindings.ts';
import {type Command, modeOf, takesText} from './commands.ts';
import {clamp, emptyList, type Move, moved} from './list.ts';
import {goBack, goNext} from './navigate.ts';
import {erased, listOf, typed, withClusterId, withList} from './reduce-text.ts';
import {runExitCode} from './run-view.ts';
import {peerNodes, sampleNode, visibleCandidates, visibleRows} from './selectors.ts';
import {isRunning, type PeersScreen, runScreenOf, type Screen, type WizardState} from './state.ts';
import {clusterIdModeQuestion, reflectorsQuestion} from './steps.ts';

/** The wizard after a key. What it means depends on the mode, which the key before it may just have changed. */
export function reduceKey(before: WizardState, action: KeyAction): WizardState {
	const mode = modeOf(before);
	const command = commandFor(mode, action.name);
	const state = {...before, refusal: null};
	if (command === 'interrupt') return interrupt(state);
	if (mode === 'help') return {...state, help: false};
	if (command !== undefined) return obey(state, command, action);
	return takesText(mode) && action.text !== '' ? typed(state, action.text) : state;
}

function obey(state: WizardState, command: Exclude<Command, 'interrupt'>, action: KeyAction): WizardState {
	switch (command) {
		case 'help':
			return {...state, help: true};
		case 'up':
		case 'down':
		case 'page-up':
		case 'page-down':
		case 'first':
		case 'last':
			return move(state, command, action);
		case 'scroll-up':
		case 'scroll-down':
			return scrollDetail(state, command, action);
		case 'next':
			// Enter while a cluster ID is typed takes it over and goes nowhere.
			return modeOf(state) === 'cluster-id' ? withClusterId(state) : goNext(state);
		case 'back':
			return goBack(state);
		case 'filter':
		case 'toggle':
		case 'propose':
		case 'cluster-id-mode':
		case 'edit-cluster-id':
			return answer(state, command);
		case 'canary':
			return withCanary(state);
		case 'erase':
			return erased(state, false);
		case 'erase-all':
			return erased(state, true);
		case 'refresh':
			return state.reading ? state : {...state, reading: {since: action.now}};
		case 'save':
			return state.screen.name === 'preview' && state.screen.plan.steps.length > 0
				? {...state, screen: {...state.screen, saved: 'saving'}}
				: state;
		case 'peers':
			return showPeers(state);
		case 'doctor':
			return showDoctor(state);
		case 'matrix':
		case 'previous-node':
		case 'next-node':
		case 'against':
			return state.screen.name === 'peers' ? {...state, screen: inPeers(state, state.screen, command)} : state;
		case 'quit':
			return isRunning(state) ? state : leave(state);
		default:
			return command satisfies never;
	}
}

/** The run asked to stop: once it goes back, twice it stops at once. */
export function interrupted(state: WizardState, times: 1 | 2): WizardState {
	const change = <S extends Screen>(screen: S): S => {
		if (screen.name === 'apply') return {...screen, run: {...screen.run, interrupts: times}};
		if (screen.name === 'peers') return {...screen, from: change(screen.from)};
		return screen;
	};
	return {...state, screen: change(state.screen)};
}

/** Ctrl+C. Before a run it leaves with 130 and nothing is written; during one it asks the engine. */
function interrupt(state: WizardState): WizardState {
	const shown = runScreenOf(state.screen);
	if (isRunning(state)) return interrupted({...state, help: false}, shown?.run.interrupts === 0 ? 1 : 2);
	const exitCode = shown ? runExitCode(shown.run) : 130;
	return {...state, screen: {name: 'ended', exitCode, of: shown, problem: null}};
}

/** `q`: leaving before a run is a decision and no failure, unless there was nothing to decide about. */
function leave(state: WizardState): WizardState {
	const shown = runScreenOf(state.screen);
	const problem = state.data ? null : state.readProblem;
	const exitCode = shown ? runExitCode(shown.run) : problem ? 1 : 0;
	return {...state, screen: {name: 'ended', exitCode, of: shown, problem}};
}

function move(state: WizardState, direction: Move, {page, scrollLimit}: KeyAction): WizardState {
	const {screen} = state;
	const list = listOf(state);
	if (list !== null) {
		const count = (list === 'reflectors' ? visibleCandidates(state) : visibleRows(state, list)).length;
		return withList(state, list, each => ({
			...each,
			cursor: moved(clamp(each.cursor, 0, count), direction, count, page),
		}));
	}
	switch (screen.name) {
		case 'preview': {
			if (direction === 'page-up' || direction === 'page-down') {
				return {...state, screen: {...screen, scroll: moved(screen.scroll, direction, scrollLimit + 1, page)}};
			}
			const cursor = moved(screen.cursor, direction, screen.plan.steps.length + 1, page);
			return {...state, screen: {...screen, cursor, scroll: cursor === screen.cursor ? screen.scroll : 0}};
		}
		case 'apply':
			// A run under way is followed at its end, so it is scrolled from there.
			return {...state, screen: {...screen, scroll: moved(screen.scroll, opposite[direction], scrollLimit + 1, page)}};
		case 'done':
		case 'doctor':
		case 'peers':
			return {...state, screen: {...screen, scroll: moved(screen.scroll, direction, scrollLimit + 1, page)}};
		case 'nodes':
		case 'reflectors':
		case 'confirm':
		case 'ended':
			return state;
	}
}

const opposite: Readonly<Record<Move, Move>> = {
	up: 'down',
	down: 'up',
	'page-up': 'page-down',
	'page-down': 'page-up',
	first: 'last',
	last: 'first',
};

function scrollDetail(
	state: WizardState,
	command: 'scroll-up' | 'scroll-down',
	{page, scrollLimit}: KeyAction,
): WizardState {
	const {screen} = state;
	if (screen.name !== 'preview') return state;
	const scroll = moved(screen.scroll, command === 'scroll-up' ? 'up' : 'down', scrollLimit + 1, page);
	return {...state, screen: {...screen, scroll}};
}

function answer(
	state: WizardState,
	command: Extract<Command, 'filter' | 'toggle' | 'propose' | 'cluster-id-mode' | 'edit-cluster-id'>,
): WizardState {
	const {screen, answers, preset, data} = state;
	if (command === 'filter') {
		const list = listOf(state);
		return list === null ? state : withList(state, list, each => ({...each, filtering: true}));
	}
	if (screen.name !== 'reflectors' || !data) return state;
	const question = command === 'toggle' || command === 'propose' ? reflectorsQuestion : clusterIdModeQuestion;
	if (question.isPreset(preset)) {
		return {...state, refusal: refusal(`${question.flag} has answered that already: ${question.text}`)};
	}
	if (command === 'toggle') return toggled(state);
	if (command === 'propose') {
		return {...state, answers: reflectorsQuestion.answer(answers, proposeReflectors(data.snapshot, 3, data.facts))};
	}
	if (command === 'edit-cluster-id') return {...state, screen: {...screen, typing: answers.clusterId}};
	const clusterIdMode = answers.clusterIdMode === 'shared' ? 'per-node' : 'shared';
	return {...state, answers: clusterIdModeQuestion.answer(answers, clusterIdMode)};
}

function toggled(state: WizardState): WizardState {
	const candidate = visibleCandidates(state)[state.lists.reflectors.cursor];
	if (!candidate) return state;
	const {name, eligible, reasons} = candidate;
	const chosen = state.answers.reflectors ?? [];
	if (chosen.includes(name)) {
		const fewer = chosen.filter(each => each !== name);
		return {...state, answers: reflectorsQuestion.answer(state.answers, fewer)};
	}
	if (state.preset.canary === name)
		return {...state, refusal: refusal(`--canary has made ${name} the canary: it stays a client.`)};
	if (!eligible) {
		const why = reasons.find(reason => !reason.good)?.text;
		return {...state, refusal: refusal(`${name} cannot be a reflector${why ? `: ${why}` : ''}.`)};
	}
	return {...state, answers: reflectorsQuestion.answer(state.answers, [...chosen, name])};
}

/** The node under the cursor becomes the canary, or is it no more. */
function withCanary(state: WizardState): WizardState {
	const {screen, answers, preset} = state;
	const name = visibleCandidates(state)[state.lists.reflectors.cursor]?.name;
	if (screen.name !== 'reflectors' || name === undefined) return state;
	if (preset.canary !== undefined) return {...state, refusal: refusal('--canary has answered that already.')};
	const {canary, ...others} = answers;
	if (canary === name) return {...state, answers: others};
	if (answers.holding.state === 'impossible') {
		return {...state, refusal: refusal(`There can be no canary: ${answers.holding.reason}.`)};
	}
	if (answers.reflectors?.includes(name)) {
		return {...state, refusal: refusal(`${name} is chosen as a reflector; the canary must be a client of them.`)};
	}
	return {...state, answers: {...others, canary: name}};
}

function refusal(message: string) {
	return {message, words: '', next: []};
}

function showPeers(state: WizardState): WizardState {
	const {screen} = state;
	if (screen.name !== 'nodes' && screen.name !== 'apply' && screen.name !== 'done') return state;
	const node =
		screen.name === 'nodes' ? visibleRows(state, 'nodes')[state.lists.nodes.cursor]?.name : sampleNode(screen.plan);
	if (node === undefined) return state;
	const peers: PeersScreen = {name: 'peers', from: screen, node, view: 'table', against: 'start', scroll: 0};
	return withList({...state, screen: peers}, 'matrix', () => emptyList);
}

function showDoctor(state: WizardState): WizardState {
	const {screen} = state;
	if (!state.data) return state;
	if (screen.name !== 'nodes' && screen.name !== 'reflectors' && screen.name !== 'preview') return state;
	return {...state, screen: {name: 'doctor', from: screen, scroll: 0}};
}

function inPeers(
	state: WizardState,
	screen: PeersScreen,
	command: Extract<Command, 'matrix' | 'previous-node' | 'next-node' | 'against'>,
): PeersScreen {
	switch (command) {
		case 'matrix':
			return {...screen, view: screen.view === 'table' ? 'matrix' : 'table', scroll: 0};
		case 'against':
			return {...screen, against: screen.against === 'start' && state.looks.meshOff ? 'mesh-off' : 'start'};
		case 'previous-node':
		case 'next-node': {
			const names = peerNodes(state);
			const at = names.indexOf(screen.node) + (command === 'next-node' ? 1 : -1);
			return {...screen, node: names[(at + names.length) % names.length] ?? screen.node, scroll: 0};
		}
	}
}
