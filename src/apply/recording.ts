import {Buffer} from 'node:buffer';
import {closeSync, ftruncateSync, mkdirSync, openSync, writeSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Exec} from '../cluster/exec.ts';
import type {ClusterIdentity} from '../cluster/port.ts';
import {type RecordedCall, recordCalls} from '../cluster/recorder.ts';
import {redactJson} from '../cluster/redact-json.ts';
import type {Clock} from '../core/clock.ts';
import {equalJson, type Json} from '../core/json.ts';
import type {Plan} from '../core/plan/types.ts';
import {type ApplyEvent, schemaVersion} from './events.ts';
import type {Run} from './run.ts';

/** The first line of a recording. */
export type RecordingHeader = {
	readonly type: 'recording';
	readonly schemaVersion: number;
	/** When it began, in ISO 8601: second 0 of every call, on the wall's clock and on the run's. */
	readonly at: string;
	/** The version of this program. */
	readonly version: string;
	/** The command line that was recorded, without the program's name. */
	readonly command: readonly string[];
};

/** One line of a recording; a tool call has no type, as in the transcripts of real tools. */
export type RecordingLine =
	| RecordingHeader
	/** Written when it is connected to, and again when more is known of it. */
	| {readonly type: 'cluster'; readonly cluster: ClusterIdentity}
	| {readonly type: 'plan'; readonly plan: Plan}
	| {readonly type: 'event'; readonly event: ApplyEvent}
	| (RecordedCall & {readonly type?: undefined});

/** A recording under way. Nothing of it can fail a run: what could not be written is said by `close`. */
export type Recording = {
	readonly path: string;
	/** The same Exec, its calls kept. */
	around(exec: Exec, clock: Clock): Exec;
	connected(cluster: {readonly identity: ClusterIdentity}): void;
	/** The same run, its plan and events kept. */
	follow(plan: Plan, run: Run): Run;
	/** Ends it and gives why it is not complete; undefined where it is. */
	close(): string | undefined;
};

/** Where recordings are kept that nobody named: beside the journals (journal.ts). */
export function recordingPath(environment: Readonly<Record<string, string | undefined>>, now: Date): string {
	const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state');
	const name = `${now.toISOString().replaceAll(':', '-')}-${process.pid}.jsonl`;
	return join(state, 'calico-rr-wizard', 'recordings', name);
}

type Beginning = {readonly version: string; readonly command: readonly string[]; readonly now: Date};

/**
 * Begins a recording in a new file that only its owner can read; secrets are taken out of every line.
 * Throws what the file system says, EEXIST where there is such a file.
 */
export function createRecording(path: string, {version, command, now}: Beginning): Recording {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	const file = openSync(path, 'ax', 0o600);
	const origin = now.getTime();
	const append = appender(file);
	let cluster: {readonly identity: ClusterIdentity} | undefined;
	let identity: ClusterIdentity | undefined;
	const identify = (): void => {
		if (!cluster || equalJson(cluster.identity, identity)) return;
		identity = {...cluster.identity};
		append.line({type: 'cluster', cluster: identity});
	};
	append.line({type: 'recording', schemaVersion, at: now.toISOString(), version, command});
	return {
		path,
		around: (exec, clock) => recordCalls(exec, {clock, origin, take: append.line}),
		connected(connected) {
			cluster = connected;
			identify();
		},
		follow(plan, run) {
			// Who the cluster is may be known only since it was read.
			identify();
			append.line({type: 'plan', plan});
			return {events: kept(run.events, append.line), interrupt: () => run.interrupt()};
		},
		close() {
			identify();
			closeSync(file);
			return append.failure();
		},
	};
}

async function* kept(
	events: Run['events'],
	take: (line: RecordingLine) => void,
): AsyncGenerator<ApplyEvent, void, void> {
	for await (const event of events) {
		take({type: 'event', event});
		yield event;
	}
}

/** Appends lines until one cannot be written: what came after a gap would be a story that never happened. */
function appender(file: number): {line(line: RecordingLine): void; failure(): string | undefined} {
	let size = 0;
	let failure: string | undefined;
	return {
		failure: () => failure,
		line(line) {
			if (failure !== undefined) return;
			// A line is JSON by its type, but for fields that are undefined, which JSON leaves out.
			const text = Buffer.from(`${JSON.stringify(redactJson(line as unknown as Json))}\n`);
			try {
				// A disk that is nearly full takes a part and says so only by the count (write(2)).
				for (let written = 0; written < text.length; ) written += writeSync(file, text, written);
				size += text.length;
			} catch (error) {
				failure = error instanceof Error ? error.message : String(error);
				ftruncateSync(file, size);
			}
		},
	};
}
