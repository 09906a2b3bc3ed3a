import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';

const printed = new WeakMap<KubernetesObject, string>();
const indent = '    ';

/** An object as `-o json` prints it: keys sorted, four blanks a level. Printed once for each version of an object. */
export function printObject(object: KubernetesObject): string {
	const known = printed.get(object);
	if (known !== undefined) return known;
	const text = printJson(withoutManagedFields(object));
	printed.set(object, text);
	return text;
}

const indented = new WeakMap<KubernetesObject, string>();

/** Several objects as `-o json` prints them, in a List of kubectl's own making. Known objects cost only their copying. */
export function printObjects(objects: readonly KubernetesObject[]): string {
	const items = objects.map(object => {
		const text = indented.get(object) ?? indentBy(2, printObject(object));
		indented.set(object, text);
		return text;
	});
	const list = objects.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
	const lines = ['"apiVersion": "v1"', `"items": ${list}`, '"kind": "List"', '"metadata": {'];
	return `{\n${lines.map(line => indent + line).join(',\n')}\n${indent.repeat(2)}"resourceVersion": ""\n${indent}}\n}`;
}

function indentBy(levels: number, text: string): string {
	const blanks = indent.repeat(levels);
	return `${blanks}${text.replaceAll('\n', `\n${blanks}`)}`;
}

/** An object as kubectl shows it: without who wrote which of its fields. */
export function withoutManagedFields(object: KubernetesObject): KubernetesObject {
	const {managedFields, ...metadata} = object.metadata;
	return managedFields === undefined ? object : {...object, metadata: {...metadata, name: metadata.name}};
}

/** Any value as kubectl prints JSON. */
export function printJson(value: Json): string {
	return escapeHtml(JSON.stringify(sorted(value), null, 4));
}

/** Go's encoder writes these as escapes, so that JSON can stand in HTML. */
function escapeHtml(text: string): string {
	return text.replace(/[<>&\u2028\u2029]/g, character => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});
}

/** A value with its keys in order; what is undefined is left out. */
export function sorted(value: Json): Json {
	if (Array.isArray(value)) return value.map(item => sorted(item ?? null));
	if (!isObject(value)) return value;
	const keys = Object.keys(value).filter(key => value[key] !== undefined);
	return Object.fromEntries(keys.sort().map(key => [key, sorted(value[key] ?? null)]));
}

/** The List that kubectl makes of several objects. */
export function listOf(objects: readonly KubernetesObject[]): JsonObject {
	return {apiVersion: 'v1', items: objects, kind: 'List', metadata: {resourceVersion: ''}};
}
