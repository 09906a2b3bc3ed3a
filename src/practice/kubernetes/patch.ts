import {equalJson, isObject, type Json, type JsonObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import {StatusError} from './status-error.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

/** A JSON merge patch (RFC 7386): maps merge, null deletes, all else replaces. */
export function mergePatch(target: Json | undefined, patch: Json | undefined): Json | undefined {
	if (!isObject(patch)) return patch;
	const merged: Record<string, Json | undefined> = isObject(target) ? {...target} : {};
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) delete merged[key];
		else if (value !== undefined) merged[key] = mergePatch(merged[key], value);
	}
	return merged;
}

/**
 * The strategic merge patch of Kubernetes' own types, as far as it is a merge patch: labels, annotations and single
 * fields. Lists have merge keys of their own and are not known here.
 */
export function strategicMergePatch(target: JsonObject, patch: JsonObject): Json | undefined {
	refuseLists(patch);
	return mergePatch(target, patch);
}

function refuseLists(patch: JsonObject): void {
	for (const [key, value] of Object.entries(patch)) {
		if (key.startsWith('$')) throw new NotModelledError(`the strategic merge directive ${key}`);
		if (Array.isArray(value)) throw new NotModelledError(`a strategic merge patch of the list ${key}`);
		if (isObject(value)) refuseLists(value);
	}
}

/** A JSON patch (RFC 6902) with add, remove, replace and test. @throws StatusError as an API server words it. */
export function jsonPatch(target: JsonObject, patch: Json): Json | undefined {
	if (!Array.isArray(patch)) throw new NotModelledError('how a JSON patch that is no list is refused');
	return patch.reduce<Json | undefined>((document, operation) => {
		if (!isObject(operation) || typeof operation.path !== 'string') {
			throw new NotModelledError('how a broken JSON patch is refused');
		}
		const steps = operation.path
			.split('/')
			.slice(1)
			.map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
		return applyAt(document, steps, operation);
	}, target);
}

/** What the API server says of a patch that does not fit the object, whatever does not fit. */
function unfit(): StatusError {
	return new StatusError('Invalid', 'the server rejected our request due to an error in our request');
}

function applyAt(document: Json | undefined, steps: readonly string[], operation: JsonObject): Json | undefined {
	const [step, ...rest] = steps;
	if (step === undefined) return operate(document, operation);
	if (!isObject(document)) {
		if (Array.isArray(document)) throw new NotModelledError('a JSON patch inside a list');
		throw unfit();
	}
	const child = document[step];
	if (child === undefined && rest.length > 0) throw unfit();
	// A test for null holds where there is nothing; nothing else can be done to what is not there, but to add it.
	const testsAbsence = operation.op === 'test' && operation.value === null;
	if (child === undefined && testsAbsence) return document;
	if (child === undefined && operation.op !== 'add') throw unfit();
	return {...document, [step]: applyAt(child, rest, operation)};
}

function operate(value: Json | undefined, {op, value: wanted}: JsonObject): Json | undefined {
	switch (op) {
		case 'add':
		case 'replace':
			return wanted;
		case 'remove':
			return undefined;
		case 'test':
			if (!equalJson(value, wanted)) throw unfit();
			return value;
		default:
			throw new NotModelledError(`the JSON patch operation ${String(op)}`);
	}
}
