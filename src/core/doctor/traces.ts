import type {Direction} from '../plan/types.ts';
import type {Seen} from '../session.ts';

/** The lock that a run of this program took on a cluster, on this machine. */
export type RunLock = {
	readonly pid: number;
	readonly host: string;
	/** In ISO 8601. */
	readonly since: string;
	/** Whether its process lives; one on another machine that shares the folder counts as living. */
	readonly alive: boolean;
	readonly path: string;
};

/** A journal on this machine of a run that did not come to its end. */
export type OpenJournal = {readonly path: string; readonly at: string; readonly direction: Direction};

/** What runs of this program left on the nodes and on this machine. */
export type RunTraces = {
	/** How many copies of routes the hold has on each node that was looked at. */
	readonly held: Seen<ReadonlyMap<string, Seen<number>>>;
	/** Null where no run of this machine has the lock. */
	readonly lock: Seen<RunLock | null>;
	/** Null where every run that this machine knows of came to its end. */
	readonly openJournal: Seen<OpenJournal | null>;
};

/** Traces that nobody looked for, for that reason. */
export function unknownTraces(reason: string): RunTraces {
	const unknown = {known: false, reason} as const;
	return {held: unknown, lock: unknown, openJournal: unknown};
}
