import {clamp, type Move, moved} from '../../wizard/list.ts';
import type {Progress} from '../progress.ts';
import type {LabState} from '../session.ts';
import type {LabLook} from '../types.ts';
import {labCommandFor} from './bindings.ts';
import {type LabScreenState, labModeOf, type OpenLab, opening} from './state.ts';

/** Everything that can happen to the lab's screens. What a session is asked for is `busy` until it is told. */
export type LabAction =
	| {
			readonly type: 'key';
			readonly name: string;
			readonly page: number;
			readonly scrollLimit: number;
			/** Real time, in milliseconds. */
			readonly now: number;
	  }
	| {readonly type: 'state'; readonly state: LabState; readonly speed: number}
	| {readonly type: 'looked'; readonly look: LabLook}
	| {readonly type: 'told'; readonly text: string; readonly state: LabState; readonly progress: Progress}
	| {readonly type: 'failed'; readonly text: string}
	| {readonly type: 'signal'; readonly exitCode: number};

/** What the key asks the session for; the effect that does it looks at `busy`. */
const asked = {
	check: 'Looking whether it is solved',
	hint: 'Looking for a hint',
	reset: 'Going back to the start',
	predict: 'Keeping what you expect',
	speed: 'Changing the speed of time',
} as const;

export type Asked = keyof typeof asked;

export function reduceLab(state: LabScreenState, action: LabAction): LabScreenState {
	if (state.end) return state;
	switch (action.type) {
		case 'key':
			return reduceKey(state, action);
		case 'state':
			return withOpen(state, open => ({...open, state: action.state, speed: action.speed, busy: null}));
		case 'looked':
			return withOpen(state, open => ({...open, look: action.look, node: open.look ? open.node : nodeOf(action.look)}));
		case 'told':
			return {
				...withOpen(state, open => ({
					...open,
					state: action.state,
					told: {kind: 'said', text: action.text},
					pane: 'text',
					scroll: 0,
					busy: null,
				})),
				progress: action.progress,
			};
		case 'failed':
			return withOpen(state, open => ({...open, problem: action.text, busy: null}));
		case 'signal':
			return {...state, end: {type: 'quit', exitCode: action.exitCode}};
		default:
			return action satisfies never;
	}
}

/** The first table is that of the node on which the lab's commands are typed. */
function nodeOf({nodes, here}: LabLook): number {
	return Math.max(0, here === null ? 0 : nodes.indexOf(here));
}

function withOpen(state: LabScreenState, change: (open: OpenLab) => OpenLab): LabScreenState {
	return state.open ? {...state, open: change(state.open)} : state;
}

type Key = Extract<LabAction, {type: 'key'}>;

function reduceKey(state: LabScreenState, key: Key): LabScreenState {
	const command = labCommandFor(labModeOf(state), key.name);
	if (command === 'interrupt') return {...state, end: {type: 'quit', exitCode: 130}};
	if (state.help) return {...state, help: false};
	switch (command) {
		case undefined:
			return state;
		case 'help':
			return {...state, help: true};
		case 'quit':
			return {...state, end: {type: 'quit', exitCode: 0}};
		case 'open': {
			const lab = state.labs[state.cursor];
			return lab ? {...state, open: opening(lab, 1, key.now)} : state;
		}
		case 'back':
			return {...state, open: null};
		case 'shell':
			return state.open?.state && !state.open.busy ? {...state, end: {type: 'shell', lab: state.open.lab}} : state;
		case 'instructions':
			return withOpen(state, open => ({...open, told: {kind: 'instructions'}, pane: 'text', scroll: 0}));
		case 'pane':
			return withOpen(state, open => ({...open, pane: open.pane === 'text' ? 'cluster' : 'text', scroll: 0}));
		case 'next-node':
			return withOpen(state, open => turned(open, 1));
		case 'previous-node':
			return withOpen(state, open => turned(open, -1));
		case 'check':
		case 'hint':
		case 'reset':
		case 'predict':
		case 'speed':
			return withOpen(state, open =>
				open.state && !open.busy ? {...open, problem: null, busy: {what: asked[command], since: key.now}} : open,
			);
		case 'up':
		case 'down':
		case 'page-up':
		case 'page-down':
		case 'first':
		case 'last':
			return move(state, command, key);
		default:
			return command satisfies never;
	}
}

function turned(open: OpenLab, by: 1 | -1): OpenLab {
	const count = open.look?.nodes.length ?? 0;
	return count === 0 ? open : {...open, node: (open.node + by + count) % count};
}

function move(state: LabScreenState, direction: Move, {page, scrollLimit}: Key): LabScreenState {
	const {open, labs, cursor} = state;
	if (open) return {...state, open: {...open, scroll: moved(open.scroll, direction, scrollLimit + 1, page)}};
	return {...state, cursor: clamp(moved(cursor, direction, labs.length, page), 0, Math.max(0, labs.length - 1))};
}

/** What a key asks of the lab's session, and whether it may now: nothing while something else is under way. */
export function askedBy(state: LabScreenState, key: string): Asked | undefined {
	const command = labCommandFor(labModeOf(state), key);
	if (!state.open?.state || state.open.busy || command === undefined || !Object.hasOwn(asked, command))
		return undefined;
	return command as Asked;
}
