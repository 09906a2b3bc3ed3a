import {isObject, type JsonObject} from '../../core/json.ts';
import type {Kind, ResourceOf} from '../../core/resources.ts';
import {fieldAt} from '../../core/write.ts';
import {sanitize} from '../sanitize.ts';

/** A tool's answer is not what Calico's resources look like; the message says where, in one sentence. */
export class AnswerError extends Error {
	override readonly name = 'AnswerError';
}

type FieldType = 'text' | 'true or false' | 'number' | 'number or text' | 'map';

const checks: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
	text: value => typeof value === 'string',
	'true or false': value => typeof value === 'boolean',
	number: value => typeof value === 'number',
	'number or text': value => typeof value === 'number' || typeof value === 'string',
	map: isObject,
};

/** The fields that the core reads, by dotted path. Each may be absent, unless marked; others are kept as they come. */
const fields: Readonly<Record<Kind, Readonly<Record<string, FieldType>>>> = {
	Node: {
		'spec.bgp': 'map',
		'spec.bgp.asNumber': 'number or text',
		'spec.bgp.ipv4Address': 'text',
		'spec.bgp.ipv6Address': 'text',
		'spec.bgp.routeReflectorClusterID': 'text',
	},
	BGPPeer: {
		'spec.node': 'text',
		'spec.nodeSelector': 'text',
		'spec.peerIP': 'text',
		'spec.peerSelector': 'text',
		'spec.localWorkloadSelector': 'text',
		'spec.asNumber': 'number or text',
		'spec.localASNumber': 'number or text',
		'spec.reversePeering': 'text',
		'spec.password': 'map',
		'spec.maxRestartTime': 'text',
	},
	BGPConfiguration: {
		'spec.nodeToNodeMeshEnabled': 'true or false',
		'spec.asNumber': 'number or text',
		'spec.listenPort': 'number',
		'spec.nodeMeshPassword': 'map',
		'spec.nodeMeshMaxRestartTime': 'text',
	},
	IPPool: {'spec.cidr': 'text', 'spec.ipipMode': 'text', 'spec.vxlanMode': 'text', 'spec.disabled': 'true or false'},
	ClusterInformation: {'spec.clusterGUID': 'text', 'spec.calicoVersion': 'text', 'spec.clusterType': 'text'},
};

/** Fields of the object's metadata, of every kind. */
const metadataFields: Readonly<Record<string, FieldType>> = {
	'metadata.labels': 'map',
	'metadata.annotations': 'map',
	'metadata.resourceVersion': 'text',
	'metadata.uid': 'text',
};

const typedFields: Readonly<Record<Kind, readonly TypedField[]>> = {
	Node: typed(fields.Node),
	BGPPeer: typed(fields.BGPPeer),
	BGPConfiguration: typed(fields.BGPConfiguration),
	IPPool: typed(fields.IPPool),
	ClusterInformation: typed(fields.ClusterInformation),
};

type TypedField = {readonly path: readonly string[]; readonly type: FieldType};

function typed(own: Readonly<Record<string, FieldType>>): readonly TypedField[] {
	return Object.entries({...metadataFields, ...own}).map(([path, type]) => ({path: path.split('.'), type}));
}

/** A name is passed on as an argument and shown on screens: it may not look like an option or break a line. */
const safeName = /^[^\s\p{C}-][^\s\p{C}]{0,252}$/u;

/** Deeper than any resource of Calico's; what nests deeper could overflow the stack of all that walks it. */
const deepest = 100;

/** Reads `get KIND… -o json`: a list of that kind. Throws AnswerError. */
export function readList<K extends Kind>(text: string, kind: K): readonly ResourceOf[K][] {
	const answer = readJson(text);
	if (!isObject(answer) || answer.kind !== `${kind}List`) throw new AnswerError(`This is not a list of ${kind}.`);
	const items = answer.items ?? [];
	if (!Array.isArray(items)) throw new AnswerError(`The items of this list of ${kind} are no list.`);
	return items.map((item, index) => checkResource(item, kind, () => `${kind} number ${index + 1} of the list`));
}

/** Reads `get KIND NAME -o json`. Throws AnswerError, also where it is another resource than that one. */
export function readOne<K extends Kind>(text: string, kind: K, name: string): ResourceOf[K] {
	const resource = checkResource(readJson(text), kind, () => `${kind} ${name}`);
	if (resource.metadata.name !== name) {
		throw new AnswerError(`This is ${kind} ${sanitize(resource.metadata.name)}, not ${name}.`);
	}
	return resource;
}

/** Reads a tool's JSON. Throws AnswerError. */
export function readJson(text: string): unknown {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new AnswerError(text.trim() === '' ? 'The answer is empty.' : 'The answer is no JSON.');
	}
	if (!isShallow(value, deepest)) throw new AnswerError('The answer is nested too deeply.');
	return value;
}

function isShallow(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return true;
	if (levels === 0) return false;
	// Without a list of the values: this walks every value of 5,000 nodes.
	for (const key in value) {
		if (!isShallow((value as JsonObject)[key], levels - 1)) return false;
	}
	return true;
}

/** Checks the fields that the core reads of a resource in Calico's v3 form. Throws AnswerError. */
export function checkResource<K extends Kind>(value: unknown, kind: K, which: () => string): ResourceOf[K] {
	if (!isObject(value) || value.kind !== kind) throw new AnswerError(`${which()} is no ${kind}.`);
	const {apiVersion, metadata, spec = {}} = value;
	if (typeof apiVersion !== 'string' || !isObject(metadata) || !isObject(spec)) {
		throw new AnswerError(`${which()} lacks its apiVersion, metadata or spec.`);
	}
	const {name} = metadata;
	if (typeof name !== 'string' || !safeName.test(name)) throw new AnswerError(`${which()} has no usable name.`);
	for (const {path, type} of typedFields[kind]) {
		const field = fieldAt(value, path);
		if (field !== undefined && !checks[type](field)) {
			throw new AnswerError(`${path.join('.')} of ${which()} is not a ${type}.`);
		}
	}
	if (kind === 'IPPool' && spec.cidr === undefined) throw new AnswerError(`spec.cidr of ${which()} is missing.`);
	for (const map of ['labels', 'annotations']) {
		if (!holdsTexts(metadata[map])) {
			throw new AnswerError(`metadata.${map} of ${which()} holds something that is not a text.`);
		}
	}
	const resource: JsonObject = value.spec === undefined ? {...value, spec} : value;
	// Every field that ResourceOf[K] names has been checked above.
	return resource as unknown as ResourceOf[K];
}

function holdsTexts(map: unknown): boolean {
	return !isObject(map) || Object.values(map).every(value => typeof value === 'string');
}
