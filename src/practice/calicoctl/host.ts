import {readdirSync, readFileSync, statSync} from 'node:fs';
import {resolve} from 'node:path';
import type {Datastore} from '../datastore/datastore.ts';
import {DatastoreError} from '../datastore/errors.ts';
import type {NodeAnswer} from '../node/answers.ts';

/** What calicoctl finds where it is run. */
export type Host = {
	readonly datastore: Datastore;
	/** What `calicoctl version` says of itself: `v3.32.1`. */
	readonly clientVersion: string;
	readonly input: string;
	readonly directory: string;
	/** `calicoctl node status` on the machine that calicoctl runs on. */
	readonly nodeStatus: () => NodeAnswer;
};

/** What a command printed; an error goes to stderr and makes the exit code 1. */
export type Outcome = {readonly stdout: string; readonly error?: string};

/** The refusal of a command, with what it had printed before. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
	readonly stdout: string;
	constructor(message: string, stdout = '') {
		super(message);
		this.stdout = stdout;
	}
}

/** The text of a file. @throws DatastoreError in Go's words: `open x: no such file or directory`. */
export function readText(path: string, directory: string): string {
	try {
		return readFileSync(resolve(directory, path), 'utf8');
	} catch (error) {
		throw new DatastoreError('unreadable', `open ${path}: ${reason(error)}`);
	}
}

/** The manifests a `--filename` stands for: itself, or a directory's .yaml, .yml and .json files by name. */
export function manifestPaths(path: string, directory: string, recursive: boolean): readonly string[] | undefined {
	if (path === '-' || !isDirectory(path, directory)) return undefined;
	const entries = readdirSync(resolve(directory, path), {withFileTypes: true});
	const names = entries.sort((left, right) => (left.name < right.name ? -1 : 1));
	return names.flatMap(entry => {
		const inside = `${path.replace(/\/$/, '')}/${entry.name}`;
		if (entry.isDirectory()) return recursive ? (manifestPaths(inside, directory, true) ?? []) : [];
		return /\.(?:yaml|yml|json)$/i.test(entry.name) ? [inside] : [];
	});
}

function isDirectory(path: string, directory: string): boolean {
	return statSync(resolve(directory, path), {throwIfNoEntry: false})?.isDirectory() ?? false;
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file or directory',
	EACCES: 'permission denied',
	EISDIR: 'is a directory',
	ENOTDIR: 'not a directory',
};

function reason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return reasons[code] ?? code;
}
