import {DatastoreError, NotModelledError} from '../datastore/errors.ts';
import type {StoredResource} from '../datastore/types.ts';
import type {Arguments} from './arguments.ts';
import {getOne, replace} from './client.ts';
import {checkVersion, forEach, targetsOf} from './execute.ts';
import {type Host, type Outcome, Refusal} from './host.ts';

type Labels = Readonly<Record<string, string>>;
/** What is to be done to a label; `value` is undefined where it is to go. */
type Wish = {readonly key: string; readonly value: string | undefined};

/** `calicoctl label`: reads, changes the labels, and writes with the revision that was read. */
export function runLabel(host: Host, options: Arguments): Outcome {
	const [kind = '', name = '', text = ''] = options.words;
	const wish = readWish(text, options);
	const cannotGet = `failed to get ${kind} ${name}, error `;
	checkVersion(host, options, cannotGet);
	const named = {...options, words: [kind, name]};
	const {done} = forEach(named, targetsOf(host, named, cannotGet), target =>
		getOne(host.datastore, target.kind, target.name),
	);
	// Any error at reading ends up as this.
	const [resource] = done;
	if (!resource) throw new Refusal(`${kind} ${name} not found`);
	const said = `${kind} ${name}`;
	const old = resource.metadata.labels ?? {};
	const labels = changed(old, wish, options.has('--overwrite'), said);
	write(host, {...resource, metadata: {...resource.metadata, labels}}, said);
	if (wish.value === undefined) return {stdout: `Successfully removed label ${wish.key} from ${said}\n`};
	const verb = Object.hasOwn(old, wish.key) ? 'updated' : 'set';
	return {stdout: `Successfully ${verb} label ${wish.key} on ${said}\n`};
}

function readWish(text: string, options: Arguments): Wish {
	if (options.has('--remove')) return {key: text, value: undefined};
	const [key = '', value, ...rest] = text.split('=');
	if (value === undefined || rest.length > 0) throw new Refusal(`invalid label ${text}`);
	return {key, value};
}

function changed(labels: Labels, {key, value}: Wish, overwrite: boolean, said: string): Labels {
	const exists = Object.hasOwn(labels, key);
	if (value === undefined) {
		if (!exists) throw new Refusal(`cannot remove label of ${said}, key ${key} does not exist`);
		const {[key]: _removed, ...others} = labels;
		return others;
	}
	if (exists && !overwrite && labels[key] !== value) {
		throw new Refusal(
			`failed to update label of ${said}, key ${key} is already present. please use '--overwrite' to set a new value`,
		);
	}
	return {...labels, [key]: value};
}

function write({datastore}: Host, resource: StoredResource, said: string): void {
	const {kind, metadata} = resource;
	const {labels = {}, ...others} = metadata;
	// Go leaves an empty map out.
	const kept = Object.keys(labels).length > 0 ? metadata : others;
	if (kind !== 'Node' && kind !== 'BGPPeer' && kind !== 'BGPConfiguration')
		throw new NotModelledError(`labelling a ${kind}`);
	try {
		replace(datastore, {kind, name: metadata.name, resource: {...resource, metadata: kept}});
	} catch (error) {
		if (error instanceof DatastoreError) throw new Refusal(`failed to update ${said}, label not changed`);
		throw error;
	}
}
