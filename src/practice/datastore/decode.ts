import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {apiVersion, type Metadata} from '../../core/resources.ts';
import {DatastoreError, NotModelledError} from './errors.ts';
import {parseAsNumber, parseDuration, printDuration} from './scalars.ts';
import {type Field, type Fields, type FieldType, metadataFields, schemas} from './schema.ts';
import type {StoredKind, StoredResource} from './types.ts';

/** Where in Go's structs a value stands, for its error texts: the innermost struct and the path of JSON names. */
type Place = {readonly struct: string; readonly path: string};

/**
 * Reads a resource as calicoctl's strict decoder does: unknown fields are refused, `null` and Go's zero values are left
 * out, numbers are taken where texts are wanted, and the fields come in the order of Calico's structs.
 * @throws DatastoreError (`unreadable`) in the words of Go's decoder; NotModelledError for a kind that cannot be written.
 */
export function decodeResource(kind: StoredKind, value: JsonObject): StoredResource {
	const schema = schemas[kind];
	if (!schema) throw new NotModelledError(`writing a ${kind}`);
	const {spec, status, metadata, ...others} = value;
	for (const key of Object.keys(others).sort()) {
		if (key !== 'kind' && key !== 'apiVersion' && key !== 'status') throw unknownField(key);
	}
	if (status !== undefined && !schema.status) throw unknownField('status');
	const read = (part: Json | undefined, fields: Fields, place: Place, type: string): JsonObject => {
		if (part === undefined || part === null) return {};
		if (!isObject(part)) throw cannotRead(part, {struct: kind, path: place.path}, type);
		return decodeFields(part, fields, place);
	};
	// Go's decoder meets the parts in the order of the JSON made from YAML, whose keys are sorted.
	const decodedMetadata = read(metadata, metadataFields, {struct: 'ObjectMeta', path: 'metadata'}, 'v1.ObjectMeta');
	const decodedSpec = read(spec, schema.spec, {struct: schema.go, path: 'spec'}, `v3.${schema.go}`);
	return {
		kind,
		apiVersion,
		metadata: {name: '', ...decodedMetadata} as Metadata,
		spec: decodedSpec,
		...(schema.status && {
			status: read(status, schema.status, {struct: `${kind}Status`, path: 'status'}, `v3.${kind}Status`),
		}),
	};
}

function decodeFields(value: JsonObject, fields: Fields, place: Place): JsonObject {
	const names = new Map(Object.keys(fields).map(name => [name.toLowerCase(), name]));
	const decoded: Record<string, Json | undefined> = {};
	for (const key of Object.keys(value).sort()) {
		// Go matches a key that differs only in case.
		const name = Object.hasOwn(fields, key) ? key : names.get(key.toLowerCase());
		const field = name === undefined ? undefined : fields[name];
		if (name === undefined || !field) throw unknownField(key);
		decoded[name] = decodeField(value[key], field, {...place, path: `${place.path}.${name}`});
	}
	const present = Object.keys(fields).filter(name => decoded[name] !== undefined);
	return Object.fromEntries(present.map(name => [name, decoded[name]]));
}

function decodeField(value: Json | undefined, field: Field, place: Place): Json | undefined {
	const decoded = decodeValue(value, field, place);
	if (decoded === undefined || (!field.pointer && isZero(decoded))) return undefined;
	return decoded;
}

function isZero(value: Json): boolean {
	if (Array.isArray(value)) return value.length === 0;
	if (isObject(value)) return Object.keys(value).length === 0;
	return value === '' || value === 0 || value === false;
}

function decodeValue(value: Json | undefined, type: FieldType, place: Place): Json | undefined {
	if (value === undefined || value === null) return undefined;
	switch (type.type) {
		case 'string':
			return decodeString(value, place, 'string');
		case 'boolean':
			if (typeof value !== 'boolean') throw cannotRead(value, place, 'bool');
			return value;
		case 'integer':
			if (typeof value !== 'number') throw cannotRead(value, place, type.go);
			if (!Number.isInteger(value) || value < type.low || value > type.high) {
				throw cannotRead(`number ${value}`, place, type.go, true);
			}
			return value;
		case 'asNumber':
			return decodeAsNumber(value);
		case 'duration':
			return decodeDuration(value);
		case 'list':
			if (!Array.isArray(value)) throw cannotRead(value, place, type.go);
			return value.flatMap(item => decodeValue(item, type.of, place) ?? []);
		case 'map':
			if (!isObject(value)) throw cannotRead(value, place, 'map[string]string');
			return Object.fromEntries(
				Object.keys(value)
					.sort()
					.map(key => [key, decodeString(value[key] ?? '', place, 'string')]),
			);
		case 'struct':
			if (!isObject(value)) throw cannotRead(value, place, type.go);
			return decodeFields(value, type.fields, {struct: type.go.replace(/^.*\./, ''), path: place.path});
	}
}

/** YAML's `64512` or `true` is a text where Calico wants one (sigs.k8s.io/yaml converts by the target's type). */
function decodeString(value: Json, place: Place, type: string): string {
	if (typeof value === 'object') throw cannotRead(value, place, type);
	return String(value);
}

function decodeAsNumber(value: Json): number {
	if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
	if (typeof value !== 'string') {
		throw unreadable(`json: cannot unmarshal ${describe(value)} into Go value of type string`);
	}
	const number = parseAsNumber(value);
	if (number === undefined) throw unreadable(`invalid AS Number format (${value})`);
	return number;
}

function decodeDuration(value: Json): string {
	if (typeof value !== 'string') {
		throw unreadable(`json: cannot unmarshal ${describe(value)} into Go value of type string`);
	}
	const duration = parseDuration(value);
	if (duration === undefined) throw unreadable(`time: invalid duration "${value}"`);
	return printDuration(duration);
}

function describe(value: Json): string {
	if (Array.isArray(value)) return 'array';
	const names: Readonly<Record<string, string>> = {boolean: 'bool', object: 'object'};
	return names[typeof value] ?? typeof value;
}

function unknownField(key: string): DatastoreError {
	return unreadable(`json: unknown field "${key}"`);
}

function cannotRead(value: Json, {struct, path}: Place, type: string, described = false): DatastoreError {
	const what = described ? value : describe(value);
	return unreadable(`json: cannot unmarshal ${what} into Go struct field ${struct}.${path} of type ${type}`);
}

function unreadable(message: string): DatastoreError {
	return new DatastoreError('unreadable', `error unmarshaling JSON: while decoding JSON: ${message}`);
}
