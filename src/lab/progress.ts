import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {isObject} from '../core/json.ts';

/** What is kept of a lab that was solved. */
export type LabRecord = {
	/** The most points ever. */
	readonly points: number;
	/** When it was solved first, ISO 8601. */
	readonly at: string;
};

export type Progress = ReadonlyMap<string, LabRecord>;

/** The learner's own file, beside the journals. */
export function progressFile(env: Readonly<Record<string, string | undefined>>): string {
	const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
	return join(state, 'calico-rr-wizard', 'labs.json');
}

/** What was solved so far; a file that is not there or not readable counts as nothing. */
export function readProgress(path: string): Progress {
	try {
		const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
		if (!isObject(kept)) return new Map();
		return new Map(
			Object.entries(kept).flatMap(([name, record]) =>
				isObject(record) && typeof record.points === 'number' && typeof record.at === 'string'
					? [[name, {points: record.points, at: record.at}] as const]
					: [],
			),
		);
	} catch {
		return new Map();
	}
}

/** Writes down that a lab is solved. Fewer points than before change nothing. */
export function keepSolved(path: string, name: string, points: number, now = new Date()): void {
	const kept = readProgress(path);
	const before = kept.get(name);
	const record = {points: Math.max(points, before?.points ?? 0), at: before?.at ?? now.toISOString()};
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	// Renamed into its place, so that two labs at once never leave half a file.
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, `${JSON.stringify(Object.fromEntries([...kept, [name, record]]), null, '\t')}\n`, {mode: 0o600});
	renameSync(draft, path);
}
