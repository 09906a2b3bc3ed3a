import type {ApplyEvent, Failure, Left, Outcome} from '../apply/events.ts';
import type {Waiting} from '../core/gates.ts';
import type {Direction, Plan, StepId} from '../core/plan/types.ts';
import type {ProbeReport} from '../core/probe/report.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {applyWrite, inverse} from '../core/write.ts';

type EventOf<T extends ApplyEvent['type']> = Extract<ApplyEvent, {type: T}>;

export type WriteView = Pick<EventOf<'write'>, 'verb' | 'kind' | 'name' | 'state'>;

export type GateView = Pick<EventOf<'gate'>, 'state' | 'established' | 'expected' | 'elapsed' | 'sinceProgress'> & {
	readonly waiting: readonly Waiting[];
};

/** A step of a run under way, in either direction. */
export type StepView = {
	readonly id: StepId;
	readonly title: string;
	readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'skipped';
	/** On the run's clock; null before it starts. */
	readonly startedAt: number | null;
	readonly elapsed: number | null;
	readonly writes: readonly WriteView[];
	readonly gate: GateView | null;
	/** Nodes and routes that a hold has worked on so far. */
	readonly held: {readonly nodes: number; readonly routes: number} | null;
};

/** The pings beside a run, as they stand. */
export type ProbeView = {
	readonly pairs: number;
	readonly of: number;
	/** Pairs of the plan that cannot be measured. */
	readonly unmeasured: number;
	/** Lost so far, summed over all pairs. */
	readonly milliseconds: number;
	/** What they came to; null while they go on. */
	readonly report: ProbeReport | null;
};

/** A run as it stands: what its events so far add up to. */
export type RunView = {
	readonly startedAt: number | null;
	/** When the last event came. */
	readonly latest: number;
	readonly journal: string | null;
	readonly forward: readonly StepView[];
	/** The steps of the way back; empty while the run goes forward. */
	readonly back: readonly StepView[];
	readonly turned: 'failure' | 'interrupt' | null;
	readonly failures: readonly Failure[];
	readonly notices: readonly string[];
	/** The pings between nodes; null where there are none. */
	readonly probe: ProbeView | null;
	/** How often the user asked to stop. */
	readonly interrupts: 0 | 1 | 2;
	/** The cluster as the writes done so far leave it: what sessions are expected now. */
	readonly snapshot: Snapshot;
	/** Whether any write was begun. */
	readonly touched: boolean;
	readonly ended: {
		readonly at: number;
		readonly outcome: Outcome;
		readonly failure: Failure | null;
		readonly left: readonly Left[];
	} | null;
};

/** A run before its first event. */
export function startingRun(plan: Plan): RunView {
	return {
		startedAt: null,
		latest: 0,
		journal: null,
		forward: plan.steps.map(toStep),
		back: [],
		turned: null,
		failures: [],
		notices: [],
		probe: null,
		interrupts: 0,
		snapshot: plan.original,
		touched: false,
		ended: null,
	};
}

const keptNotices = 20;

/** The run with one more event. */
export function withEvent(before: RunView, event: ApplyEvent, plan: Plan): RunView {
	const run = {...before, latest: event.at};
	switch (event.type) {
		case 'run-started':
			return {...run, startedAt: event.at, journal: event.journal, forward: event.steps.map(toStep)};
		case 'step-started':
			return withStep(run, event.direction, event.step, step => ({
				...step,
				title: event.title,
				state: 'running',
				startedAt: event.at,
			}));
		case 'write': {
			const {verb, kind, name, state} = event;
			const next = withStep(run, currentDirection(run), event.step, step => ({
				...step,
				writes: [...step.writes.filter(write => !isSame(write, event)), {verb, kind, name, state}],
			}));
			const done = state === 'done' || state === 'already-so';
			return {...next, touched: true, snapshot: done ? written(run.snapshot, plan, run, event) : run.snapshot};
		}
		case 'gate': {
			const {state, established, expected, waiting, elapsed, sinceProgress} = event;
			const gate = {state, established, expected, waiting, elapsed, sinceProgress};
			return withStep(run, currentDirection(run), event.step, step => ({...step, gate}));
		}
		case 'hold':
			return withStep(run, currentDirection(run), event.step, step => ({
				...step,
				held: {nodes: (step.held?.nodes ?? 0) + 1, routes: (step.held?.routes ?? 0) + event.routes},
			}));
		case 'canary': {
			const {node, mesh, sessions, words} = event;
			const text = words === '' ? `${sessions} mesh sessions switched ${mesh}` : `not switched ${mesh}: ${words}`;
			return {...run, notices: [...run.notices, `${node}: ${text}`].slice(-keptNotices)};
		}
		case 'probe':
			return {...run, probe: withProbe(run.probe, event)};
		case 'observed':
			return run;
		case 'step-done':
			return withStep(run, event.direction, event.step, step => ({...step, state: 'done', elapsed: event.elapsed}));
		case 'step-failed':
			return withStep({...run, failures: [...run.failures, event.failure]}, event.direction, event.step, step => ({
				...step,
				state: 'failed',
				elapsed: step.startedAt === null ? null : event.at - step.startedAt,
			}));
		case 'turned-back':
			return {...run, turned: event.reason, forward: run.forward.map(abandoned), back: event.steps.map(toStep)};
		case 'notice':
			return {...run, notices: [...run.notices, event.text].slice(-keptNotices)};
		case 'run-ended': {
			const {at, outcome, failure, left} = event;
			const journal = event.journal ?? run.journal;
			const failures = failure && run.failures.length === 0 ? [failure] : run.failures;
			const [forward, back] = [run.forward.map(abandoned), run.back.map(abandoned)];
			return {...run, journal, failures, forward, back, ended: {at, outcome, failure, left}};
		}
	}
}

function withProbe(before: ProbeView | null, news: EventOf<'probe'>): ProbeView | null {
	switch (news.state) {
		case 'started':
			return {pairs: news.pairs, of: news.of, unmeasured: news.unmeasured.length, milliseconds: 0, report: null};
		case 'loss':
			return before && {...before, milliseconds: news.milliseconds};
		case 'ended':
			return before && {...before, milliseconds: news.report.milliseconds, report: news.report};
	}
}

/** The exit code of a run that ended: 0 done, 1 failed, 130 interrupted. */
export function runExitCode({ended, turned}: RunView): number {
	if (!ended) return 1;
	switch (ended.outcome) {
		case 'done':
		case 'nothing-to-do':
			return 0;
		case 'not-started':
			return ended.failure ? 1 : 130;
		case 'went-back':
			return turned === 'interrupt' ? 130 : 1;
		case 'left':
			return 1;
		case 'stopped':
			return 130;
	}
}

function toStep({id, title}: {readonly id: StepId; readonly title: string}): StepView {
	return {id, title, state: 'waiting', startedAt: null, elapsed: null, writes: [], gate: null, held: null};
}

function currentDirection(run: RunView): Direction {
	return run.turned ? 'back' : 'forward';
}

function withStep(run: RunView, direction: Direction, id: StepId, change: (step: StepView) => StepView): RunView {
	const list = direction === 'forward' ? 'forward' : 'back';
	return {...run, [list]: run[list].map(step => (step.id === id ? change(step) : step))};
}

function abandoned(step: StepView): StepView {
	if (step.state === 'waiting') return {...step, state: 'skipped'};
	return step.state === 'running' ? {...step, state: 'stopped'} : step;
}

function isSame(write: WriteView, other: WriteView): boolean {
	return write.kind === other.kind && write.name === other.name && write.verb === other.verb;
}

/** The snapshot after an event's write: one of the plan's, or on the way back the inverse of one. */
function written(snapshot: Snapshot, plan: Plan, run: RunView, {kind, name, verb}: EventOf<'write'>): Snapshot {
	return plan.steps
		.flatMap(step => step.writes)
		.map(write => (run.turned ? inverse(write) : write))
		.filter(write => write.kind === kind && write.name === name && write.verb === verb)
		.reduce(applyWrite, snapshot);
}
