import {readFile} from 'node:fs/promises';
import {text} from 'node:stream/consumers';
import {isObject, type JsonObject} from '../core/json.ts';
import {emptySnapshot, type Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';

const collections = {
	Node: 'nodes',
	BGPPeer: 'bgpPeers',
	BGPConfiguration: 'bgpConfigurations',
	IPPool: 'ipPools',
} as const;

type FieldType = 'string' | 'boolean' | 'number' | 'object' | 'as';

/** The fields that decide about sessions; a file with another type there is refused, as calicoctl would. */
const fieldTypes: Readonly<Record<keyof typeof collections, Readonly<Record<string, FieldType>>>> = {
	Node: {
		bgp: 'object',
		'bgp.asNumber': 'as',
		'bgp.ipv4Address': 'string',
		'bgp.ipv6Address': 'string',
		'bgp.routeReflectorClusterID': 'string',
	},
	BGPPeer: {
		node: 'string',
		nodeSelector: 'string',
		peerIP: 'string',
		peerSelector: 'string',
		localWorkloadSelector: 'string',
		asNumber: 'as',
		localASNumber: 'as',
		reversePeering: 'string',
		password: 'object',
	},
	BGPConfiguration: {
		nodeToNodeMeshEnabled: 'boolean',
		asNumber: 'as',
		listenPort: 'number',
		nodeMeshPassword: 'object',
	},
	IPPool: {cidr: 'string'},
};

/** What some files hold: the resources that decide about sessions, and how many others were left out, by kind. */
export type FileContents = {readonly snapshot: Snapshot; readonly ignored: ReadonlyMap<string, number>};

/**
 * Reads Calico resources from YAML (several documents, lists) or JSON files; `-` is standard input. Of two resources
 * with the same kind and name the later one counts.
 * @throws UserError (exit code 2) for a file that cannot be read or understood.
 */
export async function readResourceFiles(paths: readonly string[]): Promise<FileContents> {
	const found = {Node: new Map(), BGPPeer: new Map(), BGPConfiguration: new Map(), IPPool: new Map()};
	const ignored = new Map<string, number>();
	for (const path of paths) {
		for (const resource of await documentsOf(path)) {
			const kind = kindOf(resource, path);
			if (kind in found)
				found[kind as keyof typeof found].set(checkedName(resource, kind as keyof typeof found, path), resource);
			else ignored.set(kind, (ignored.get(kind) ?? 0) + 1);
		}
	}
	// checkedName has looked at every field that is used.
	const lists = Object.entries(collections).map(([kind, name]) => [
		name,
		[...found[kind as keyof typeof found].values()],
	]);
	return {snapshot: {...emptySnapshot, ...Object.fromEntries(lists)}, ignored};
}

async function documentsOf(path: string): Promise<readonly JsonObject[]> {
	const content = await contentOf(path);
	const values = /^\s*[[{]/.test(content) ? [parseJson(content, path)] : await yamlDocuments(content, path);
	return values.flatMap(value => flatten(value, path));
}

/** The YAML reader is loaded only where a file is not JSON: 5,000 nodes in JSON need none of it. */
async function yamlDocuments(content: string, path: string): Promise<readonly unknown[]> {
	const {parseYaml} = await import('./yaml-documents.ts');
	return parseYaml(content, path);
}

async function contentOf(path: string): Promise<string> {
	try {
		return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
	} catch (error) {
		const reasons: Readonly<Record<string, string>> = {
			ENOENT: 'there is no such file',
			EACCES: 'permission denied',
			EISDIR: 'it is a folder; name the files in it',
		};
		const code = (error as NodeJS.ErrnoException).code ?? '';
		throw new UserError(`Cannot read ${path}: ${reasons[code] ?? code}.`);
	}
}

function parseJson(content: string, path: string): unknown {
	try {
		return JSON.parse(content);
	} catch (error) {
		throw new UserError(`${path} is not valid JSON: ${(error as Error).message}.`);
	}
}

/** Lists within lists, at most: calicoctl prints one list, kubectl one, and a file may hold some of them in a list. */
const deepestList = 20;

function flatten(value: unknown, path: string, depth = 0): readonly JsonObject[] {
	if (depth > deepestList) throw new UserError(`${path} holds lists within lists, more than ${deepestList} deep.`);
	if (value === null) return [];
	if (Array.isArray(value)) return value.flatMap(item => flatten(item, path, depth + 1));
	if (!isObject(value)) throw new UserError(`${path} holds something that is no resource.`);
	return Array.isArray(value.items) ? value.items.flatMap(item => flatten(item, path, depth + 1)) : [value];
}

function kindOf(resource: JsonObject, path: string): string {
	const {kind, apiVersion} = resource;
	if (typeof kind !== 'string') throw new UserError(`${path} holds a resource without a kind.`);
	if (kind === 'Node' && apiVersion === 'v1') {
		throw new UserError(`${path} holds a Kubernetes Node; its BGP settings are in Calico's Node.`, {
			next: ['Use: calicoctl get nodes -o yaml'],
		});
	}
	return kind;
}

/** The resource's name, once every field that predict uses has the type it must have. */
function checkedName(resource: JsonObject, kind: keyof typeof collections, path: string): string {
	const {metadata, spec = {}} = resource;
	const name = isObject(metadata) ? metadata.name : undefined;
	if (!isObject(metadata) || typeof name !== 'string' || name === '')
		throw new UserError(`${path} holds a ${kind} without a name.`);
	const refuse = (field: string, expected: string) =>
		new UserError(`${path}: ${field} of ${kind} ${name} must be ${expected}.`);
	if (!isObject(spec)) throw refuse('spec', 'a map');
	const {labels = {}} = metadata;
	if (!isObject(labels) || Object.values(labels).some(label => typeof label !== 'string'))
		throw refuse('metadata.labels', 'a map of texts');
	for (const [field, type] of Object.entries(fieldTypes[kind])) {
		const [first = '', second] = field.split('.');
		const outer = spec[first];
		const value = second === undefined ? outer : isObject(outer) ? outer[second] : undefined;
		if (value !== undefined && value !== null && !fits(value, type)) throw refuse(`spec.${field}`, expected[type]);
	}
	return name;
}

const expected: Readonly<Record<FieldType, string>> = {
	string: 'a text',
	boolean: 'true or false',
	number: 'a number',
	object: 'a map',
	as: 'an AS number',
};

function fits(value: unknown, type: FieldType): boolean {
	switch (type) {
		case 'object':
			return isObject(value);
		case 'as':
			return typeof value === 'number' || typeof value === 'string';
		case 'string':
		case 'boolean':
		case 'number':
			return typeof value === type;
	}
}
