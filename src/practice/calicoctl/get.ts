import {apiVersion} from '../../core/resources.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {StoredResource} from '../datastore/types.ts';
import type {Arguments} from './arguments.ts';
import {getOne} from './client.ts';
import {checkVersion, forEach, targetsOf} from './execute.ts';
import {type Host, type Outcome, Refusal} from './host.ts';
import {type KindInfo, kindCalled} from './kinds.ts';
import {printJson} from './print-json.ts';
import {printYaml} from './print-yaml.ts';
import {printTable} from './table.ts';

/** What one target of a get gave: a resource, or the list of a kind. */
type Found =
	| {readonly resource: StoredResource}
	| {readonly list: readonly StoredResource[]; readonly kind: StoredResource['kind']; readonly revision: string};

type Format =
	| {readonly type: 'yaml' | 'json'}
	| {readonly type: 'table'; readonly headings: (info: KindInfo) => readonly string[]};

/** `calicoctl get` */
export function runGet(host: Host, options: Arguments): Outcome {
	const format = formatOf(options.value('--output') ?? 'ps');
	const prefix = 'failed to get resources: ';
	checkVersion(host, options, prefix);
	const targets = targetsOf(host, options, prefix);
	const exported = options.has('--export') && options.words.length > 1;
	const {done, errors} = forEach(options, targets, ({kind, name}): Found => {
		if (name === '') return {list: host.datastore.list(kind), kind, revision: String(host.datastore.revision())};
		const resource = getOne(host.datastore, kind, name);
		return {resource: exported ? withoutIdentity(resource) : resource};
	});
	const stdout = print(done, format, host);
	return errors.length > 0 ? {stdout, error: errors.join('\n')} : {stdout};
}

/** `--export` takes away what belongs to this one cluster. */
function withoutIdentity(resource: StoredResource): StoredResource {
	const {uid: _uid, resourceVersion: _revision, creationTimestamp: _created, ...metadata} = resource.metadata;
	return {...resource, metadata};
}

function formatOf(output: string): Format {
	const [name = '', ...rest] = output.split('=');
	const value = rest.join('=');
	switch (name) {
		case 'yaml':
		case 'yml':
		case 'json':
			if (rest.length > 0) break;
			return {type: name === 'json' ? 'json' : 'yaml'};
		case 'ps':
		case 'wide':
			if (rest.length > 0) break;
			return {type: 'table', headings: info => (name === 'wide' ? info.wide : info.narrow)};
		case 'custom-columns':
			if (value === '') throw new Refusal('need to specify at least one column');
			return {type: 'table', headings: () => value.split(',')};
		case 'go-template':
			if (value === '') throw new Refusal('need to specify a template');
			throw new NotModelledError('Go templates');
		case 'go-template-file':
			if (value === '') throw new Refusal('need to specify a template file');
			throw new NotModelledError('Go templates');
	}
	throw new Refusal(`unrecognized output format '${output}'`);
}

function print(found: readonly Found[], format: Format, host: Host): string {
	if (format.type === 'table') return found.map(item => printItem(item, format.headings, host)).join('');
	const values = found.map(item =>
		'resource' in item
			? item.resource
			: {
					kind: `${item.kind}List`,
					apiVersion,
					metadata: {resourceVersion: item.revision},
					items: item.list,
				},
	);
	// Go prints a list of nothing as null.
	const value = values.length > 1 ? values : (values[0] ?? null);
	return format.type === 'json' ? printJson(value) : printYaml(value);
}

function printItem(item: Found, headingsOf: (info: KindInfo) => readonly string[], {datastore}: Host): string {
	const resources = 'resource' in item ? [item.resource] : item.list;
	const info = kindCalled('resource' in item ? item.resource.kind : item.kind);
	if (!info) return '';
	const headings = headingsOf(info);
	const unknown = headings.find(heading => !Object.hasOwn(info.columns, heading));
	if (unknown !== undefined) {
		throw new Refusal(`unknown heading ${unknown}, valid values are: ${Object.keys(info.columns).join(', ')}`);
	}
	const globalAs = datastore.get('BGPConfiguration', 'default')?.spec.asNumber ?? 64512;
	return printTable(info, headings, resources, String(globalAs));
}
