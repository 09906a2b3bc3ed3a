import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import type {Json} from '../../core/json.ts';
import {parseYaml} from '../calicoctl/load.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import type {Patch} from '../kubernetes/api-server.ts';
import type {PatchType} from '../kubernetes/patch.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import type {WriteOptions, Written} from '../kubernetes/strategy.ts';
import type {ObjectKey} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {keyIn, namedObjects} from './resource-type.ts';
import {type Deed, deedOf, dryRunOf, forEachNamed, managerOf, report} from './write.ts';

/** `kubectl patch` */
export function runPatch(host: Host, options: Arguments): Outcome {
	const {api, namespace, directory} = host;
	const file = options.value('patch-file');
	const text =
		options.value('patch') ?? (file === undefined ? undefined : readFileSync(resolve(directory, file), 'utf8'));
	if (text === undefined)
		throw new Refusal('error: must specify --patch or --patch-file containing the contents of the patch');
	const type = patchType(options.value('type') ?? 'strategic');
	if (dryRunOf(options) === 'client') throw new NotModelledError('kubectl patch --dry-run=client');
	const target = namedObjects(api.resources(), options.words);
	if (!('named' in target)) throw new Refusal('error: resource(s) were provided, but no name was specified');
	const body = patchBody(text);
	const {deeds, errors} = forEachNamed(target.named, ({resource, name}): Deed => {
		const key = keyIn(resource, name, namespace);
		// kubectl reads the object before it sends the patch, so that a reader without rights fails here.
		api.get(resource, key);
		const written = send(
			host,
			resource,
			key,
			{type, body},
			{
				dryRun: dryRunOf(options) === 'server',
				manager: managerOf(options),
			},
		);
		return deedOf(written, resource, written.changed ? 'patched' : 'patched (no change)');
	});
	return report(options, deeds, errors);
}

function send({api}: Host, resource: ApiResource, key: ObjectKey, patch: Patch, options: WriteOptions): Written {
	try {
		return api.patch(resource, key, patch, options);
	} catch (error) {
		if (!(error instanceof StatusError) || error.reason !== 'UnsupportedMediaType') throw error;
		const what = `${resource.group}/${resource.version}, Kind=${resource.kind}`;
		throw new Refusal(`error: application/strategic-merge-patch+json is not supported by ${what}: ${error.message}`);
	}
}

function patchType(name: string): PatchType {
	if (name === 'json' || name === 'merge' || name === 'strategic') return name;
	throw new Refusal(`error: --type must be one of [json merge strategic], not "${name}"`);
}

function patchBody(text: string): Json {
	try {
		return parseYaml(text);
	} catch (error) {
		const reason = (error instanceof Error ? error.message : '').replace('error converting YAML to JSON: ', '');
		throw new Refusal(`error: unable to parse ${JSON.stringify(text)}: ${reason}`);
	}
}
