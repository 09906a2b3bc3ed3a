import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import type {Metadata} from '../../core/resources.ts';
import {type Field, type Fields, type FieldType, metadataFields, schemas} from './schema.ts';
import type {StoredResource} from './types.ts';

/** A resource with its fields in the order of Calico's structs, which is the order of `-o json`. */
export function inGoOrder({kind, apiVersion, metadata, spec, status}: StoredResource): StoredResource {
	const schema = schemas[kind];
	return {
		kind,
		apiVersion,
		// The same fields, so it is still metadata.
		metadata: ordered(metadata, metadataFields) as Metadata,
		spec: schema ? ordered(spec, schema.spec) : spec,
		...(status !== undefined && {status}),
	};
}

function ordered(value: JsonObject, fields: Fields): JsonObject {
	const known = Object.keys(fields).filter(name => value[name] !== undefined);
	const others = Object.keys(value).filter(name => !Object.hasOwn(fields, name));
	return Object.fromEntries(
		[...known, ...others].map(name => {
			const field: Field | undefined = fields[name];
			return [name, field ? orderedValue(value[name], field) : value[name]];
		}),
	);
}

function orderedValue(value: Json | undefined, type: FieldType): Json | undefined {
	if (type.type === 'struct' && isObject(value)) return ordered(value, type.fields);
	if (type.type === 'list' && Array.isArray(value)) return value.map(item => orderedValue(item, type.of) ?? null);
	if (type.type === 'map' && isObject(value)) {
		return Object.fromEntries(
			Object.keys(value)
				.sort()
				.map(key => [key, value[key]]),
		);
	}
	return value;
}
