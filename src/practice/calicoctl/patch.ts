import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {DatastoreError, NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import {getOne} from './client.ts';
import {checkVersion, forEach, targetsOf} from './execute.ts';
import {type Host, type Outcome, Refusal} from './host.ts';
import {resourcesOf} from './load.ts';

/** `calicoctl patch`: always a strategic merge, whatever `--type` says, and always JSON. */
export function runPatch(host: Host, options: Arguments): Outcome {
	checkVersion(host, options);
	const {datastore} = host;
	const patch = options.value('--patch') ?? '';
	const {done, errors, singleKind} = forEach(options, targetsOf(host, options, ''), ({kind, name}) => {
		const current = getOne(datastore, kind, name);
		const merged = merge(current, parsePatch(patch));
		const [patched] = within('creating resource from patched data', () => resourcesOf(merged));
		if (!patched) throw new DatastoreError('unreadable', 'invalid number of patched resources: 0');
		return within('updating existing resource', () => datastore.update(patched));
	});
	if (errors.length > 0) throw new Refusal(`hit error: ${errors[0]}`);
	return {stdout: `Successfully patched ${done.length} '${singleKind}' resource\n`};
}

function within<T>(doing: string, action: () => T): T {
	try {
		return action();
	} catch (error) {
		if (error instanceof DatastoreError) throw new DatastoreError(error.kind, `${doing}: ${error.message}`);
		throw error;
	}
}

function parsePatch(text: string): JsonObject {
	const refused = new DatastoreError('unreadable', 'performing strategic merge patch: invalid JSON document');
	let patch: unknown;
	try {
		patch = JSON.parse(text);
	} catch {
		throw refused;
	}
	if (patch === null) return {};
	if (!isObject(patch)) throw refused;
	return patch;
}

/** A strategic merge of types without merge keys, as Calico's are: maps merge, null deletes, lists are replaced whole. */
function merge(original: JsonObject, patch: JsonObject): JsonObject {
	const merged: Record<string, Json | undefined> = {...original};
	for (const [key, value] of Object.entries(patch)) {
		if (key.startsWith('$')) throw new NotModelledError(`the strategic merge directive ${key}`);
		const old = merged[key];
		if (value === null || value === undefined) delete merged[key];
		else merged[key] = isObject(value) && isObject(old) ? merge(old, value) : value;
	}
	return merged;
}
