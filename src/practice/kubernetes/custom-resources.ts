import {equalJson, isObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from './api-resources.ts';
import {objectMetaErrors} from './metadata-errors.ts';
import {schemaErrors, unknownFields, withDefaults} from './schema-errors.ts';
import {invalid, StatusError} from './status-error.ts';
import type {KubernetesObject} from './types.ts';

/** What the API server does about fields that a custom resource's schema does not know. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** A written object as it shall be stored, and the warnings that go back with the answer. */
export type Prepared = {readonly object: KubernetesObject; readonly warnings: readonly string[]};

/** Checks and completes a new custom resource: unknown fields, defaults, schema, CEL rules. @throws StatusError */
export function prepareNew(resource: ApiResource, object: KubernetesObject, validation: FieldValidation): Prepared {
	const {object: known, warnings} = withoutUnknown(resource, object, validation);
	const complete = withSpecDefaults(known);
	check(resource, complete);
	return {object: {...complete, metadata: {...complete.metadata, generation: 1}}, warnings};
}

/** Checks and completes a changed custom resource; its generation counts changes outside the metadata. @throws StatusError */
export function prepareChanged(
	resource: ApiResource,
	before: KubernetesObject,
	object: KubernetesObject,
	validation: FieldValidation,
): Prepared {
	const {object: known, warnings} = withoutUnknown(resource, object, validation);
	const complete = withSpecDefaults(known);
	check(resource, complete);
	const {generation} = before.metadata;
	const grown = equalBodies(before, complete) || typeof generation !== 'number' ? generation : generation + 1;
	return {object: {...complete, metadata: {...complete.metadata, generation: grown}}, warnings};
}

/** Whether two versions of an object differ in their metadata at most. */
function equalBodies(left: KubernetesObject, right: KubernetesObject): boolean {
	const {metadata: _left, ...leftBody} = left;
	const {metadata: _right, ...rightBody} = right;
	return equalJson(leftBody, rightBody);
}

function withSpecDefaults(object: KubernetesObject): KubernetesObject {
	const spec = withDefaults(object.kind, object.spec);
	return spec === object.spec || spec === undefined ? object : {...object, spec};
}

function check(resource: ApiResource, {kind, metadata, spec}: KubernetesObject): void {
	if (spec !== undefined && !isObject(spec))
		throw new NotModelledError(`how a ${kind} whose spec is no map is refused`);
	const causes = [...objectMetaErrors(metadata), ...schemaErrors(kind, spec)];
	if (causes.length > 0) throw invalid(resource, metadata.name, causes);
}

/** Refuses, names or ignores fields that the schema does not know; what is left has none. @throws StatusError */
export function withoutUnknown(resource: ApiResource, object: KubernetesObject, validation: FieldValidation): Prepared {
	const unknown = unknownFields(object);
	if (unknown.length === 0) return {object, warnings: []};
	const texts = unknown.map(field => `unknown field "${field}"`);
	if (validation === 'Strict') {
		const {kind, version} = resource;
		throw new StatusError(
			'BadRequest',
			`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${texts.join(', ')}`,
		);
	}
	return {object: prune(object, unknown), warnings: validation === 'Warn' ? texts : []};
}

/** Takes unknown fields away, as the API server does before it stores. */
function prune(object: KubernetesObject, unknown: readonly string[]): KubernetesObject {
	const gone = new Set(unknown);
	const deeper = unknown.find(field => !/^(?:spec\.)?[^.[]+$/.test(field));
	if (deeper !== undefined) throw new NotModelledError(`pruning the unknown field ${deeper}`);
	const kept = Object.entries(object).filter(([field]) => !gone.has(field));
	const spec = Object.entries(object.spec ?? {}).filter(([field]) => !gone.has(`spec.${field}`));
	const {apiVersion, kind, metadata} = object;
	return {
		...Object.fromEntries(kept),
		apiVersion,
		kind,
		metadata,
		...(object.spec && {spec: Object.fromEntries(spec)}),
	};
}
