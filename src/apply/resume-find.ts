import {readFileSync} from 'node:fs';
import type {ClusterIdentity} from '../cluster/port.ts';
import {areDone, mergeWrites} from '../core/plan/merge-writes.ts';
import type {StoredChoice} from '../core/plan/stored-choice.ts';
import {type StoredRun, storedRun, unreadableNotes} from '../core/plan/stored-run.ts';
import type {Direction, Holding, RunStamp} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import type {Write} from '../core/write.ts';
import {type Continued, journalFolder, listJournals} from './journal.ts';
import {type JournaledRun, parseJournal} from './journal-read.ts';

/** An earlier run on this cluster, from its journal, from the cluster's own note, or from both. */
export type EarlierRun = Continued & {
	readonly direction: Direction;
	/** Who began it; null where only the journal of this machine tells of it. */
	readonly by: string | null;
	/** All that it was to write, done or not. */
	readonly planned: readonly Write[];
	/** Undefined where it leads back. */
	readonly choice: StoredChoice | undefined;
	readonly holding: Holding | undefined;
	readonly stamp: RunStamp | undefined;
	/** It went forward to its end. */
	readonly isDone: boolean;
};

/** What the run is looked for: one that wrote nothing can be gone on with, but there is nothing of it to take back. */
export type Purpose = 'resume' | 'rollback';

type Journaled = {readonly path: string; readonly run: JournaledRun};

/** Outcomes that leave nothing to take back or to go on with. */
const settled: readonly (string | undefined)[] = ['went-back', 'not-started', 'nothing-to-do'];

/**
 * The run on this cluster that can be taken back or gone on with; undefined where there is none. Where the journal and
 * the cluster's note tell of one run, both count: it may have been gone on with on another machine. Of two runs the
 * newer counts.
 * @throws UserError (exit code 1) where a journal of this cluster cannot be trusted.
 */
export function findEarlierRun(
	identity: ClusterIdentity,
	env: Readonly<Record<string, string | undefined>>,
	snapshot: Snapshot,
	purpose: Purpose,
): EarlierRun | undefined {
	const journaled = newestJournaled(identity, env, purpose);
	const stored = storedRun(snapshot);
	if (!journaled && !stored) {
		const [unreadable] = unreadableNotes(snapshot);
		if (unreadable === undefined) return undefined;
		throw new UserError(`BGPPeer ${unreadable} carries a note of a run that this version cannot read.`, {
			exitCode: 1,
			next: ['Use the version of this program that wrote it, or name a journal with --journal.'],
		});
	}
	if (journaled && stored) {
		const {run} = journaled;
		if (run.stamp?.id === stored.id) return both(journaled, stored);
		// A journal that leads back, or of a run without a note, has no other time than its own.
		const isNewer = (run.stamp?.at ?? run.at) > stored.at;
		return isNewer ? fromJournal(journaled) : fromCluster(stored, snapshot);
	}
	return journaled ? fromJournal(journaled) : stored && fromCluster(stored, snapshot);
}

/**
 * The run of one journal.
 * @throws UserError where it cannot be read, or is about another cluster.
 */
export function earlierRunAt(path: string, identity: ClusterIdentity, snapshot: Snapshot): EarlierRun {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		throw new UserError(`The journal ${path} cannot be read: ${(error as Error).message}.`);
	}
	const run = parseJournal(text, path);
	if (run.cluster.guid !== identity.guid) {
		throw new UserError(`The journal ${path} is about another cluster (${run.cluster.name}).`, {
			next: ['Name the right cluster, or another journal with --journal.'],
		});
	}
	const stored = storedRun(snapshot);
	return stored && run.stamp?.id === stored.id ? both({path, run}, stored) : fromJournal({path, run});
}

function fromJournal({path, run}: Journaled): EarlierRun {
	const {direction, at, written, planned, held, choice, holding, stamp, ended} = run;
	return {
		journal: path,
		direction,
		at,
		by: stamp?.by ?? null,
		written,
		planned,
		held,
		choice,
		holding,
		stamp,
		isDone: direction === 'forward' && ended === 'done',
	};
}

/** Which of the planned writes were done the cluster does not tell; taking back one that was not does nothing. */
function fromCluster({id, at, by, choice, writes}: StoredRun, snapshot: Snapshot): EarlierRun {
	return {
		journal: null,
		direction: 'forward',
		at,
		by,
		written: writes,
		planned: writes,
		held: [],
		choice,
		holding: undefined,
		stamp: {id, at, by},
		isDone: areDone(writes, snapshot),
	};
}

function both(journaled: Journaled, {writes}: StoredRun): EarlierRun {
	const run = fromJournal(journaled);
	return {
		...run,
		written: mergeWrites([...writes, ...run.written]),
		planned: mergeWrites([...writes, ...run.planned]),
	};
}

/** This cluster's newest journal whose writes may stand: none where a later one took them all back. */
function newestJournaled(
	identity: ClusterIdentity,
	env: Readonly<Record<string, string | undefined>>,
	purpose: Purpose,
): Journaled | undefined {
	for (const path of listJournals(journalFolder(env))) {
		const text = readFileSync(path, 'utf8');
		// A run whose first line never came to be whole wrote nothing: its first intent would have come after.
		if (!text.includes('\n')) continue;
		const run = parseJournal(text, path);
		if (run.cluster.guid !== identity.guid || settled.includes(run.ended)) continue;
		const isBack = run.direction === 'back';
		if (isBack && run.ended === 'done') return undefined;
		const isEmpty = run.written.length === 0 && run.held.length === 0;
		if (!isEmpty || (purpose === 'resume' && !isBack)) return {path, run};
	}
	return undefined;
}
