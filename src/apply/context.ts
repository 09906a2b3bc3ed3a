import type {Cluster} from '../cluster/port.ts';
import type {Clock} from '../core/clock.ts';
import type {Direction, StepId} from '../core/plan/types.ts';
import type {Observation} from '../core/session.ts';
import type {Write} from '../core/write.ts';
import type {ApplyEvent, Failure} from './events.ts';
import type {Journal, JournalRecord} from './journal.ts';
import type {Probe} from './probe.ts';

/** A part of a run: yields what happens, returns what came of it. */
export type Part<Result> = AsyncGenerator<ApplyEvent, Result, void>;

/** What all parts of one run share. */
export type RunContext = {
	readonly cluster: Cluster;
	readonly clock: Clock;
	readonly journal: Journal | null;
	/** Milliseconds a gate waits after its count last rose. */
	readonly gateTimeout: number;
	/** Aborted by the first interrupt: ends waiting, never a write. */
	readonly turn: AbortSignal;
	/** Aborted by the second interrupt: ends everything. */
	readonly stop: AbortSignal;
	/** Nodes whose BIRD can be looked at; 'all' where every one can. */
	visible: readonly string[] | 'all';
	/** The look at each node before the first write. */
	before: ReadonlyMap<string, Observation>;
	/** The pings beside the run; undefined where there are none. */
	probe: Probe | undefined;
	/** Forward writes whose intent is journaled: what a way back must look at. */
	readonly written: Write[];
	/** Nodes on which routes may be held. */
	readonly held: Set<string>;
	/** Nodes whose mesh sessions may be switched off in BIRD. */
	readonly canaries: Set<string>;
};

/** Where in a run something happens. */
export type Place = {readonly direction: Direction; readonly step: StepId};

/** Writes a journal line; a journal that cannot be written is a failure like any other. */
export function record(context: RunContext, step: StepId, line: JournalRecord): Failure | undefined {
	try {
		context.journal?.append(line);
		return undefined;
	} catch (error) {
		return {
			step,
			message: 'The journal cannot be written, and without it a crash could not be taken back.',
			words: error instanceof Error ? error.message : String(error),
			next: ['Make room, or set XDG_STATE_HOME to a folder on another disk.'],
		};
	}
}

/** The wall clock's time for the journal: journals of real and practice runs alike are found by when they were made. */
export function timestamp(): string {
	return new Date().toISOString();
}
