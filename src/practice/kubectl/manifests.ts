import {isObject, type Json} from '../../core/json.ts';
import {manifestPaths, readText} from '../calicoctl/host.ts';
import {parseYaml} from '../calicoctl/load.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {Refusal} from './outcome.ts';

/** An object of a file, with its type and what kubectl calls the file. */
export type Manifest = {readonly resource: ApiResource; readonly object: KubernetesObject; readonly source: string};

/** The objects of `--filename`: a file, a folder, or `-`. @throws Refusal in kubectl's words. */
export function readManifests(host: Host, options: Arguments): readonly Manifest[] {
	const filename = options.value('filename');
	if (filename === undefined) throw new Refusal(`error: must specify one of -f and -k`);
	const paths = manifestPaths(filename, host.directory, options.has('recursive')) ?? [filename];
	return paths.flatMap(path => {
		const source = path === '-' ? 'STDIN' : path;
		return objectsIn(path === '-' ? host.input : textOf(path, host.directory), source).map(object => ({
			resource: resourceOf(host.api.resources(), object, source),
			object,
			source,
		}));
	});
}

function textOf(path: string, directory: string): string {
	try {
		return readText(path, directory);
	} catch {
		throw new Refusal(`error: the path "${path}" does not exist`);
	}
}

function objectsIn(text: string, source: string): readonly KubernetesObject[] {
	const documents = text.split(/^---[^\n]*$/m).filter(document => document.trim() !== '');
	return documents.flatMap(document => items(parse(document, source), source));
}

function parse(text: string, source: string): Json {
	try {
		return parseYaml(text);
	} catch (error) {
		throw new Refusal(`error: error parsing ${source}: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function items(value: Json, source: string): readonly KubernetesObject[] {
	if (value === null) return [];
	if (!isObject(value)) throw new NotModelledError(`how kubectl refuses a file that holds no object (${source})`);
	const {apiVersion, kind} = value;
	const unset = Object.entries({apiVersion, kind}).filter(([, field]) => typeof field !== 'string' || field === '');
	if (unset.length > 0) {
		const texts = unset.map(([field]) => `${field} not set`);
		const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
		throw new Refusal(
			`error: error validating "${source}": error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
		);
	}
	if (String(kind).endsWith('List') && Array.isArray(value.items)) {
		return value.items.flatMap(item => items(item, source));
	}
	const metadata = isObject(value.metadata) ? value.metadata : {};
	// The API server finds the name missing; every other field is checked by the type's schema.
	return [{...value, metadata: {...metadata, name: String(metadata.name ?? '')}} as KubernetesObject];
}

function resourceOf(resources: readonly ApiResource[], object: KubernetesObject, source: string): ApiResource {
	const [version, group = ''] = object.apiVersion.split('/').reverse();
	const found = resources.find(
		resource => resource.kind === object.kind && resource.group === group && resource.version === version,
	);
	if (found) return found;
	if (group === '' || !group.endsWith('projectcalico.org')) {
		throw new NotModelledError(`the kind ${object.kind} of ${object.apiVersion}`);
	}
	const name = `name: "${object.metadata.name}" namespace: "${object.metadata.namespace ?? ''}"`;
	throw new Refusal(
		`error: resource mapping not found for ${name} from "${source}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
	);
}
