import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import {type Field, type Fields, type FieldType, schemas} from '../datastore/schema.ts';
import {celErrors} from '../datastore/spec-rules.ts';
import type {StoredKind} from '../datastore/types.ts';
import type {Cause} from './status-error.ts';

const text = (goName: string): Field => ({type: 'string', goName});

/** api/pkg/apis/projectcalico/v3/nodestatus.go, as its CRD's schema has it. */
const calicoNodeStatusSpec: Fields = {
	node: text('Node'),
	classes: {
		type: 'list',
		goName: 'Classes',
		go: '[]v3.NodeStatusClassType',
		of: {type: 'string', oneOf: ['Agent', 'BGP', 'Routes']},
	},
	updatePeriodSeconds: {type: 'integer', goName: 'UpdatePeriodSeconds', go: 'uint32', low: 0, high: 2 ** 32 - 1},
};

/** The defaults of the BGPConfiguration CRD (transcripts: get bgpconfigurations default). */
const defaults: Readonly<Record<string, JsonObject>> = {
	BGPConfiguration: {logSeverityScreen: 'Info', serviceLoadBalancerAggregation: 'Enabled'},
};

/** CEL rules of v3.32's BGPPeer CRD that Calico's Go rules word differently. */
const workloadRules: ReadonlyArray<readonly [broken: (spec: JsonObject) => boolean, message: string]> = [
	[
		spec => set(spec.localWorkloadSelector) && set(spec.peerIP),
		'peerIP must be empty when localWorkloadSelector is set',
	],
	[
		spec => set(spec.localWorkloadSelector) && set(spec.peerSelector),
		'peerSelector must be empty when localWorkloadSelector is set',
	],
	[
		spec => set(spec.localWorkloadSelector) && !set(spec.asNumber),
		'asNumber is required when localWorkloadSelector is set',
	],
];

/** The fields of a kind's spec, by the CRD. @throws NotModelledError for a kind that cannot be written here. */
function specFields(kind: string): Fields {
	if (kind === 'CalicoNodeStatus') return calicoNodeStatusSpec;
	const schema = kind === 'BGPPeer' || kind === 'BGPConfiguration' ? schemas[kind] : undefined;
	if (!schema) throw new NotModelledError(`writing a ${kind} with kubectl`);
	return schema.spec;
}

/** A spec with the CRD's defaults filled in. */
export function withDefaults(kind: string, spec: JsonObject | undefined): JsonObject | undefined {
	const absent = Object.entries(defaults[kind] ?? {}).filter(([field]) => spec && spec[field] === undefined);
	return absent.length === 0 ? spec : {...spec, ...Object.fromEntries(absent)};
}

/** The fields of an object that the CRD does not know, as the API server names them: `spec.colour`. */
export function unknownFields(object: JsonObject): readonly string[] {
	const {kind, spec, apiVersion: _version, metadata: _metadata, status: _status, ...others} = object;
	return [
		...Object.keys(others).filter(key => others[key] !== undefined),
		...unknownIn(spec, {type: 'struct', go: '', fields: specFields(String(kind))}, 'spec'),
	];
}

function unknownIn(value: Json | undefined, type: FieldType, path: string): readonly string[] {
	if (type.type === 'list' && Array.isArray(value)) {
		return value.flatMap((item, index) => unknownIn(item, type.of, `${path}[${index}]`));
	}
	if (type.type !== 'struct' || !isObject(value)) return [];
	return Object.keys(value).flatMap(key => {
		const field = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
		return field ? unknownIn(value[key], field, `${path}.${key}`) : [`${path}.${key}`];
	});
}

/** What the API server finds wrong with a custom resource: its OpenAPI schema first, its CEL rules only if that fits. */
export function schemaErrors(kind: string, spec: JsonObject | undefined): readonly Cause[] {
	const errors = valueErrors(spec, {type: 'struct', go: '', fields: specFields(kind)}, 'spec');
	if (errors.length > 0) {
		const skipped =
			'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
		// CalicoNodeStatus has no CEL rules that could have been skipped.
		const isRuled = kind !== 'CalicoNodeStatus';
		return isRuled ? [...errors, {field: '<nil>', message: `Invalid value: null: ${skipped}`}] : errors;
	}
	return ruleErrors(kind, spec ?? {}).map(message => ({field: 'spec', message: `Forbidden: ${message}`}));
}

function ruleErrors(kind: string, spec: JsonObject): readonly string[] {
	const rules = kind === 'BGPPeer' ? workloadRules : [];
	const messages = rules.flatMap(([broken, message]) => (broken(spec) ? [message] : []));
	const stored: StoredKind | undefined = kind === 'BGPPeer' || kind === 'BGPConfiguration' ? kind : undefined;
	return stored ? [...celErrors(stored, spec).map(({reason}) => reason), ...messages] : messages;
}

/** JSON's type for each of Calico's, as OpenAPI names it. */
const openApiTypes: Readonly<Record<FieldType['type'], string>> = {
	string: 'string',
	duration: 'string',
	boolean: 'boolean',
	integer: 'integer',
	asNumber: 'integer',
	struct: 'object',
	list: 'array',
	map: 'object',
};

function valueErrors(value: Json | undefined, type: FieldType, path: string): readonly Cause[] {
	if (value === undefined || value === null) return [];
	const wanted = openApiTypes[type.type];
	const found = jsonType(value);
	if (found !== wanted) {
		const message = `Invalid value: "${found}": ${path} in body must be of type ${wanted}: "${found}"`;
		return [{field: path, message}];
	}
	if (type.type === 'struct' && isObject(value)) {
		return Object.entries(type.fields).flatMap(([name, field]) => valueErrors(value[name], field, `${path}.${name}`));
	}
	if (type.type === 'list' && Array.isArray(value)) {
		return value.flatMap((item, index) => valueErrors(item, type.of, `${path}[${index}]`));
	}
	if (type.type === 'string' && type.oneOf && !type.oneOf.includes(String(value))) {
		const supported = type.oneOf.map(item => `"${item}"`).join(', ');
		return [{field: path, message: `Unsupported value: "${String(value)}": supported values: ${supported}`}];
	}
	return [];
}

function jsonType(value: Json): string {
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
}

function set(value: Json | undefined): boolean {
	return value !== undefined && value !== '' && value !== 0;
}
