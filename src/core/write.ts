import {equalJson, isObject, type Json, type JsonObject} from './json.ts';
import type {WrittenKind, WrittenResource} from './resources.ts';
import {type Snapshot, withResource} from './snapshot.ts';

/**
 * One change of one resource, as data: what stands there before and what shall stand there after.
 * The preview's diff, the tool's arguments, the dry run, the journal and the way back are all made from it.
 */
export type Write =
	| {readonly verb: 'create'; readonly kind: WrittenKind; readonly name: string; readonly after: WrittenResource}
	| {
			readonly verb: 'patch';
			readonly kind: WrittenKind;
			readonly name: string;
			readonly before: WrittenResource;
			readonly after: WrittenResource;
	  }
	| {readonly verb: 'delete'; readonly kind: WrittenKind; readonly name: string; readonly before: WrittenResource};

/** One field that a patch touches; undefined means that the field is absent. */
export type FieldChange = {
	readonly path: readonly string[];
	readonly before: Json | undefined;
	readonly after: Json | undefined;
};

/** The resource as the write expects to find it, or undefined where it expects none. */
export function beforeOf(write: Write): WrittenResource | undefined {
	return write.verb === 'create' ? undefined : write.before;
}

/** The resource as the write leaves it, or undefined where it deletes it. */
export function afterOf(write: Write): WrittenResource | undefined {
	return write.verb === 'delete' ? undefined : write.after;
}

/** The write that takes this one back. */
export function inverse(write: Write): Write {
	const {kind, name} = write;
	switch (write.verb) {
		case 'create':
			return {verb: 'delete', kind, name, before: write.after};
		case 'delete':
			return {verb: 'create', kind, name, after: write.before};
		case 'patch':
			return {verb: 'patch', kind, name, before: write.after, after: write.before};
	}
}

/** The fields a patch touches, deepest first difference: lists count as one value, as in Calico's strategic merge. */
export function fieldChanges(
	before: Json | undefined,
	after: Json | undefined,
	path: readonly string[] = [],
): FieldChange[] {
	if (equalJson(before, after)) return [];
	if (isObject(before) && isObject(after)) {
		return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key =>
			fieldChanges(before[key], after[key], [...path, key]),
		);
	}
	// Labels and annotations belong to many: by the time a map of them is written, other people's keys may stand in it.
	const map = isObject(after) ? after : before;
	if (isSharedMap(path) && isObject(map)) {
		return Object.keys(map).flatMap(key => fieldChanges(fieldAt(before, [key]), fieldAt(after, [key]), [...path, key]));
	}
	return [{path, before, after}];
}

function isSharedMap([top, field, ...rest]: readonly string[]): boolean {
	return top === 'metadata' && (field === 'labels' || field === 'annotations') && rest.length === 0;
}

/** The JSON patch body of some field changes: nested maps, null where a field goes (calico.md §1.6). */
export function patchBody(changes: readonly FieldChange[]): JsonObject {
	let body: JsonObject = {};
	for (const {path, after} of changes) body = withField(body, path, after === undefined ? null : after);
	return body;
}

/** The value at a path inside a resource, or undefined. */
export function fieldAt(value: unknown, path: readonly string[]): Json | undefined {
	let current: unknown = value;
	for (const key of path) {
		if (!isObject(current)) return undefined;
		current = current[key];
	}
	return current as Json | undefined;
}

/** The resource with those changes made; maps that become empty go, as Calico's encoder leaves them out. */
export function withChanges<R>(resource: R, changes: readonly FieldChange[]): R {
	let next: unknown = resource;
	for (const {path, after} of changes) next = withField(next as JsonObject, path, after);
	// Only fields below the resource's own shape are replaced.
	return next as R;
}

function withField(value: JsonObject, path: readonly string[], field: Json | undefined): JsonObject {
	const [key, ...rest] = path;
	if (key === undefined) return value;
	const {[key]: old, ...others} = value;
	const next = rest.length === 0 ? field : withField(isObject(old) ? old : {}, rest, field);
	const gone =
		next === undefined || (rest.length > 0 && field === undefined && isObject(next) && Object.keys(next).length === 0);
	if (gone) return others;
	// Keep the key where it stood, so that a diff shows the change and nothing else.
	return old === undefined
		? {...value, [key]: next}
		: Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === key ? next : item]));
}

/** The snapshot as it will be once the write is done. */
export function applyWrite(snapshot: Snapshot, write: Write): Snapshot {
	return withResource(snapshot, write.kind, write.name, afterOf(write));
}
