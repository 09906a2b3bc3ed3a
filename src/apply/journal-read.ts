import type {ClusterIdentity} from '../cluster/port.ts';
import {isObject} from '../core/json.ts';
import type {Direction} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';
import type {Write} from '../core/write.ts';
import {schemaVersion} from './events.ts';
import type {JournalRecord} from './journal.ts';

/** What a journal says about a run that is over, stopped or killed. */
export type JournaledRun = {
	readonly direction: Direction;
	readonly cluster: ClusterIdentity;
	readonly at: string;
	/** The forward writes whose intent was written down: they may have happened. In their order. */
	readonly written: readonly Write[];
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
	const intents = rest.filter(record => record.type === 'intent' && record.direction === first.direction);
	const end = rest.findLast(record => record.type === 'end');
	return {
		direction: first.direction,
		cluster: first.cluster,
		at: first.at,
		written: intents.flatMap(record => (record.type === 'intent' ? [record.write] : [])),
		held: heldBy(rest),
		ended: end?.type === 'end' ? end.outcome : undefined,
		torn: last !== '',
	};
}

function heldBy(records: readonly JournalRecord[]): readonly string[] {
	const held = new Set<string>();
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
	if (value.type === 'run')
		return isObject(value.cluster) && Array.isArray(value.steps) && typeof value.at === 'string';
	if (value.type === 'hold') return Array.isArray(value.nodes) && value.nodes.every(node => typeof node === 'string');
	if (value.type !== 'intent') return true;
	const {write} = value;
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
