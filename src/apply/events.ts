import type {Command} from '../cluster/port.ts';
import type {Waiting} from '../core/gates.ts';
import type {Direction, StepId} from '../core/plan/types.ts';
import type {ProbeReport, Unmeasured} from '../core/probe/report.ts';
import type {ProbePair} from '../core/probe/scope.ts';
import type {WrittenKind} from '../core/resources.ts';
import type {Observation} from '../core/session.ts';

/** Version of the NDJSON events and of the journal. */
export const schemaVersion = 1;

/** Why the run turned round, in our words and the tool's. */
export type Failure = {
	readonly step: StepId;
	readonly message: string;
	readonly words: string;
	readonly next: readonly string[];
};

/** Something the run could not take back, and how to do it by hand. */
export type Left = {
	readonly kind: WrittenKind | 'RouteHold' | 'Canary';
	readonly name: string;
	readonly reason: string;
	readonly command: Command | null;
};

/**
 * How a run ends. `not-started`: something was wrong before the first write, so nothing was written. `went-back`: all
 * that was written is taken back. `left`: the way back could not be walked to its end. `stopped`: interrupted twice.
 */
export type Outcome = 'done' | 'nothing-to-do' | 'not-started' | 'went-back' | 'left' | 'stopped';

/** What the pings between nodes tell beside the run's steps; only where the plan asks for them. */
export type ProbeNews =
	| {
			readonly state: 'started';
			/** Pairs that are measured, out of so many in the cluster. */
			readonly pairs: number;
			readonly of: number;
			/** Milliseconds from one ping to the next. */
			readonly interval: number;
			/** Pairs whose answers go to the node's own address, so that only the way there is measured. */
			readonly oneWay: number;
			readonly unmeasured: readonly Unmeasured[];
	  }
	| {
			readonly state: 'loss';
			/** Packets lost since the last such event. */
			readonly losses: ReadonlyArray<ProbePair & {readonly packets: number}>;
			/** Lost so far, summed over all pairs. */
			readonly milliseconds: number;
	  }
	| {readonly state: 'ended'; readonly report: ProbeReport};

/** What the engine tells every screen. `at` is in milliseconds on the run's clock. */
export type ApplyEvent = {readonly at: number} & (
	| {
			readonly type: 'run-started';
			readonly schemaVersion: typeof schemaVersion;
			readonly direction: Direction;
			readonly steps: readonly {readonly id: StepId; readonly title: string}[];
			readonly journal: string | null;
	  }
	| {readonly type: 'step-started'; readonly direction: Direction; readonly step: StepId; readonly title: string}
	| {
			readonly type: 'write';
			readonly step: StepId;
			readonly verb: 'create' | 'patch' | 'delete';
			readonly kind: WrittenKind;
			readonly name: string;
			readonly state: 'started' | 'done' | 'already-so' | 'unknown' | 'failed';
			readonly command: Command;
	  }
	| {
			readonly type: 'hold';
			readonly step: StepId;
			readonly action: 'take' | 'release';
			readonly node: string;
			readonly state: 'done' | 'failed';
			/** Copies made or taken away. */
			readonly routes: number;
			/** Why it failed; '' where it did not. */
			readonly words: string;
	  }
	| {
			readonly type: 'canary';
			readonly step: StepId;
			readonly node: string;
			/** What its mesh sessions were switched to. */
			readonly mesh: 'off' | 'on';
			readonly state: 'done' | 'failed';
			readonly sessions: number;
			/** Why it failed; '' where it did not. */
			readonly words: string;
	  }
	| ({readonly type: 'probe'} & ProbeNews)
	| {readonly type: 'observed'; readonly observation: Observation}
	| {
			readonly type: 'gate';
			readonly step: StepId;
			readonly state: 'waiting' | 'met' | 'failed';
			readonly established: number;
			readonly expected: number;
			readonly waiting: readonly Waiting[];
			/** Milliseconds since the gate began, and since the count last rose. */
			readonly elapsed: number;
			readonly sinceProgress: number;
	  }
	| {readonly type: 'step-done'; readonly direction: Direction; readonly step: StepId; readonly elapsed: number}
	| {readonly type: 'step-failed'; readonly direction: Direction; readonly step: StepId; readonly failure: Failure}
	| {
			readonly type: 'turned-back';
			readonly reason: 'failure' | 'interrupt';
			readonly steps: readonly {readonly id: StepId; readonly title: string}[];
	  }
	| {readonly type: 'notice'; readonly text: string}
	| {
			readonly type: 'run-ended';
			readonly outcome: Outcome;
			readonly failure: Failure | null;
			readonly left: readonly Left[];
			readonly journal: string | null;
	  }
);
