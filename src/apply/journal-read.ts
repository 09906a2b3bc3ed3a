import type {ClusterIdentity} from '../cluster/port.ts';
import {isObject} from '../core/json.ts';
import {mergeWrites} from '../core/plan/merge-writes.ts';
import {readChoice, type StoredChoice} from '../core/plan/stored-choice.ts';
import type {Direction, Holding, RunStamp} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';
import type {Write} from '../core/write.ts';
import {schemaVersion} from './events.ts';
import type {JournalRecord} from './journal.ts';

/** What a journal says about a run that is over, stopped or killed. */
export type JournaledRun = {
	readonly direction: Direction;
	readonly cluster: ClusterIdentity;
	readonly at: string;
	/**
	 * The forward writes that may have happened: those whose intent was written down, and those of the runs that this one
	 * goes on with or takes back. In their order.
	 */
	readonly written: readonly Write[];
	/** The forward writes that were planned, and those of the runs that this one goes on with. */
	readonly planned: readonly Write[];
	/** What was chosen; undefined where the run leads back. */
	readonly choice: StoredChoice | undefined;
	readonly stamp: RunStamp | undefined;
	readonly holding: Holding | undefined;
	/** Nodes on which the run may have left routes held. */
	readonly held: readonly string[];
	/** How it ended by its own account; undefined where it was killed. */
	readonly ended: string | undefined;
	/** The last line was cut off in the middle of writing it, as a crash or a full disk does. */
	readonly torn: boolean;
};

/**
 * Understands a journal. A last line cut off is what a crash leaves; anything else that is not as written is refused:
 * a way back built on guesses would be worse than none.
 * @throws UserError (exit code 1) naming the line.
 */
export function parseJournal(text: string, path: string): JournaledRun {
	const lines = text.split('\n');
	const last = lines.pop() ?? '';
	const records = lines.map((line, index) => parseLine(line, index + 1, path));
	const [first, ...rest] = records;
	if (first?.type !== 'run') throw damaged(path, 1, 'it does not begin with the plan of a run');
	if (first.schemaVersion !== schemaVersion) {
		throw damaged(
			path,
			1,
			`it was written by another version of this program (schema ${first.schemaVersion}, not ${schemaVersion})`,
		);
	}
	const forward = first.direction === 'forward';
	const earlier = first.continues?.written ?? [];
	const intents = rest.filter(record => forward && record.type === 'intent' && record.direction === 'forward');
	const end = rest.findLast(record => record.type === 'end');
	return {
		direction: first.direction,
		cluster: first.cluster,
		at: first.at,
		written: mergeWrites([...earlier, ...intents.flatMap(record => (record.type === 'intent' ? [record.write] : []))]),
		planned: mergeWrites([...earlier, ...(forward ? first.steps.flatMap(step => step.writes) : [])]),
		choice: readChoice(first.choice),
		stamp: first.choice?.stamp,
		holding: first.choice?.holding,
		held: heldBy(rest, first.continues?.held ?? []),
		ended: end?.type === 'end' ? end.outcome : undefined,
		torn: last !== '',
	};
}

function heldBy(records: readonly JournalRecord[], before: readonly string[]): readonly string[] {
	const held = new Set(before);
	for (const record of records) {
		if (record.type !== 'hold') continue;
		for (const node of record.nodes) {
			if (record.action === 'take') held.add(node);
			else held.delete(node);
		}
	}
	return [...held];
}

const types: ReadonlySet<unknown> = new Set<JournalRecord['type']>([
	'run',
	'intent',
	'outcome',
	'hold',
	'canary',
	'probe',
	'turned-back',
	'end',
]);

function parseLine(line: string, number: number, path: string): JournalRecord {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		throw damaged(path, number, 'it is not JSON');
	}
	if (!isObject(value) || !types.has(value.type) || !hasShape(value))
		throw damaged(path, number, 'it is no record of a run');
	// The type and the fields that are used were looked at.
	return value as unknown as JournalRecord;
}

function hasShape(value: {readonly [key: string]: unknown}): boolean {
	if (value.type === 'run') {
		return (
			isObject(value.cluster) &&
			typeof value.at === 'string' &&
			(value.direction === 'forward' || value.direction === 'back') &&
			Array.isArray(value.steps) &&
			value.steps.every(step => isObject(step) && areWrites(step.writes ?? [])) &&
			(value.choice === undefined || readChoice(value.choice) !== undefined) &&
			(value.continues === undefined ||
				(isObject(value.continues) && areWrites(value.continues.written) && areNames(value.continues.held)))
		);
	}
	if (value.type === 'hold') return areNames(value.nodes);
	return value.type !== 'intent' || isWrite(value.write);
}

function areNames(value: unknown): boolean {
	return Array.isArray(value) && value.every(name => typeof name === 'string');
}

/** Whether a value is a list of writes. */
export function areWrites(value: unknown): boolean {
	return Array.isArray(value) && value.every(isWrite);
}

function isWrite(write: unknown): boolean {
	if (!isObject(write) || typeof write.name !== 'string' || typeof write.kind !== 'string') return false;
	const [before, after] = [isObject(write.before), isObject(write.after)];
	return (
		(write.verb === 'create' && after) ||
		(write.verb === 'patch' && before && after) ||
		(write.verb === 'delete' && before)
	);
}

function damaged(path: string, line: number, what: string): UserError {
	return new UserError(`The journal ${path} cannot be trusted: line ${line}: ${what}.`, {
		exitCode: 1,
		next: ['Nothing was changed. Take the cluster back by hand, or give another journal with --journal.'],
	});
}
