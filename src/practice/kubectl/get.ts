import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {valuesAt} from './json-path.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {type Format, formatOf, type Typed} from './output.ts';
import {runRaw} from './raw.ts';
import {keyIn, namedObjects, typeText} from './resource-type.ts';
import {labelSelector} from './selector.ts';
import {columnsOf, printColumns} from './table.ts';

const noType = `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples`;

/** What a get found: objects, errors, and whether it can only be one object. */
type Found = {readonly items: readonly Typed[]; readonly errors: readonly Error[]; readonly single: boolean};

/** `kubectl get` */
export function runGet(host: Host, options: Arguments): Outcome {
	const raw = options.value('raw');
	if (raw !== undefined) return runRaw(host, raw);
	const format = formatOf(options);
	if (options.words.length === 0) throw new Refusal(noType);
	const found = find(host, options);
	return format ? formatted(found, format, options) : table(host, found, options);
}

/** The objects that a command line names, or that its selectors choose. */
export function find(host: Host, options: Arguments): Found {
	const {api, namespace} = host;
	const target = namedObjects(api.resources(), options.words);
	const attempts: readonly (() => readonly Typed[])[] =
		'named' in target
			? target.named.map(({resource, name}) => {
					if (options.value('selector') !== undefined) {
						throw new Refusal('error: name cannot be provided when a selector is specified');
					}
					return () => [{resource, object: api.get(resource, keyIn(resource, name, namespace))}];
				})
			: target.types.map(resource => () => list(host, options, resource));
	const items: Typed[] = [];
	const errors: Error[] = [];
	for (const attempt of attempts) {
		try {
			items.push(...attempt());
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			if (!(error.reason === 'NotFound' && options.has('ignore-not-found'))) errors.push(error);
		}
	}
	return {items, errors, single: 'named' in target && target.named.length === 1};
}

function list({api, namespace}: Host, options: Arguments, resource: ApiResource): readonly Typed[] {
	const inNamespace = resource.namespaced && !options.has('all-namespaces') ? namespace : undefined;
	const [labels, fields] = [options.value('selector'), options.value('field-selector')];
	const hasLabels = labels === undefined ? () => true : labelSelector(labels);
	const hasFields = fields === undefined ? () => true : fieldSelector(fields, resource);
	return api
		.list(resource, inNamespace)
		.filter(object => hasLabels(object.metadata.labels ?? {}) && hasFields(object))
		.map(object => ({resource, object}));
}

const podFields = ['spec.nodeName', 'status.phase', 'metadata.namespace', 'metadata.name'];

function fieldSelector(text: string, {collection}: ApiResource): (object: KubernetesObject) => boolean {
	const requirements = text.split(',').map(part => {
		const [, path = '', operator, value] = /^([\w.]+)(!=|==?)(.*)$/.exec(part) ?? [];
		const known = collection === 'pods' ? podFields : ['metadata.name'];
		if (!known.includes(path)) throw new NotModelledError(`the field selector ${part} for ${collection}`);
		return (object: KubernetesObject) => (valuesAt(path, object)[0] === value) === (operator !== '!=');
	});
	return object => requirements.every(holds => holds(object));
}

function formatted({items, errors, single}: Found, format: Format, options: Arguments): Outcome {
	const isSingle = single && items.length === 1;
	// A single object that is not there leaves nothing to print; a list prints what there is.
	if (single && items.length === 0) return {stdout: '', errors};
	if (items.length === 0 && (options.value('output') === 'name' || options.has('ignore-not-found')))
		return {stdout: '', errors};
	return {stdout: format(items, isSingle), errors};
}

function table(host: Host, {items, errors}: Found, options: Arguments): Outcome {
	if (items.length === 0) {
		if (errors.length > 0 || options.has('ignore-not-found')) return {stdout: '', errors};
		const isEverywhere = options.has('all-namespaces') || !isNamespaced(host, options);
		const where = isEverywhere ? '' : ` in ${host.namespace} namespace`;
		return {stdout: '', stderr: `No resources found${where}${where === '' ? '' : '.'}\n`};
	}
	const byType = new Map<ApiResource, KubernetesObject[]>();
	for (const {resource, object} of items) byType.set(resource, [...(byType.get(resource) ?? []), object]);
	const tables = [...byType].map(([resource, objects]) =>
		printTable(host, options, resource, objects, byType.size > 1),
	);
	return {stdout: tables.join('\n'), errors};
}

function isNamespaced({api}: Host, {words}: Arguments): boolean {
	const target = namedObjects(api.resources(), words);
	return 'types' in target && target.types.some(({namespaced}) => namespaced);
}

function printTable(
	{now}: Host,
	options: Arguments,
	resource: ApiResource,
	objects: readonly KubernetesObject[],
	withType: boolean,
): string {
	const all = columnsOf(resource);
	if (!all) throw new NotModelledError(`the table of ${resource.plural}`);
	const columns = all.filter(({wide}) => !wide || options.value('output') === 'wide');
	const withNamespace = resource.namespaced && options.has('all-namespaces');
	const withLabels = options.has('show-labels');
	const headings = [
		...(withNamespace ? ['NAMESPACE'] : []),
		...columns.map(({heading}) => heading),
		...(withLabels ? ['LABELS'] : []),
	];
	const rows = objects.map(object => {
		const cells = columns.map(({value}) => value(object, now));
		const [name = '', ...others] = cells;
		return [
			...(withNamespace ? [String(object.metadata.namespace)] : []),
			withType ? `${typeText(resource)}/${name}` : name,
			...others,
			...(withLabels ? [labelsText(object)] : []),
		];
	});
	return printColumns(options.has('no-headers') ? rows : [headings, ...rows]);
}

function labelsText({metadata}: KubernetesObject): string {
	const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
	return labels.length === 0 ? '<none>' : labels.sort().join(',');
}
