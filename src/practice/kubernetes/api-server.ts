import {isObject, type Json} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {NodeAnswer} from '../node/answers.ts';
import {type ApiOptions, type ApiResource, servedResources} from './api-resources.ts';
import {createCalicoStrategy} from './calico-strategy.ts';
import {jsonPatch, mergePatch, type PatchType, strategicMergePatch} from './patch.ts';
import {type Attributes, isAllowed, type User} from './rbac.ts';
import {notFound, qualifiedName, StatusError} from './status-error.ts';
import type {ObjectStore} from './store.ts';
import {
	createCustomStrategy,
	createNodeStrategy,
	readOnlyStrategy,
	type Strategy,
	type WriteOptions,
	type Written,
} from './strategy.ts';
import type {KubernetesObject, ObjectKey} from './types.ts';

/** The API server as one user meets it. Every method throws StatusError where it refuses. */
export type ApiClient = {
	readonly user: User;
	/** The resource types that are served. Any user may ask whose credentials still hold. */
	resources(): readonly ApiResource[];
	get(resource: ApiResource, key: ObjectKey): KubernetesObject;
	/** All objects of a type, or those of one namespace; the same array until a write. */
	list(resource: ApiResource, namespace?: string): readonly KubernetesObject[];
	create(resource: ApiResource, object: KubernetesObject, options?: WriteOptions): Written;
	/** Puts a whole object in place; `status` asks for the permission on that subresource instead. */
	update(resource: ApiResource, object: KubernetesObject, options?: WriteOptions & {readonly status?: true}): Written;
	patch(resource: ApiResource, key: ObjectKey, patch: Patch, options?: WriteOptions): Written;
	delete(resource: ApiResource, key: ObjectKey, options?: WriteOptions): KubernetesObject;
	can(attributes: Attributes): boolean;
	/** Runs a command in a pod; what goes wrong inside is in the result. */
	exec(key: ObjectKey, container: string | undefined, argv: readonly string[], input: string): NodeAnswer;
};

export type Patch = {readonly type: PatchType; readonly body: Json};

export type ApiServer = {
	readonly options: ApiOptions;
	readonly store: ObjectStore;
	as(user: User): ApiClient;
};

export type ApiServerParts = {
	readonly store: ObjectStore;
	readonly options: ApiOptions;
	/** The moment as Kubernetes writes it. */
	readonly now: () => string;
	/** Runs a command in the calico-node container of a node. */
	readonly onNode: (node: string, argv: readonly string[], input: string) => NodeAnswer;
};

/** Starts an API server on what the store holds. */
export function createApiServer({store, options, now, onNode}: ApiServerParts): ApiServer {
	const resources = servedResources(options);
	const custom = createCustomStrategy(store, now);
	const strategies: Readonly<Record<ApiResource['writes'], Strategy>> = {
		crd: custom,
		calico: createCalicoStrategy(store, custom, now),
		node: createNodeStrategy(store),
		none: readOnlyStrategy,
	};
	const lists = new WeakMap<readonly KubernetesObject[], readonly KubernetesObject[]>();
	const stored = (resource: ApiResource, key: ObjectKey): KubernetesObject => {
		const found = store.get(resource.collection, key);
		if (!found) throw notFound(resource, key.name);
		return found;
	};
	const listed = (resource: ApiResource, namespace: string | undefined): readonly KubernetesObject[] => {
		const list = store.list(resource.collection, namespace);
		if (resource.writes !== 'calico') return list;
		const shown = lists.get(list) ?? list.map(strategies.calico.show);
		lists.set(list, shown);
		return shown;
	};

	const as = (user: User): ApiClient => {
		const allow = (verb: string, resource: ApiResource, key: Partial<ObjectKey>, subresource?: string): void => {
			if (user.expired) throw unauthorized();
			authorize(user, verb, resource, key, subresource);
		};
		return {
			user,
			resources: () => {
				if (user.expired) throw unauthorized();
				return resources;
			},
			get: (resource, key) => {
				allow('get', resource, key);
				return strategies[resource.writes].show(stored(resource, key));
			},
			list: (resource, namespace) => {
				allow('list', resource, {namespace});
				return listed(resource, namespace);
			},
			create: (resource, object, given = {}) => {
				const {namespace} = object.metadata;
				allow('create', resource, typeof namespace === 'string' ? {namespace} : {});
				return strategies[resource.writes].create(resource, object, given);
			},
			update: (resource, object, given = {}) => {
				const key = {name: object.metadata.name};
				allow('update', resource, key, given.status ? 'status' : undefined);
				return strategies[resource.writes].update(resource, stored(resource, key), object, given);
			},
			patch: (resource, key, patch, given = {}) => {
				allow('patch', resource, key);
				const strategy = strategies[resource.writes];
				const before = stored(resource, key);
				const patched = patchWith(resource, strategy.show(before), patch);
				if (!isObject(patched) || !isObject(patched.metadata)) {
					throw new NotModelledError('a patch that leaves no object');
				}
				// What a patch made of an object is still one, as far as its schema is checked in the update.
				return strategy.update(resource, before, patched as KubernetesObject, given);
			},
			delete: (resource, key, {dryRun = false} = {}) => {
				allow('delete', resource, key);
				const before = stored(resource, key);
				if (resource.writes !== 'crd' && resource.writes !== 'calico') {
					throw new NotModelledError(`deleting a ${resource.kind}`);
				}
				if (!dryRun) store.remove(resource.collection, key);
				return strategies[resource.writes].show(before);
			},
			can: attributes => {
				if (user.expired) throw unauthorized();
				return isAllowed(user, attributes);
			},
			exec: (key, container, argv, input) => {
				const pods = resources.find(({plural}) => plural === 'pods');
				if (!pods) throw new NotModelledError('pods');
				// kubectl reads the pod before it connects.
				allow('get', pods, key);
				const pod = stored(pods, key);
				if (container !== undefined && !containerNames(pod).includes(container)) {
					throw new StatusError('BadRequest', `container ${container} is not valid for pod ${key.name}`);
				}
				allow('create', pods, key, 'exec');
				return onNode(String(pod.spec?.nodeName), argv, input);
			},
		};
	};
	return {options, store, as};
}

/** What a client finds where no API server listens: Go's words for the request that failed. */
export function refusingClient(address: string): ApiClient {
	const fail = ({group, version, plural}: ApiResource, {name}: Partial<ObjectKey> = {}): never => {
		const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
		const url = `${address}${root}/${plural}${name === undefined ? '' : `/${name}`}`;
		throw new StatusError('', `Get "${url}": dial tcp ${new URL(address).host}: connect: connection refused`);
	};
	const write = (): never => {
		throw new NotModelledError('what a write says where no API server listens');
	};
	return {
		user: {name: '', rules: []},
		resources: () => [],
		get: fail,
		list: resource => fail(resource),
		create: write,
		update: write,
		patch: write,
		delete: write,
		can: write,
		exec: write,
	};
}

function unauthorized(): StatusError {
	return new StatusError('Unauthorized', 'Unauthorized');
}

/** @throws StatusError (Forbidden) in the words of the RBAC authorizer. */
function authorize(
	user: User,
	verb: string,
	resource: ApiResource,
	{namespace, name}: Partial<ObjectKey>,
	subresource: string | undefined,
): void {
	const {group} = resource;
	const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
	if (isAllowed(user, {verb, group, resource: plural, namespace, name})) return;
	const what = `${qualifiedName(resource)}${name === undefined ? '' : ` "${name}"`}`;
	const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
	const why = `User "${user.name}" cannot ${verb} resource "${plural}" in API group "${group}" ${where}`;
	throw new StatusError('Forbidden', `${what} is forbidden: ${why}`);
}

function patchWith(resource: ApiResource, before: KubernetesObject, {type, body}: Patch): Json | undefined {
	if (type === 'json') return jsonPatch(before, body);
	if (!isObject(body)) throw new NotModelledError('how a patch that is no map is refused');
	if (type === 'merge') return mergePatch(before, body);
	if (resource.writes !== 'crd' && resource.writes !== 'calico') return strategicMergePatch(before, body);
	const accepted = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
	const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
	throw new StatusError('UnsupportedMediaType', message);
}

function containerNames(pod: KubernetesObject): readonly string[] {
	const containers = pod.spec?.containers;
	return (Array.isArray(containers) ? containers : []).flatMap(item => (isObject(item) ? [String(item.name)] : []));
}
