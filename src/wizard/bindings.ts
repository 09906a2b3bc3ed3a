import type {Command, Mode} from './commands.ts';

/** One line of the key table: footer, help and dispatch are all made from it. */
export type Binding = {
	readonly command: Command;
	/** Names of keys as the key layer gives them; the first is the one that hints show. */
	readonly keys: readonly string[];
	readonly label: string;
	readonly group: 'Steps' | 'Move' | 'Here' | 'Leave';
	/** Modes in which the key holds. */
	readonly modes: readonly Mode[];
	/** Keys and words of the footer, where they say more than the first key and the label. */
	readonly hint?: readonly [keys: string, label: string];
	/** How early the hint stands in the footer, 1 first; null where only the help names it. */
	readonly footer: number | null;
};

const lists: readonly Mode[] = ['nodes', 'reflectors', 'matrix'];
const peers: readonly Mode[] = ['peers', 'compare'];
const scrolling: readonly Mode[] = ['applying', 'retreating', 'applied', 'done', 'doctor', ...peers];
const moving: readonly Mode[] = [...lists, 'preview', ...scrolling];
const text: readonly Mode[] = ['confirm', 'filter', 'cluster-id'];
const everywhere: readonly Mode[] = [...moving, ...text, 'help'];
/** Where a letter is a key and not text. */
const lettered: readonly Mode[] = [...moving, 'help'];

export const bindings: readonly Binding[] = [
	{command: 'toggle', keys: ['space'], label: 'choose', group: 'Here', modes: ['reflectors'], footer: 2},
	{command: 'next', keys: ['enter'], label: 'next', group: 'Steps', modes: ['nodes', 'reflectors'], footer: 1},
	{command: 'next', keys: ['enter'], label: 'apply', group: 'Steps', modes: ['preview', 'confirm'], footer: 1},
	{command: 'next', keys: ['enter'], label: 'what changed', group: 'Steps', modes: ['applied'], footer: 1},
	{command: 'next', keys: ['enter'], label: 'leave', group: 'Steps', modes: ['done'], footer: 1},
	{command: 'next', keys: ['enter'], label: 'show peers', group: 'Here', modes: ['matrix'], footer: 1},
	{command: 'next', keys: ['enter'], label: 'keep', group: 'Here', modes: ['filter', 'cluster-id'], footer: 1},
	{
		command: 'back',
		keys: ['esc', 'shift+tab'],
		label: 'back',
		group: 'Steps',
		modes: ['reflectors', 'preview', 'confirm', 'doctor', ...peers, 'matrix'],
		footer: 3,
	},
	{command: 'back', keys: ['esc'], label: 'clear', group: 'Here', modes: ['filter'], footer: 2},
	{command: 'back', keys: ['esc'], label: 'as it was', group: 'Here', modes: ['cluster-id'], footer: 2},
	{command: 'back', keys: ['esc'], label: 'clear the filter', group: 'Here', modes: ['nodes'], footer: null},
	{command: 'up', keys: ['up', 'k'], label: 'up', group: 'Move', modes: moving, footer: null},
	{
		command: 'down',
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: [...lists, 'preview'],
		footer: 4,
		hint: ['↑/↓', 'move'],
	},
	{
		command: 'down',
		keys: ['down', 'j'],
		label: 'down',
		group: 'Move',
		modes: scrolling,
		footer: 6,
		hint: ['↑/↓', 'scroll'],
	},
	{command: 'up', keys: ['up'], label: 'up', group: 'Move', modes: ['filter'], footer: null},
	{command: 'down', keys: ['down'], label: 'down', group: 'Move', modes: ['filter'], footer: null},
	{command: 'page-up', keys: ['pageup', 'ctrl+b'], label: 'page up', group: 'Move', modes: moving, footer: null},
	{command: 'page-down', keys: ['pagedown', 'ctrl+f'], label: 'page down', group: 'Move', modes: moving, footer: null},
	{command: 'first', keys: ['g', 'home'], label: 'first', group: 'Move', modes: moving, footer: null},
	{command: 'last', keys: ['G', 'end'], label: 'last', group: 'Move', modes: moving, footer: null},
	{
		command: 'scroll-down',
		keys: ['J', 'space'],
		label: 'scroll down',
		group: 'Move',
		modes: ['preview'],
		footer: 5,
		hint: ['J/K', 'scroll'],
	},
	{command: 'scroll-up', keys: ['K'], label: 'scroll up', group: 'Move', modes: ['preview'], footer: null},
	{command: 'filter', keys: ['/'], label: 'filter', group: 'Here', modes: lists, footer: 6},
	{
		command: 'cluster-id-mode',
		keys: ['i'],
		label: 'ID for all/each',
		group: 'Here',
		modes: ['reflectors'],
		footer: 4,
	},
	{command: 'edit-cluster-id', keys: ['c'], label: 'cluster ID', group: 'Here', modes: ['reflectors'], footer: 5},
	{command: 'propose', keys: ['a'], label: 'the proposal again', group: 'Here', modes: ['reflectors'], footer: null},
	{command: 'canary', keys: ['t'], label: 'try it here first', group: 'Here', modes: ['reflectors'], footer: null},
	{command: 'save', keys: ['s'], label: 'save as YAML', group: 'Here', modes: ['preview'], footer: 4},
	{command: 'refresh', keys: ['r'], label: 'read again', group: 'Here', modes: ['nodes'], footer: 7},
	{
		command: 'peers',
		keys: ['p'],
		label: 'peers',
		group: 'Here',
		modes: ['nodes', 'applying', 'retreating', 'applied', 'done'],
		footer: 2,
	},
	{
		command: 'doctor',
		keys: ['d'],
		label: 'doctor',
		group: 'Here',
		modes: ['nodes', 'reflectors', 'preview'],
		footer: 5,
	},
	{command: 'matrix', keys: ['m'], label: 'all nodes', group: 'Here', modes: peers, footer: 2},
	{command: 'matrix', keys: ['m'], label: 'one node', group: 'Here', modes: ['matrix'], footer: 2},
	{
		command: 'next-node',
		keys: ['right', 'l'],
		label: 'next node',
		group: 'Move',
		modes: peers,
		footer: 4,
		hint: ['←/→', 'node'],
	},
	{command: 'previous-node', keys: ['left', 'h'], label: 'node before', group: 'Move', modes: peers, footer: null},
	{command: 'against', keys: ['b'], label: 'other before', group: 'Here', modes: ['compare'], footer: 5},
	{command: 'erase', keys: ['backspace'], label: 'erase', group: 'Here', modes: text, footer: null},
	{command: 'erase-all', keys: ['ctrl+u'], label: 'erase all', group: 'Here', modes: text, footer: null},
	{
		command: 'quit',
		keys: ['q'],
		label: 'quit',
		group: 'Leave',
		modes: ['nodes', 'reflectors', 'preview', 'applied', 'done'],
		footer: 8,
	},
	{command: 'interrupt', keys: ['ctrl+c'], label: 'stop and go back', group: 'Leave', modes: ['applying'], footer: 1},
	{command: 'interrupt', keys: ['ctrl+c'], label: 'stop', group: 'Leave', modes: ['retreating'], footer: 1},
	{
		command: 'interrupt',
		keys: ['ctrl+c'],
		label: 'stop and leave',
		group: 'Leave',
		modes: everywhere.filter(mode => mode !== 'applying' && mode !== 'retreating'),
		footer: null,
	},
	{command: 'help', keys: ['?'], label: 'keys', group: 'Leave', modes: lettered, footer: 9},
];

/** The command that a key means in a mode. */
export function commandFor(mode: Mode, key: string): Command | undefined {
	return bindings.find(binding => binding.modes.includes(mode) && binding.keys.includes(key))?.command;
}

/** The bindings that hold in a mode, in the table's order. */
export function bindingsIn(mode: Mode): readonly Binding[] {
	return bindings.filter(binding => binding.modes.includes(mode));
}
