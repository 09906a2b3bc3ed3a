import {isObject, type JsonObject} from '../../core/json.ts';
import {apiVersion, type Kind, type ResourceOf} from '../../core/resources.ts';
import {AnswerError, checkResource, readJson} from '../calicoctl/answers.ts';
import {toCalicoNode} from './node-view.ts';

/** Where a `crd.projectcalico.org/v1` object keeps the metadata that Calico's v3 object has (resources.go). */
const storedMetadata = 'projectcalico.org/metadata';

/** The API version that each kind may come in. */
const ours = /^(?:crd\.projectcalico\.org\/v1|projectcalico\.org\/v3)$/;

/** Resources by kind, in the order in which they came. */
export type ResourcesByKind = {readonly [K in Kind]: readonly ResourceOf[K][]};

/**
 * Reads `get KIND,KIND… -o json`: one list of all kinds. Resources come out as Calico's v3 has them, whichever API they
 * lie in. Throws AnswerError, also for a kind that was not asked for.
 */
export function readResources(text: string, kinds: readonly Kind[]): ResourcesByKind {
	const found: {[K in Kind]: ResourceOf[K][]} = {
		Node: [],
		BGPPeer: [],
		BGPConfiguration: [],
		IPPool: [],
		ClusterInformation: [],
	};
	for (const [index, item] of readItems(text).entries()) {
		const kind = kinds.find(each => each === item.kind);
		if (kind === undefined) throw new AnswerError(`Number ${index + 1} of the list is none of ${kinds.join(', ')}.`);
		// The collection of a kind holds that kind only.
		(found[kind] as ResourceOf[typeof kind][]).push(toCalico(item, kind, `number ${index + 1} of the list`));
	}
	return found;
}

/** The items of a list as kubectl prints it. Throws AnswerError. */
export function readItems(text: string): readonly JsonObject[] {
	const answer = readJson(text);
	if (!isObject(answer) || answer.kind !== 'List') throw new AnswerError('This is not a list.');
	const {items} = answer;
	if (!Array.isArray(items) || !items.every(isObject)) throw new AnswerError('The items of this list are no objects.');
	return items;
}

/** Reads `get KIND NAME -o json`. Throws AnswerError, also where it is another resource than that one. */
export function readResource<K extends Kind>(text: string, kind: K, name: string): ResourceOf[K] {
	const answer = readJson(text);
	if (!isObject(answer) || answer.kind !== kind) throw new AnswerError(`This is no ${kind}.`);
	const resource = toCalico(answer, kind, `${kind} ${name}`);
	if (resource.metadata.name !== name) throw new AnswerError(`This is another ${kind} than ${name}.`);
	return resource;
}

/** One object as Calico's v3 has it. Throws AnswerError. */
export function toCalico<K extends Kind>(item: JsonObject, kind: K, which: string): ResourceOf[K] {
	const fits = kind === 'Node' ? item.apiVersion === 'v1' : ours.test(String(item.apiVersion));
	if (!fits) throw new AnswerError(`${which} is a ${kind} of another API.`);
	if (kind === 'Node') return toCalicoNode(item, which) as ResourceOf[K];
	return checkResource({...item, apiVersion, metadata: calicoMetadata(item.metadata)}, kind, () => which);
}

/**
 * An object's metadata as Calico's v3 has it. `crd.projectcalico.org/v1` objects that Calico wrote keep the rest of it,
 * such as when they were created, in one annotation; those that kubectl wrote have none.
 */
export function calicoMetadata(metadata: unknown): unknown {
	if (!isObject(metadata) || !isObject(metadata.annotations)) return metadata;
	const {[storedMetadata]: stored, ...annotations} = metadata.annotations;
	if (typeof stored !== 'string') return metadata;
	const {annotations: _all, ...own} = metadata;
	return {
		...own,
		creationTimestamp: storedCreation(stored) ?? own.creationTimestamp,
		...(Object.keys(annotations).length > 0 && {annotations}),
	};
}

function storedCreation(text: string): string | undefined {
	try {
		const stored: unknown = JSON.parse(text);
		return isObject(stored) && typeof stored.creationTimestamp === 'string' ? stored.creationTimestamp : undefined;
	} catch {
		return undefined;
	}
}
