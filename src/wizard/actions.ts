import type {Verdicts} from '../apply/dry-run.ts';
import type {ApplyEvent} from '../apply/events.ts';
import type {ClusterIdentity, Visibility} from '../cluster/port.ts';
import type {KnownNodes} from '../core/candidate-facts.ts';
import type {Holding, Plan} from '../core/plan/types.ts';
import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import type {Preflight} from './preflight.ts';
import type {Problem} from './state.ts';

/** A key press, with what the screen as it is drawn says about it. */
export type KeyAction = {
	readonly type: 'key';
	/** As the key layer and the hints name it: `enter`, `ctrl+c`, `a`. */
	readonly name: string;
	/** What it writes where text is taken; '' for keys that write nothing. */
	readonly text: string;
	/** How many rows or lines are visible, and how far the text can be scrolled. */
	readonly page: number;
	readonly scrollLimit: number;
	/** On the run's clock. */
	readonly now: number;
};

/** Everything that can happen to the wizard: keys, and what the effects at its edge found out. */
export type Action =
	| KeyAction
	| {
			readonly type: 'read';
			readonly snapshot: Snapshot;
			readonly holding: Holding;
			readonly at: number;
			/** The cluster's name, which may be known only now. */
			readonly identity?: ClusterIdentity;
	  }
	| {readonly type: 'read-failed'; readonly problem: Problem}
	| {readonly type: 'visibility'; readonly visibility: Visibility}
	| {readonly type: 'facts'; readonly facts: KnownNodes}
	| {readonly type: 'observed'; readonly observations: readonly Observation[]}
	| {readonly type: 'watch-failed'; readonly message: string}
	/** What the server says to writes of a plan that are tried; without verdicts trying has begun. */
	| {readonly type: 'tried'; readonly plan: Plan; readonly verdicts: Verdicts; readonly isEnd: boolean}
	| {readonly type: 'preflight'; readonly preflight: Preflight}
	| {readonly type: 'saved'; readonly folder: string}
	| {readonly type: 'save-failed'; readonly problem: Problem}
	| {readonly type: 'run-event'; readonly event: ApplyEvent}
	/** The run could not begin, or its stream broke: a bug, or a journal that cannot be written. */
	| {readonly type: 'run-broke'; readonly problem: Problem; readonly at: number}
	| {readonly type: 'signal'; readonly exitCode: number}
	/** A run did not end in time after a signal; twice means that nobody waits any longer. */
	| {readonly type: 'run-overdue'};
