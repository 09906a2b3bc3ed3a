import {
	type CreateNodeOptions,
	type DocumentOptions,
	type ParseOptions,
	parseDocument,
	type SchemaOptions,
	type YAMLParseError,
} from 'yaml';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {apiVersion} from '../../core/resources.ts';
import {decodeResource} from '../datastore/decode.ts';
import {DatastoreError, NotModelledError} from '../datastore/errors.ts';
import type {StoredResource} from '../datastore/types.ts';
import {isOtherKind, kindCalled} from './kinds.ts';

/** go-yaml reads YAML 1.1 (`yes`, `010`), but takes times, dates and base 60 numbers as texts. */
const notInGo = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set'].map(tag => `tag:yaml.org,2002:${tag}`));
const yamlOptions: DocumentOptions & ParseOptions & SchemaOptions & CreateNodeOptions = {
	version: '1.1',
	customTags: tags =>
		tags.filter(
			tag => typeof tag === 'string' || !(notInGo.has(tag.tag) || ('format' in tag && tag.format === 'TIME')),
		),
};

/**
 * Reads the resources of a file as calicoctl does: several documents, lists of a kind, arrays; JSON is YAML.
 * @throws DatastoreError (`unreadable`) in calicoctl's words.
 */
export function loadResources(text: string): readonly StoredResource[] {
	return text
		.split(/\n---[^\n]*(?:\n|$)/)
		.filter(document => document.trim() !== '')
		.flatMap(document => resourcesOf(parseYaml(document)));
}

/** Reads one resource that is already JSON. @throws DatastoreError as loadResources. */
export function resourcesOf(value: Json): readonly StoredResource[] {
	if (value === null) return [];
	if (Array.isArray(value)) return value.flatMap(item => resourceOf(item));
	return resourceOf(value);
}

function resourceOf(value: Json): readonly StoredResource[] {
	if (!isObject(value) || typeof value.kind !== 'string' || value.kind === '') {
		const what = isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
		throw unreadable(
			`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type []unstructured.Unstructured`,
		);
	}
	const single = value.kind.replace(/List$/, '');
	const info = kindCalled(value.kind) ?? kindCalled(single);
	if (info === undefined || value.apiVersion !== apiVersion) {
		if (isOtherKind(single) && value.apiVersion === apiVersion) throw new NotModelledError(`the kind ${value.kind}`);
		const version = String(value.apiVersion ?? '');
		throw unreadable(`unknown resource type (${value.kind}) and/or version (${version})`);
	}
	if (value.kind === info.kind) return [decodeResource(info.kind, value)];
	return itemsOf(value).map(item => decodeResource(info.kind, item));
}

function itemsOf({
	items,
	kind,
	apiVersion: _version,
	metadata: _metadata,
	...others
}: JsonObject): readonly JsonObject[] {
	const [unknown] = Object.keys(others).sort();
	if (unknown !== undefined) throw unreadable(`json: unknown field "${unknown}"`);
	if (items === undefined || items === null) return [];
	if (!Array.isArray(items) || !items.every(isObject))
		throw new NotModelledError(`how a broken ${String(kind)} is refused`);
	return items;
}

/** A YAML document as JSON, read as go-yaml reads it. @throws DatastoreError (`unreadable`) in its words. */
export function parseYaml(text: string): Json {
	const document = parseDocument(text, yamlOptions);
	const [error] = document.errors;
	if (error) throw unreadable(`error converting YAML to JSON: yaml: ${yamlErrorText(error, text)}`);
	// A YAML document without tags of its own holds nothing but JSON.
	return (document.toJS() ?? null) as Json;
}

/** The error in go-yaml's words for the mistakes people make; for others the parser's own words. */
function yamlErrorText({code, message, linePos}: YAMLParseError, text: string): string {
	const [start] = linePos ?? [{line: 1, col: 1}];
	const lastLine = text.replace(/\n$/, '').split('\n').length;
	if (message.includes('end with a ]')) return `line ${lastLine}: did not find expected ',' or ']'`;
	if (message.includes('end with a }')) return `line ${lastLine}: did not find expected ',' or '}'`;
	if (code === 'DUPLICATE_KEY') {
		const key = /^\s*(?:- )?([^:]+):/.exec(text.split('\n')[start.line - 1] ?? '')?.[1] ?? '';
		return `unmarshal errors:\n  line ${start.line}: key "${key.trim()}" already set in map`;
	}
	return `line ${start.line}: ${message.split(' at line ')[0]}`;
}

function unreadable(message: string): DatastoreError {
	return new DatastoreError('unreadable', message);
}
