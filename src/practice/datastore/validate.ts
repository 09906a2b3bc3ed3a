import {isIPv4, isIPv6} from 'node:net';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {parseSelector} from '../../core/selector/parse.ts';
import {SelectorError} from '../../core/selector/types.ts';
import {type ErroredField, invalidFields, NotModelledError} from './errors.ts';
import {metadataErrors} from './metadata-rules.ts';
import {isAddressAndPort, isCidr, isNetwork} from './scalars.ts';
import {type Check, type Field, type Fields, schemas} from './schema.ts';
import {celErrors, defaultOnlyErrors, structErrors} from './spec-rules.ts';
import type {StoredResource} from './types.ts';

const checks: Readonly<Record<Check, (text: string) => boolean>> = {
	// The field validator is laxer than the one for resource names: it admits upper case (validator.go, nameRegex).
	name: text => /^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(text),
	selector: isSelector,
	'IP:port': isAddressAndPort,
	ipv4: isIPv4,
	ipv6: isIPv6,
	cidrv4: text => isCidr(text, 4),
	cidrv6: text => isCidr(text, 6),
	net: isNetwork,
	logLevel: text => /^(Debug|Info|Warning|Error|Fatal)$/.test(text),
	mac: text => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text),
	sourceAddress: text => /^(UseNodeIP|None)$/.test(text),
};

/**
 * Checks a resource as Calico's client does before it writes: the rules, then those for a BGPConfiguration that is not
 * `default`. On Kubernetes the CEL rules are left to the API server (transcripts: kdd, errors).
 * @throws DatastoreError (`invalid`) in Calico's words.
 */
export function validateWrite(resource: StoredResource, withCel = true): void {
	validate(resource, withCel);
	const {kind, metadata, spec} = resource;
	const errors = defaultOnlyErrors(kind, metadata.name, spec);
	if (errors.length > 0) throw invalidFields(errors);
}

/**
 * Checks a resource by the Go rules in the order of the structs, then by the CEL rules of v3.32.
 * @throws DatastoreError (`invalid`) in Calico's words.
 */
export function validate(resource: StoredResource, withCel = true): void {
	const {kind, metadata, spec} = resource;
	const schema = schemas[kind];
	if (!schema) throw new NotModelledError(`the rules of ${kind}`);
	const errors = [
		...metadataErrors(metadata),
		...fieldErrors(spec, schema.spec),
		...structErrors(kind, spec),
		...(withCel ? celErrors(kind, spec) : []),
	];
	if (errors.length > 0) throw invalidFields(errors);
}

function fieldErrors(value: JsonObject, fields: Fields): readonly ErroredField[] {
	return Object.entries(fields).flatMap(([name, field]) => valueErrors(value[name], field));
}

function valueErrors(value: Json | undefined, field: Field): readonly ErroredField[] {
	if (value === undefined) return [];
	if (typeof value === 'string' && field.type === 'string') return stringErrors(value, field);
	if (isObject(value) && field.type === 'struct') return fieldErrors(value, field.fields);
	if (Array.isArray(value) && field.type === 'list') {
		return value.flatMap(item => valueErrors(item, {...field.of, goName: field.goName}));
	}
	return [];
}

function stringErrors(value: string, field: Field & {readonly type: 'string'}): readonly ErroredField[] {
	const {check, goName, oneOf} = field;
	// Which words 3.32.1 uses for these is not in the transcripts, so they are not made up.
	if (oneOf && !oneOf.includes(value)) throw new NotModelledError(`how ${goName} '${value}' is refused`);
	if (!check || value === '' || checks[check](value)) return [];
	return [{name: goName, value, reason: `Reason: failed to validate Field: ${goName} because of Tag: ${check} `}];
}

function isSelector(text: string): boolean {
	try {
		parseSelector(text);
		return true;
	} catch (error) {
		if (error instanceof SelectorError) return false;
		throw error;
	}
}
