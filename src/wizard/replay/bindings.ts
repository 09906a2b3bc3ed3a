import type {Binding} from '../bindings.ts';
import {modeOf} from '../commands.ts';
import type {ReplayState} from './state.ts';

/** What the user looks at: decides which keys hold. */
export type ReplayMode = 'calls' | 'run' | 'end' | 'done' | 'peers' | 'matrix' | 'text';

/** What a key asks of the replay itself. */
export type ReplayCommand =
	| 'play'
	| 'faster'
	| 'slower'
	| 'next-step'
	| 'previous-step'
	| 'start'
	| 'end'
	| 'help'
	| 'quit'
	| 'interrupt'
	| 'back-to-run'
	| 'scroll-up'
	| 'scroll-down'
	| 'page-up'
	| 'page-down';

/** One line of the replay's key table: a command of its own, or a key that the wizard gets under its own name. */
export type ReplayBinding = Pick<Binding, 'keys' | 'label' | 'group' | 'footer' | 'hint'> & {
	readonly modes: readonly ReplayMode[];
	readonly does: {readonly command: ReplayCommand} | {readonly wizardKey: string};
};

const steps: readonly ReplayMode[] = ['calls', 'run', 'end', 'done'];
const all: readonly ReplayMode[] = [...steps, 'peers', 'matrix'];
const ofWizard: readonly ReplayMode[] = all.filter(mode => mode !== 'calls');
const everywhere: readonly ReplayMode[] = [...all, 'text'];

/** Footer, help and dispatch are all made from this. */
export const replayBindings: readonly ReplayBinding[] = [
	{does: {command: 'play'}, keys: ['space'], label: 'play/pause', group: 'Steps', modes: all, footer: 1},
	{
		does: {command: 'next-step'},
		keys: ['n', 'right'],
		label: 'next step',
		group: 'Steps',
		modes: steps,
		footer: 2,
		hint: ['n/p', 'step'],
	},
	{
		does: {command: 'previous-step'},
		keys: ['p', 'left'],
		label: 'step before',
		group: 'Steps',
		modes: steps,
		footer: null,
	},
	{
		does: {command: 'next-step'},
		keys: ['n'],
		label: 'next step',
		group: 'Steps',
		modes: ['peers', 'matrix'],
		footer: 2,
		hint: ['n/p', 'step'],
	},
	{
		does: {command: 'previous-step'},
		keys: ['p'],
		label: 'step before',
		group: 'Steps',
		modes: ['peers', 'matrix'],
		footer: null,
	},
	{
		does: {command: 'faster'},
		keys: ['+', '='],
		label: 'faster',
		group: 'Steps',
		modes: all,
		footer: 3,
		hint: ['+/-', 'speed'],
	},
	{does: {command: 'slower'}, keys: ['-', '_'], label: 'slower', group: 'Steps', modes: all, footer: null},
	{does: {command: 'start'}, keys: ['g', 'home'], label: 'beginning', group: 'Steps', modes: all, footer: null},
	{does: {command: 'end'}, keys: ['G', 'end'], label: 'end', group: 'Steps', modes: all, footer: null},
	{
		does: {wizardKey: 'enter'},
		keys: ['enter'],
		label: 'what changed',
		group: 'Here',
		modes: ['end'],
		footer: 1,
	},
	{does: {wizardKey: 'enter'}, keys: ['enter'], label: 'show peers', group: 'Here', modes: ['matrix'], footer: 1},
	{does: {wizardKey: 'enter'}, keys: ['enter'], label: 'keep', group: 'Here', modes: ['text'], footer: 1},
	{does: {wizardKey: 'p'}, keys: ['tab'], label: 'peers', group: 'Here', modes: ['run', 'end', 'done'], footer: 4},
	{
		does: {command: 'back-to-run'},
		keys: ['tab', 'esc'],
		label: 'steps',
		group: 'Here',
		modes: ['peers', 'matrix', 'done'],
		footer: 4,
		hint: ['esc', 'steps'],
	},
	{does: {wizardKey: 'm'}, keys: ['m'], label: 'all nodes', group: 'Here', modes: ['peers'], footer: 5},
	{does: {wizardKey: 'm'}, keys: ['m'], label: 'one node', group: 'Here', modes: ['matrix'], footer: 5},
	{
		does: {wizardKey: 'right'},
		keys: ['right', 'l'],
		label: 'next node',
		group: 'Move',
		modes: ['peers'],
		footer: 6,
		hint: ['←/→', 'node'],
	},
	{does: {wizardKey: 'left'}, keys: ['left', 'h'], label: 'node before', group: 'Move', modes: ['peers'], footer: null},
	{does: {wizardKey: 'b'}, keys: ['b'], label: 'other before', group: 'Here', modes: ['peers'], footer: null},
	{does: {wizardKey: '/'}, keys: ['/'], label: 'filter', group: 'Here', modes: ['matrix'], footer: 6},
	{does: {wizardKey: 'esc'}, keys: ['esc'], label: 'clear', group: 'Here', modes: ['text'], footer: 2},
	{
		does: {wizardKey: 'down'},
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: ofWizard,
		footer: 7,
		hint: ['↑/↓', 'scroll'],
	},
	{does: {wizardKey: 'up'}, keys: ['up', 'k'], label: 'up', group: 'Move', modes: ofWizard, footer: null},
	{does: {wizardKey: 'pageup'}, keys: ['pageup'], label: 'page up', group: 'Move', modes: ofWizard, footer: null},
	{does: {wizardKey: 'pagedown'}, keys: ['pagedown'], label: 'page down', group: 'Move', modes: ofWizard, footer: null},
	{
		does: {command: 'scroll-down'},
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: ['calls'],
		footer: 7,
		hint: ['↑/↓', 'scroll'],
	},
	{does: {command: 'scroll-up'}, keys: ['up', 'k'], label: 'up', group: 'Move', modes: ['calls'], footer: null},
	{does: {command: 'page-down'}, keys: ['pagedown'], label: 'page down', group: 'Move', modes: ['calls'], footer: null},
	{does: {command: 'page-up'}, keys: ['pageup'], label: 'page up', group: 'Move', modes: ['calls'], footer: null},
	{does: {command: 'quit'}, keys: ['q'], label: 'quit', group: 'Leave', modes: all, footer: 8},
	{does: {command: 'interrupt'}, keys: ['ctrl+c'], label: 'quit', group: 'Leave', modes: everywhere, footer: null},
	{does: {command: 'help'}, keys: ['?'], label: 'keys', group: 'Leave', modes: all, footer: 9},
];

export function replayModeOf(state: ReplayState): ReplayMode {
	if (state.kind === 'calls') return 'calls';
	switch (modeOf({...state.wizard, help: false})) {
		case 'filter':
			return 'text';
		case 'matrix':
			return 'matrix';
		case 'peers':
		case 'compare':
			return 'peers';
		case 'done':
			return 'done';
		case 'applied':
			return 'end';
		default:
			return 'run';
	}
}

/** The bindings that hold in a mode, in the table's order. */
export function replayBindingsIn(mode: ReplayMode): readonly ReplayBinding[] {
	return replayBindings.filter(binding => binding.modes.includes(mode));
}
