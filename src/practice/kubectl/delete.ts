import {NotModelledError} from '../datastore/errors.ts';
import {qualifiedName, StatusError} from '../kubernetes/status-error.ts';
import {keyOf} from '../kubernetes/store.ts';
import type {Arguments} from './arguments.ts';
import {find} from './get.ts';
import type {Host} from './host.ts';
import {readManifests} from './manifests.ts';
import {errorWhen, type Outcome, Refusal} from './outcome.ts';
import type {Typed} from './output.ts';
import {keyIn, namedObjects, objectText} from './resource-type.ts';
import {dryRunOf} from './write.ts';

/** `kubectl delete` */
export function runDelete(host: Host, options: Arguments): Outcome {
	const dryRun = dryRunOf(options);
	if (dryRun === 'client') throw new NotModelledError('kubectl delete --dry-run=client');
	const output = options.value('output');
	if (output !== undefined && output !== 'name') {
		throw new Refusal(`error: unexpected -o output mode: ${output}. We only support '-o name'`);
	}
	const lines: string[] = [];
	const errors: Error[] = [];
	for (const attempt of attempts(host, options)) {
		try {
			const target = attempt();
			const {resource, object} = target;
			remove(host, target, dryRun === 'server');
			const type = qualifiedName({plural: resource.singular, group: resource.group});
			const suffix = dryRun === 'server' ? ' (server dry run)' : '';
			lines.push(
				output === 'name' ? objectText(resource, object) : `${type} "${object.metadata.name}" deleted${suffix}`,
			);
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			if (!(error.reason === 'NotFound' && options.has('ignore-not-found'))) errors.push(error);
		}
	}
	const isNothing = lines.length === 0 && errors.length === 0 && !options.has('ignore-not-found');
	return {stdout: isNothing ? 'No resources found\n' : lines.map(line => `${line}\n`).join(''), errors};
}

function remove({api}: Host, {resource, object, source}: Target, dryRun: boolean): void {
	try {
		api.delete(resource, keyOf(object), {dryRun});
	} catch (error) {
		throw source === undefined ? error : errorWhen('deleting', source, error);
	}
}

/** An object that shall go, and the file that says so. */
type Target = Typed & {readonly source?: string};

/** What shall go, each looked up when its turn comes: kubectl deletes by name without reading first. */
function attempts(host: Host, options: Arguments): readonly (() => Target)[] {
	const {api, namespace} = host;
	if (options.value('filename') !== undefined) {
		return readManifests(host, options).map(manifest => () => manifest);
	}
	if (options.words.length === 0)
		throw new Refusal('error: You must provide one or more resources by argument or filename.');
	const target = namedObjects(api.resources(), options.words);
	if ('named' in target) {
		return target.named.map(({resource, name}) => () => {
			const {namespace: where} = keyIn(resource, name, namespace);
			const metadata = {name, ...(where !== undefined && {namespace: where})};
			return {resource, object: {apiVersion: '', kind: resource.kind, metadata}};
		});
	}
	if (options.value('selector') === undefined && !options.has('all')) {
		throw new Refusal('error: resource(s) were provided, but no name was specified');
	}
	const {items, errors} = find(host, options);
	const [error] = errors;
	if (error) throw error;
	return items.map(item => () => item);
}
