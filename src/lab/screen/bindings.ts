import type {Move} from '../../wizard/list.ts';
import type {LabMode} from './state.ts';

/** What a key asks for; `ask` is something that the lab's session does. */
export type LabCommand =
	| Move
	| 'open'
	| 'back'
	| 'shell'
	| 'check'
	| 'hint'
	| 'reset'
	| 'predict'
	| 'instructions'
	| 'pane'
	| 'speed'
	| 'next-node'
	| 'previous-node'
	| 'help'
	| 'quit'
	| 'interrupt';

/** One line of the key table; footer, help and dispatch are all made from it. */
export type LabBinding = {
	readonly command: LabCommand;
	readonly keys: readonly string[];
	readonly label: string;
	readonly group: 'Steps' | 'Move' | 'Here' | 'Leave';
	readonly modes: readonly LabMode[];
	readonly hint?: readonly [keys: string, label: string];
	readonly footer: number | null;
};

const both: readonly LabMode[] = ['list', 'lab'];
/** As many options as a prediction may have. */
const numbers = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export const labBindings: readonly LabBinding[] = [
	{command: 'open', keys: ['enter'], label: 'open', group: 'Steps', modes: ['list'], footer: 1},
	{command: 'shell', keys: ['enter', 's'], label: 'shell', group: 'Steps', modes: ['lab'], footer: 1},
	{command: 'check', keys: ['c'], label: 'check', group: 'Steps', modes: ['lab'], footer: 2},
	{
		command: 'predict',
		keys: numbers,
		label: 'say what you expect',
		group: 'Steps',
		modes: ['lab'],
		footer: 6,
		hint: ['1-9', 'predict'],
	},
	{command: 'hint', keys: ['h'], label: 'hint', group: 'Steps', modes: ['lab'], footer: 3},
	{command: 'back', keys: ['esc', 'shift+tab'], label: 'all labs', group: 'Steps', modes: ['lab'], footer: 7},
	{command: 'pane', keys: ['tab'], label: 'text/cluster', group: 'Here', modes: ['lab'], footer: 4},
	{command: 'instructions', keys: ['i'], label: 'instructions', group: 'Here', modes: ['lab'], footer: 5},
	{command: 'speed', keys: ['t'], label: 'time faster', group: 'Here', modes: ['lab'], footer: 8},
	{command: 'reset', keys: ['R'], label: 'back to the start', group: 'Here', modes: ['lab'], footer: null},
	{command: 'up', keys: ['up', 'k'], label: 'up', group: 'Move', modes: both, footer: null},
	{
		command: 'down',
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: ['list'],
		footer: 2,
		hint: ['↑/↓', 'move'],
	},
	{
		command: 'down',
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: ['lab'],
		footer: 9,
		hint: ['↑/↓', 'scroll'],
	},
	{command: 'page-up', keys: ['pageup', 'ctrl+b'], label: 'page up', group: 'Move', modes: both, footer: null},
	{
		command: 'page-down',
		keys: ['pagedown', 'ctrl+f', 'space'],
		label: 'page down',
		group: 'Move',
		modes: both,
		footer: null,
	},
	{command: 'first', keys: ['g', 'home'], label: 'first', group: 'Move', modes: both, footer: null},
	{command: 'last', keys: ['G', 'end'], label: 'last', group: 'Move', modes: both, footer: null},
	{
		command: 'next-node',
		keys: ['right', 'l'],
		label: 'next node',
		group: 'Move',
		modes: ['lab'],
		footer: 10,
		hint: ['←/→', 'node'],
	},
	{command: 'previous-node', keys: ['left'], label: 'node before', group: 'Move', modes: ['lab'], footer: null},
	{command: 'quit', keys: ['q'], label: 'quit', group: 'Leave', modes: both, footer: 11},
	{command: 'interrupt', keys: ['ctrl+c'], label: 'leave', group: 'Leave', modes: [...both, 'help'], footer: null},
	{command: 'help', keys: ['?'], label: 'keys', group: 'Leave', modes: both, footer: 12},
];

export function labBindingsIn(mode: LabMode): readonly LabBinding[] {
	return labBindings.filter(binding => binding.modes.includes(mode));
}

/** The command that a key means in a mode. */
export function labCommandFor(mode: LabMode, key: string): LabCommand | undefined {
	return labBindingsIn(mode).find(binding => binding.keys.includes(key))?.command;
}
