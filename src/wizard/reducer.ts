import type {ApplyEvent} from '../apply/events.ts';
import type {Visibility} from '../cluster/port.ts';
import type {KnownNodes} from '../core/candidate-facts.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {makePlan} from '../core/plan/make.ts';
import type {Observation} from '../core/session.ts';
import {UserError} from '../core/user-error.ts';
import type {Action} from './actions.ts';
import {answersFor, choiceOf} from './answers.ts';
import {withObservations} from './looks.ts';
import {goOnWaiting} from './navigate.ts';
import {problemOf} from './problems.ts';
import {interrupted, reduceKey} from './reduce-command.ts';
import {withList} from './reduce-text.ts';
import {runExitCode, withEvent} from './run-view.ts';
import {sampleNode, visibleCandidates} from './selectors.ts';
import {
	clusterData,
	isRunning,
	type Problem,
	planOf,
	type RunScreen,
	runScreenOf,
	type Screen,
	type WizardState,
} from './state.ts';

/** The wizard after something happened. Pure: effects look at the state it gives. */
export function reduce(state: WizardState, action: Action): WizardState {
	if (state.screen.name === 'ended') return state;
	switch (action.type) {
		case 'key':
			return reduceKey(state, action);
		case 'read':
			return withSnapshot(state, action);
		case 'read-failed':
			return {...state, reading: null, readProblem: action.problem};
		case 'visibility':
			return withVisibility(state, action.visibility);
		case 'facts':
			return withFacts(state, action.facts);
		case 'observed':
			return observed(state, action.observations);
		case 'watch-failed':
			return {...state, watchProblem: action.message};
		case 'tried':
			return goOnWaiting(withTrial(state, action));
		case 'preflight':
			return goOnWaiting({...state, preflight: action.preflight});
		case 'saved':
			return withSaved(state, {folder: action.folder});
		case 'save-failed':
			return withSaved(state, {problem: action.problem});
		case 'run-event':
			return withRunEvent(state, action.event);
		case 'run-broke':
			return broken(state, action.problem, action.at);
		case 'signal':
			return isRunning(state) ? interrupted({...state, leaving: action.exitCode}, 1) : ended(state, action.exitCode);
		case 'run-overdue':
			return overdue(state);
		default:
			return action satisfies never;
	}
}

function ended(state: WizardState, exitCode: number, problem: Problem | null = null): WizardState {
	return {...state, screen: {name: 'ended', exitCode, of: runScreenOf(state.screen), problem}};
}

function withSnapshot(state: WizardState, action: Extract<Action, {type: 'read'}>): WizardState {
	const {snapshot, holding, at, identity = state.identity} = action;
	const facts = state.data?.facts;
	const data = {
		...clusterData(snapshot, state.answers.label, at, state.data?.visibility ?? null),
		...(facts && {facts}),
	};
	const answers = answersFor(state.answers, state.preset, snapshot, holding, facts);
	const next = {...state, identity, data, answers, reading: null, readProblem: null};
	if (!state.preset.reflectors) return next;
	// Flags that name what this cluster does not have are told at once, before any question (exit code 2).
	try {
		makePlan(snapshot, choiceOf(answers));
		return next;
	} catch (error) {
		return ended(next, error instanceof UserError ? error.exitCode : 1, problemOf(error));
	}
}

function withVisibility(state: WizardState, visibility: Visibility): WizardState {
	return state.data ? {...state, data: {...state.data, visibility}} : state;
}

/** A proposal that nobody has seen yet is made anew; the cursor stays on its node. */
function withFacts(state: WizardState, facts: KnownNodes): WizardState {
	const {data, answers, preset, screen, lists} = state;
	if (!data) return state;
	const under = visibleCandidates(state)[lists.reflectors.cursor]?.name;
	const unseen = screen.name === 'nodes' && answers.reflectors?.join() === proposeReflectors(data.snapshot).join();
	const next: WizardState = {
		...state,
		data: {...data, facts},
		answers: answersFor(unseen ? {...answers, reflectors: null} : answers, preset, data.snapshot, undefined, facts),
	};
	if (screen.name !== 'reflectors') return next;
	const cursor = visibleCandidates(next).findIndex(({name}) => name === under);
	return withList(next, 'reflectors', list => ({...list, cursor: Math.max(0, cursor)}));
}

function observed(state: WizardState, observations: readonly Observation[]): WizardState {
	const {screen, data} = state;
	const untouched = !(runScreenOf(screen)?.run.touched ?? false);
	const plan = planOf(screen);
	const focus = [screen.name === 'peers' ? screen.node : undefined, plan ? sampleNode(plan) : undefined];
	const nodes = data?.snapshot.nodes.length ?? 0;
	return {...state, watchProblem: null, looks: withObservations(state.looks, observations, {nodes, focus, untouched})};
}

function withTrial(state: WizardState, {plan, verdicts, isEnd}: Extract<Action, {type: 'tried'}>): WizardState {
	const {screen} = state;
	const preview = screen.name === 'confirm' ? screen.preview : screen;
	if (preview.name !== 'preview' || preview.plan !== plan) return state;
	const tried = {...preview, trial: {verdicts: new Map([...(preview.trial?.verdicts ?? []), ...verdicts]), isEnd}};
	return {...state, screen: screen.name === 'confirm' ? {...screen, preview: tried} : tried};
}

function withSaved(state: WizardState, saved: {readonly folder: string} | {readonly problem: Problem}): WizardState {
	const {screen} = state;
	if (screen.name === 'preview') return {...state, screen: {...screen, saved}};
	if (screen.name === 'confirm') return {...state, screen: {...screen, preview: {...screen.preview, saved}}};
	return state;
}

/** The screen with the run in it changed, wherever the user looks at it from. */
function withRun(screen: Screen, change: (shown: RunScreen) => RunScreen): Screen {
	switch (screen.name) {
		case 'apply':
		case 'done':
			return change(screen);
		case 'peers':
			return screen.from.name === 'nodes' ? screen : {...screen, from: change(screen.from)};
		case 'nodes':
		case 'reflectors':
		case 'preview':
		case 'confirm':
		case 'doctor':
		case 'ended':
			return screen;
	}
}

function withRunEvent(state: WizardState, event: ApplyEvent): WizardState {
	if (event.type === 'observed') return observed(state, [event.observation]);
	const shown = runScreenOf(state.screen);
	if (!shown) return state;
	const screen = withRun(state.screen, each => ({...each, run: withEvent(each.run, event, each.plan)}));
	const next = {
		...state,
		screen,
		looks: turnsMeshOff(shown, event) ? {...state.looks, meshOff: state.looks.now} : state.looks,
	};
	if (event.type !== 'run-ended') return next;
	if (state.leaving !== null) return ended(next, state.leaving);
	// Twice Ctrl+C means: out, and at once.
	const run = runScreenOf(screen)?.run;
	return run && event.outcome === 'stopped' ? ended(next, runExitCode(run)) : next;
}

function turnsMeshOff({plan}: RunScreen, event: ApplyEvent): boolean {
	if (event.type !== 'step-started' || event.direction !== 'forward') return false;
	const step = plan.steps.find(each => each.id === event.step);
	return step?.writes.some(write => write.kind === 'BGPConfiguration') ?? false;
}

function broken(state: WizardState, problem: Problem, at: number): WizardState {
	const failure = {step: '', ...problem};
	const end = {at, outcome: 'left' as const, failure, left: []};
	const screen = withRun(state.screen, each => ({
		...each,
		run: {...each.run, failures: [...each.run.failures, failure], ended: end},
	}));
	const next = {...state, screen};
	return state.leaving === null ? next : ended(next, state.leaving);
}

function overdue(state: WizardState): WizardState {
	if (state.leaving === null || !isRunning(state)) return state;
	const interrupts = runScreenOf(state.screen)?.run.interrupts ?? 0;
	return interrupts < 2 ? interrupted(state, 2) : ended(state, state.leaving);
}
