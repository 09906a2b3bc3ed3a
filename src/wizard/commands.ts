import type {Move} from './list.ts';
import type {WizardState} from './state.ts';

/** What a key can ask for. */
export type Command =
	| Move
	| 'scroll-up'
	| 'scroll-down'
	| 'toggle'
	| 'filter'
	| 'propose'
	| 'canary'
	| 'cluster-id-mode'
	| 'edit-cluster-id'
	| 'next'
	| 'back'
	| 'refresh'
	| 'peers'
	| 'doctor'
	| 'matrix'
	| 'previous-node'
	| 'next-node'
	| 'against'
	| 'save'
	| 'help'
	| 'quit'
	| 'erase'
	| 'erase-all'
	| 'interrupt';

/** What the user is doing: decides which keys hold. In a text mode letters are text. */
export type Mode =
	| 'nodes'
	| 'reflectors'
	| 'preview'
	| 'confirm'
	| 'applying'
	/** A run on its way back, or told to go there. */
	| 'retreating'
	| 'applied'
	| 'done'
	| 'peers'
	/** The peers of a node, during or after a run: there is a before to compare with. */
	| 'compare'
	| 'matrix'
	| 'doctor'
	| 'filter'
	| 'cluster-id'
	| 'help'
	| 'ended';

const textModes: ReadonlySet<Mode> = new Set(['confirm', 'filter', 'cluster-id']);

/** Whether printable keys are text now. */
export function takesText(mode: Mode): boolean {
	return textModes.has(mode);
}

export function modeOf({screen, help, lists}: WizardState): Mode {
	if (screen.name === 'ended') return 'ended';
	if (help) return 'help';
	switch (screen.name) {
		case 'nodes':
			return lists.nodes.filtering ? 'filter' : 'nodes';
		case 'reflectors':
			if (screen.typing !== null) return 'cluster-id';
			return lists.reflectors.filtering ? 'filter' : 'reflectors';
		case 'apply':
			if (screen.run.ended) return 'applied';
			return screen.run.turned || screen.run.interrupts > 0 ? 'retreating' : 'applying';
		case 'peers':
			if (screen.view === 'table') return screen.from.name === 'nodes' ? 'peers' : 'compare';
			return lists.matrix.filtering ? 'filter' : 'matrix';
		case 'preview':
		case 'confirm':
		case 'done':
		case 'doctor':
			return screen.name;
	}
}
