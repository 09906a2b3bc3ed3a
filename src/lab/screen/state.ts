import type {Progress} from '../progress.ts';
import type {LabState} from '../session.ts';
import type {Lab, LabLook} from '../types.ts';

/** What stands where there is room for one thing only; on a wide terminal text and cluster stand side by side. */
export type Pane = 'text' | 'cluster';

/** What the text pane shows: the instructions, or what a check or hint said. */
export type Told = {readonly kind: 'instructions'} | {readonly kind: 'said'; readonly text: string};

/** A lab that is open on the screen. */
export type OpenLab = {
	readonly lab: Lab;
	/** Null until its cluster is at its start. */
	readonly state: LabState | null;
	/** The last look at the cluster. */
	readonly look: LabLook | null;
	readonly told: Told;
	readonly pane: Pane;
	/** Whose peer table is shown, as an index into the look's nodes. */
	readonly node: number;
	readonly scroll: number;
	/** What is being done, and since when in milliseconds of real time. */
	readonly busy: {readonly what: string; readonly since: number} | null;
	readonly problem: string | null;
	/** How many times as fast as real time its clock runs. */
	readonly speed: number;
};

/** How the screens were left. */
export type LabEnd = {readonly type: 'quit'; readonly exitCode: number} | {readonly type: 'shell'; readonly lab: Lab};

export type LabScreenState = {
	readonly labs: readonly Lab[];
	readonly progress: Progress;
	readonly cursor: number;
	readonly open: OpenLab | null;
	readonly help: boolean;
	readonly end: LabEnd | null;
};

export type LabMode = 'list' | 'lab' | 'help';

export function labModeOf({open, help}: LabScreenState): LabMode {
	if (help) return 'help';
	return open ? 'lab' : 'list';
}

/** A lab just chosen, before its cluster is there. */
export function opening(lab: Lab, speed: number, now: number): OpenLab {
	return {
		lab,
		state: null,
		look: null,
		told: {kind: 'instructions'},
		pane: 'text',
		node: 0,
		scroll: 0,
		busy: {what: 'Bringing the cluster to where the lab starts', since: now},
		problem: null,
		speed,
	};
}
