import {equalJson} from '../json.ts';
import type {WrittenKind} from '../resources.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import {type FieldChange, fieldAt, fieldChanges, type Write, withChanges} from '../write.ts';

/** A field that is neither as a write found it nor as it left it: somebody else's. */
export type ForeignField = {
	readonly kind: WrittenKind;
	readonly name: string;
	readonly path: readonly string[];
	readonly value: unknown;
};

/**
 * The writes of a run and of those that went on with it as one list: of each field the oldest `before` and the newest
 * `after`, so that a way back leads to what was there before the first of them.
 */
export function mergeWrites(writes: readonly Write[]): readonly Write[] {
	const merged: Write[] = [];
	for (const write of writes) {
		const index = merged.findLastIndex(other => other.kind === write.kind && other.name === write.name);
		const earlier = merged[index];
		const both = earlier && mergeTwo(earlier, write);
		if (both) merged[index] = both;
		else merged.push(write);
	}
	return merged;
}

/** One write that does what two do; undefined where that takes two. */
function mergeTwo(earlier: Write, later: Write): Write | undefined {
	if (earlier.verb === 'create' && later.verb === 'create') return later;
	if (earlier.verb === 'delete' || later.verb !== 'patch') return undefined;
	const changes = fieldChanges(later.before, later.after);
	if (earlier.verb === 'create') return {...earlier, after: withChanges(earlier.after, changes)};
	const first = fieldChanges(earlier.before, earlier.after);
	const untouched = first.filter(({path}) => !changes.some(change => equalJson(change.path, path)));
	// Other people's changes between the two are in `later.before`: only our own fields may count as ours.
	return {...earlier, after: withChanges(earlier.before, [...untouched, ...changes])};
}

/** The fields a write touches, with what they were and shall be. */
export function touchedFields(write: Write): readonly FieldChange[] {
	if (write.verb === 'patch') return fieldChanges(write.before, write.after);
	const {spec} = write.verb === 'create' ? write.after : write.before;
	return Object.entries(spec).map(([field, value]) => {
		const path = ['spec', field];
		return write.verb === 'create' ? {path, before: undefined, after: value} : {path, before: value, after: undefined};
	});
}

/** Whether every field of every write is as it shall be. */
export function areDone(writes: readonly Write[], snapshot: Snapshot): boolean {
	return writes.every(write => {
		const found = findResource(snapshot, write.kind, write.name);
		return touchedFields(write).every(({path, after}) => equalJson(fieldAt(found, path), after));
	});
}

/** The fields that somebody else changed since. */
export function foreignFields(writes: readonly Write[], snapshot: Snapshot): readonly ForeignField[] {
	return writes.flatMap(write => {
		const {kind, name} = write;
		const found = findResource(snapshot, kind, name);
		return touchedFields(write).flatMap(({path, before, after}) => {
			const value = fieldAt(found, path);
			const isOurs = equalJson(value, before) || equalJson(value, after) || isMeshOn(path, before, value);
			return isOurs ? [] : [{kind, name, path, value}];
		});
	});
}

/** A mesh that is on by the field is what an absent field says: a way back that was stopped leaves it so. */
function isMeshOn(path: readonly string[], before: unknown, value: unknown): boolean {
	return path.at(-1) === 'nodeToNodeMeshEnabled' && before === undefined && value === true;
}
