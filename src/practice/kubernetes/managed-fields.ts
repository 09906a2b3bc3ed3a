import {equalJson, isObject, type Json, type JsonObject} from '../../core/json.ts';
import type {KubernetesObject} from './types.ts';

/** Who writes, as the API server notes it: `kubectl-create`, `calicoctl`. */
export type Manager = {readonly name: string; readonly time: string};

/** What the API server never notes: nobody owns an object's identity, its version or the notes themselves. */
const ownedByNobody = new Set([
	'name',
	'namespace',
	'uid',
	'creationTimestamp',
	'resourceVersion',
	'generation',
	'managedFields',
]);

/**
 * The object with `metadata.managedFields` as an Update leaves it (structured-merge-diff): the writer owns the fields
 * that it changed, and nobody else owns those any longer.
 */
export function withManager(
	before: KubernetesObject | undefined,
	after: KubernetesObject,
	{name, time}: Manager,
): KubernetesObject {
	const changed = changedFields(bodyOf(before), bodyOf(after));
	const entries = Array.isArray(before?.metadata.managedFields) ? before.metadata.managedFields.filter(isObject) : [];
	const isOwn = (entry: JsonObject): boolean => entry.manager === name && entry.operation === 'Update';
	const others = entries
		.filter(entry => !isOwn(entry))
		.map(entry => ({...entry, fieldsV1: without(entry.fieldsV1, changed)}))
		.filter(({fieldsV1}) => Object.keys(fieldsV1).length > 0);
	const own = entries.find(isOwn);
	const fields = onlyExisting(union(isObject(own?.fieldsV1) ? own.fieldsV1 : {}, changed), bodyOf(after));
	const entry = {
		manager: name,
		operation: 'Update',
		apiVersion: after.apiVersion,
		time,
		fieldsType: 'FieldsV1',
		fieldsV1: fields,
	};
	const kept = own && equalJson(own.fieldsV1, fields) ? own : entry;
	const managedFields = Object.keys(fields).length > 0 ? [...others, kept] : others;
	return {...after, metadata: {...after.metadata, ...(managedFields.length > 0 && {managedFields})}};
}

/** An object without what its schema names and nobody owns. */
function bodyOf(object: KubernetesObject | undefined): JsonObject {
	if (!object) return {};
	const {apiVersion: _version, kind: _kind, metadata, ...body} = object;
	const owned = Object.entries(metadata).filter(([key, value]) => !ownedByNobody.has(key) && value !== undefined);
	return owned.length > 0 ? {...body, metadata: Object.fromEntries(owned)} : body;
}

/** FieldsV1 of all that is different; a list counts as one field. */
function changedFields(before: Json | undefined, after: Json | undefined): JsonObject {
	const [old, young] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
	const keys = [...new Set([...Object.keys(old), ...Object.keys(young)])].sort();
	const entries = keys.flatMap((key): (readonly [string, JsonObject])[] => {
		if (equalJson(old[key], young[key])) return [];
		const inner = isObject(young[key]) || isObject(old[key]) ? changedFields(old[key], young[key]) : {};
		const isNew = isObject(young[key]) && old[key] === undefined;
		return [[`f:${key}`, {...(isNew && {'.': {}}), ...inner}]];
	});
	return Object.fromEntries(entries);
}

function union(left: JsonObject, right: JsonObject): JsonObject {
	const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
	return Object.fromEntries(
		keys.map(key => {
			const [one, other] = [left[key], right[key]];
			return [key, union(isObject(one) ? one : {}, isObject(other) ? other : {})];
		}),
	);
}

function without(fields: Json | undefined, taken: JsonObject): JsonObject {
	if (!isObject(fields)) return {};
	const entries = Object.entries(fields).flatMap(([key, inner]): (readonly [string, JsonObject])[] => {
		const other = taken[key];
		if (!isObject(inner)) return [];
		if (other === undefined) return [[key, inner]];
		const rest = without(inner, isObject(other) ? other : {});
		return Object.keys(rest).length > 0 ? [[key, rest]] : [];
	});
	return Object.fromEntries(entries);
}

/** Fields that are gone are owned by nobody. */
function onlyExisting(fields: JsonObject, value: Json | undefined): JsonObject {
	const object = isObject(value) ? value : {};
	const entries = Object.entries(fields).flatMap(([key, inner]): (readonly [string, JsonObject])[] => {
		if (key === '.') return [[key, {}]];
		const name = key.slice(2);
		return object[name] === undefined ? [] : [[key, onlyExisting(isObject(inner) ? inner : {}, object[name])]];
	});
	return Object.fromEntries(entries);
}
