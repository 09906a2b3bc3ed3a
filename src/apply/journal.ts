import {Buffer} from 'node:buffer';
import {closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, writeSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ClusterIdentity} from '../cluster/port.ts';
import type {Choice, Direction, Plan, StepId} from '../core/plan/types.ts';
import type {ProbeReport} from '../core/probe/report.ts';
import {slimWrite} from '../core/slim-write.ts';
import type {Write} from '../core/write.ts';
import {schemaVersion} from './events.ts';

/** What became of a write. `unknown` was settled by a later `done` or `undone` record, or never. */
export type WriteOutcome = 'done' | 'already-so' | 'undone' | 'unknown' | 'failed';

/** One line of a journal. A write's intent is on disk before the tool is called, its outcome after. */
export type JournalRecord =
	| {
			readonly type: 'run';
			readonly schemaVersion: number;
			readonly at: string;
			readonly direction: Direction;
			readonly cluster: ClusterIdentity;
			/** Every write of the plan with what stood there before: all that a way back needs. */
			readonly steps: ReadonlyArray<{readonly id: StepId; readonly title: string; readonly writes: readonly Write[]}>;
			/** What was chosen, so that `resume` can make the plan anew; absent where the run leads back. */
			readonly choice?: Choice;
			/** The run that this one goes on with or takes back; absent where it is the first. */
			readonly continues?: Continued;
	  }
	| {
			readonly type: 'intent';
			readonly at: string;
			readonly direction: Direction;
			readonly step: StepId;
			readonly write: Write;
	  }
	| {
			readonly type: 'outcome';
			readonly at: string;
			readonly direction: Direction;
			readonly step: StepId;
			readonly kind: string;
			readonly name: string;
			readonly outcome: WriteOutcome;
			readonly words?: string;
	  }
	| {readonly type: 'hold'; readonly at: string; readonly action: 'take' | 'release'; readonly nodes: readonly string[]}
	| {readonly type: 'canary'; readonly at: string; readonly node: string; readonly mesh: 'off' | 'on'}
	/** What the pings beside the run came to. */
	| {readonly type: 'probe'; readonly at: string; readonly report: ProbeReport}
	| {readonly type: 'turned-back'; readonly at: string; readonly reason: string}
	| {readonly type: 'end'; readonly at: string; readonly outcome: string};

/** An earlier run, and what of it may still stand: a chain of runs needs only its newest journal. */
export type Continued = {
	/** Its journal; null where only the cluster tells of it. */
	readonly journal: string | null;
	readonly at: string;
	readonly written: readonly Write[];
	readonly held: readonly string[];
};

/** An append-only record of one run, from which it can be taken back later. */
export type Journal = {
	readonly path: string;
	/** Appends a line and waits until it is on the disk. */
	append(record: JournalRecord): void;
	close(): void;
	/** Something to be said once the run begins. */
	readonly notice?: string;
};

/** Where journals are kept: `$XDG_STATE_HOME/calico-rr-wizard/journals`, by default below `~/.local/state`. */
export function journalFolder(environment: Readonly<Record<string, string | undefined>>): string {
	const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state');
	return join(state, 'calico-rr-wizard', 'journals');
}

/** Journals in a folder, newest first. Their names begin with the time. */
export function listJournals(folder: string): readonly string[] {
	try {
		return readdirSync(folder)
			.filter(name => name.endsWith('.jsonl'))
			.sort()
			.reverse()
			.map(name => join(folder, name));
	} catch (error) {
		if (isMissing(error)) return [];
		throw error;
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Starts a journal that only its owner can read. Its first line holds the plan's writes. */
export function createJournal(
	folder: string,
	plan: Plan,
	cluster: ClusterIdentity,
	{now = new Date(), continues}: {readonly now?: Date; readonly continues?: Continued | undefined} = {},
): Journal {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const stamp = now.toISOString().replaceAll(':', '-');
	const path = join(folder, `${stamp}-${process.pid}.jsonl`);
	const file = openSync(path, 'ax', 0o600);
	let size = 0;
	const journal: Journal = {
		path,
		append(record) {
			const line = Buffer.from(`${JSON.stringify(slim(record))}\n`);
			try {
				// A disk that is nearly full takes a part and says so only by the count (write(2)).
				for (let written = 0; written < line.length; ) written += writeSync(file, line, written);
				fsyncSync(file);
			} catch (error) {
				// A line cut in the middle would make what comes after it unreadable.
				ftruncateSync(file, size);
				throw error;
			}
			size += line.length;
		},
		close: () => closeSync(file),
	};
	const steps = plan.steps.map(({id, title, writes}) => ({id, title, writes}));
	const {direction, choice} = plan;
	journal.append({
		type: 'run',
		schemaVersion,
		at: now.toISOString(),
		direction,
		cluster,
		steps,
		...(choice && {choice}),
		...(continues && {continues: pickContinued(continues)}),
	});
	return journal;
}

/** What is given may know more about the run than the journal keeps. */
function pickContinued({journal, at, written, held}: Continued): Continued {
	return {journal, at, written, held};
}

function slim(record: JournalRecord): JournalRecord {
	if (record.type === 'intent') return {...record, write: slimWrite(record.write)};
	if (record.type !== 'run') return record;
	const {steps, continues} = record;
	return {
		...record,
		steps: steps.map(step => ({...step, writes: step.writes.map(slimWrite)})),
		...(continues && {continues: {...continues, written: continues.written.map(slimWrite)}}),
	};
}
