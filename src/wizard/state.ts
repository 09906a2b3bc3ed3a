import type {Verdicts} from '../apply/dry-run.ts';
import type {ClusterIdentity, Visibility} from '../cluster/port.ts';
import type {KnownNodes} from '../core/candidate-facts.ts';
import {type Peering, preparePeering} from '../core/peering/prepare.ts';
import {countSessions, type Totals} from '../core/peering/totals.ts';
import type {Choice, Plan} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {type Answers, initialAnswers} from './answers.ts';
import {emptyList, type ListState} from './list.ts';
import {type Looks, noLooks} from './looks.ts';
import {type NodeRow, nodeRows} from './node-rows.ts';
import type {Preflight} from './preflight.ts';
import type {RunView} from './run-view.ts';

/** Why something from outside did not work: our sentence, the tool's own words, what to do next. */
export type Problem = {readonly message: string; readonly words: string; readonly next: readonly string[]};

/** What was read of the cluster, and what is made of it once. */
export type ClusterData = {
	readonly snapshot: Snapshot;
	/** When it was read, in milliseconds on the run's clock. */
	readonly readAt: number;
	readonly peering: Peering;
	readonly totals: Totals;
	readonly rows: readonly NodeRow[];
	/** Null until it is known. */
	readonly visibility: Visibility | null;
	/** What Kubernetes says of the nodes; absent until it is known. */
	readonly facts?: KnownNodes;
};

export type NodesScreen = {readonly name: 'nodes'};
export type ReflectorsScreen = {
	readonly name: 'reflectors';
	/** The cluster ID as it is being typed; null while it is not. */
	readonly typing: string | null;
};
export type PreviewScreen = {
	readonly name: 'preview';
	readonly plan: Plan;
	/** 0 is the plan as a whole, then its steps. */
	readonly cursor: number;
	readonly scroll: number;
	readonly saved: 'no' | 'saving' | {readonly folder: string} | {readonly problem: Problem};
	/** What the server says to each write; null where nobody asks it. */
	readonly trial: {readonly verdicts: Verdicts; readonly isEnd: boolean} | null;
};
export type ConfirmScreen = {
	readonly name: 'confirm';
	readonly preview: PreviewScreen;
	readonly typed: string;
	/** Whether enter was pressed on something else than the word. */
	readonly wrong: boolean;
	/** Whether it was pressed on the word while server or doctor had not yet answered: the run begins when they have. */
	readonly waits: boolean;
};
/** A run under way or ended; `done` shows the same run once the user has seen it end. */
export type RunScreen = {
	readonly name: 'apply' | 'done';
	readonly plan: Plan;
	readonly run: RunView;
	/** Lines scrolled up from the end; 0 follows what happens. */
	readonly scroll: number;
};
export type PeersScreen = {
	readonly name: 'peers';
	readonly from: NodesScreen | RunScreen;
	readonly node: string;
	readonly view: 'table' | 'matrix';
	readonly against: 'start' | 'mesh-off';
	readonly scroll: number;
};
/** All that the doctor found. */
export type DoctorScreen = {
	readonly name: 'doctor';
	readonly from: NodesScreen | ReflectorsScreen | PreviewScreen;
	readonly scroll: number;
};
export type EndedScreen = {
	readonly name: 'ended';
	readonly exitCode: number;
	/** The run that ended, or null where nothing was begun. */
	readonly of: RunScreen | null;
	/** Why the wizard ended by itself; null where the user left. */
	readonly problem: Problem | null;
};
export type Screen =
	| NodesScreen
	| ReflectorsScreen
	| PreviewScreen
	| ConfirmScreen
	| RunScreen
	| PeersScreen
	| DoctorScreen
	| EndedScreen;

/** The whole wizard at one moment. Everything that is drawn is made from it; only the reducer makes a new one. */
export type WizardState = {
	readonly identity: ClusterIdentity;
	readonly preset: Partial<Choice>;
	readonly answers: Answers;
	/** Null before the first read ended. */
	readonly data: ClusterData | null;
	/** The read under way: since when, on the run's clock. */
	readonly reading: {readonly since: number} | null;
	/** Why the last read failed. */
	readonly readProblem: Problem | null;
	/** Why the last look at the nodes failed as a whole. */
	readonly watchProblem: string | null;
	/** Null before the doctor is asked. */
	readonly preflight: Preflight | null;
	readonly looks: Looks;
	readonly lists: {readonly nodes: ListState; readonly reflectors: ListState; readonly matrix: ListState};
	readonly screen: Screen;
	readonly help: boolean;
	/** Why the last key did not do what was asked; gone with the next key. */
	readonly refusal: Problem | null;
	/** Exit code of a signal that came while a run was under way: the wizard leaves as soon as the run has ended. */
	readonly leaving: number | null;
};

/** The wizard before anything is read. `now` is on the run's clock. */
export function initialState(identity: ClusterIdentity, preset: Partial<Choice>, now: number): WizardState {
	return {
		identity,
		preset,
		answers: initialAnswers(preset),
		data: null,
		reading: {since: now},
		readProblem: null,
		watchProblem: null,
		preflight: null,
		looks: noLooks,
		lists: {nodes: emptyList, reflectors: emptyList, matrix: emptyList},
		screen: {name: 'nodes'},
		help: false,
		refusal: null,
		leaving: null,
	};
}

/** What is made of a snapshot, once for each. */
export function clusterData(
	snapshot: Snapshot,
	label: string,
	readAt: number,
	visibility: Visibility | null,
): ClusterData {
	const peering = preparePeering(snapshot);
	return {
		snapshot,
		readAt,
		peering,
		totals: countSessions(peering),
		rows: nodeRows(snapshot, peering, label),
		visibility,
	};
}

/** The run that is under way or has ended, wherever the user looks at it from. */
export function runScreenOf(screen: Screen): RunScreen | null {
	switch (screen.name) {
		case 'apply':
		case 'done':
			return screen;
		case 'peers':
			return screen.from.name === 'nodes' ? null : screen.from;
		case 'ended':
			return screen.of;
		case 'nodes':
		case 'reflectors':
		case 'preview':
		case 'confirm':
		case 'doctor':
			return null;
	}
}

/** The plan that the screens from the preview on show. */
export function planOf(screen: Screen): Plan | null {
	if (screen.name === 'preview') return screen.plan;
	if (screen.name === 'confirm') return screen.preview.plan;
	if (screen.name === 'doctor') return planOf(screen.from);
	return runScreenOf(screen)?.plan ?? null;
}

/** Whether a run is under way: the wizard must not just leave then. */
export function isRunning(state: WizardState): boolean {
	const shown = runScreenOf(state.screen);
	return shown !== null && shown.run.ended === null;
}
