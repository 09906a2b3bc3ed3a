import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {type Field, type FieldType, schemas} from './schema.ts';
import type {StoredKind} from './types.ts';

/** Where a pointer leads in Go's `%v`; the number means nothing, in the real tool either. */
const address = '0xc000412345';

/** A kind's spec as Go's `%v` prints the struct: values without names, pointers as addresses. */
export function printGoValue(kind: StoredKind, spec: JsonObject): string {
	const fields = Object.entries(schemas[kind]?.spec ?? {});
	return `{${fields.map(([name, field]) => printField(spec[name], field)).join(' ')}}`;
}

function printField(value: Json | undefined, field: Field): string {
	// These two have a String method on the pointer.
	if (field.type === 'duration') return value === undefined ? 'nil' : `&Duration{Duration:${value},}`;
	if (field.type === 'asNumber') return value === undefined ? (field.pointer ? '<nil>' : '0') : String(value);
	if (field.pointer) return value === undefined ? '<nil>' : address;
	return printValue(value, field);
}

function printValue(value: Json | undefined, type: FieldType): string {
	switch (type.type) {
		case 'list':
			return `[${(Array.isArray(value) ? value : []).map(item => printValue(item, type.of)).join(' ')}]`;
		case 'struct': {
			const object = isObject(value) ? value : {};
			return `{${Object.entries(type.fields)
				.map(([name, field]) => printField(object[name], field))
				.join(' ')}}`;
		}
		case 'integer':
			return String(value ?? 0);
		case 'boolean':
			return String(value ?? false);
		default:
			return String(value ?? '');
	}
}
