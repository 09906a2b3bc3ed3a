import {closeSync, fsyncSync, mkdirSync, openSync, readdirSync, writeSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ClusterIdentity} from '../cluster/port.ts';
import type {Direction, Plan, StepId} from '../core/plan/types.ts';
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
	| {readonly type: 'turned-back'; readonly at: string; readonly reason: string}
	| {readonly type: 'end'; readonly at: string; readonly outcome: string};

/** An append-only record of one run, from which it can be taken back later. */
export type Journal = {
	readonly path: string;
	/** Appends a line and waits until it is on the disk. */
	append(record: JournalRecord): void;
	close(): void;
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
export function createJournal(folder: string, plan: Plan, cluster: ClusterIdentity, now = new Date()): Journal {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const stamp = now.toISOString().replaceAll(':', '-');
	const path = join(folder, `${stamp}-${process.pid}.jsonl`);
	const file = openSync(path, 'ax', 0o600);
	const journal: Journal = {
		path,
		append(record) {
			writeSync(file, `${JSON.stringify(record)}\n`);
			fsyncSync(file);
		},
		close: () => closeSync(file),
	};
	const steps = plan.steps.map(({id, title, writes}) => ({id, title, writes}));
	journal.append({type: 'run', schemaVersion, at: now.toISOString(), direction: plan.direction, cluster, steps});
	return journal;
}
