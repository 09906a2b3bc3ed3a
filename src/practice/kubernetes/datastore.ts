import {equalJson} from '../../core/json.ts';
import type {Snapshot} from '../../core/snapshot.ts';
import type {Datastore} from '../datastore/datastore.ts';
import {DatastoreError, type DatastoreErrorKind} from '../datastore/errors.ts';
import type {Change, StoredKind, StoredResource} from '../datastore/types.ts';
import {validateWrite} from '../datastore/validate.ts';
import {type ApiResource, nodeResource, storageOf} from './api-resources.ts';
import type {ApiClient, ApiServer} from './api-server.ts';
import {storedMetadata, toCalicoResource} from './calico-metadata.ts';
import {toCalicoNode, withCalicoNode} from './node-view.ts';
import {withDefaults} from './schema-errors.ts';
import {notFound, StatusError} from './status-error.ts';
import type {KubernetesObject, ObjectChange} from './types.ts';

const kinds: readonly StoredKind[] = [
	'Node',
	'BGPPeer',
	'BGPConfiguration',
	'IPPool',
	'ClusterInformation',
	'FelixConfiguration',
];

export type DatastoreParts = {
	readonly server: ApiServer;
	/** The API server as the user meets it whose client this is. */
	readonly api: ApiClient;
	/** The moment as Kubernetes writes it. */
	readonly now: () => string;
	/** Hears each warning that the API server sends with an answer. */
	readonly warn: (warning: string) => void;
};

/** How the API server calls calicoctl: by the name of its program. */
const manager = 'calicoctl';

/** The tiers that Calico's client creates when it makes sure that the datastore is initialized. */
const tiers = 3;

/**
 * Calico's client on the Kubernetes datastore, as one user of the API server has it
 * (libcalico-go/lib/backend/k8s/resources): the same rules as on etcd, but Nodes are Kubernetes' own.
 */
export function createKubernetesDatastore({server, api, now, warn}: DatastoreParts): Datastore {
	const {store, options} = server;
	const views = new WeakMap<KubernetesObject, StoredResource>();
	const lists = new WeakMap<readonly KubernetesObject[], readonly StoredResource[]>();
	let snapshot: Snapshot | undefined;
	store.onChange(() => {
		snapshot = undefined;
	});

	const storage = (kind: StoredKind): ApiResource => {
		const found = kind === 'Node' ? nodeResource : storageOf(options.shape, kind);
		if (!found) throw new Error(`no storage for ${kind}`);
		return found;
	};
	const view = (kind: StoredKind, object: KubernetesObject): StoredResource => {
		if (kind === 'Node') return toCalicoNode(object);
		const known = views.get(object) ?? toCalicoResource(object, storage(kind));
		views.set(object, known);
		return known;
	};
	const viewAll = (kind: StoredKind, objects: readonly KubernetesObject[]): readonly StoredResource[] => {
		const known = lists.get(objects) ?? objects.map(object => view(kind, object));
		lists.set(objects, known);
		return known;
	};
	const asking = <T>(kind: StoredKind, name: string, action: () => T): T => {
		try {
			return action();
		} catch (error) {
			throw error instanceof StatusError ? calicoError(error, kind, name) : error;
		}
	};
	const toStored = (resource: StoredResource, before: KubernetesObject | undefined): KubernetesObject => {
		const {kind, metadata, spec, status} = resource;
		const {group, version} = storage(kind);
		const {resourceVersion} = metadata;
		const stored = storedMetadata(resource, storage(kind), before, now());
		return {
			apiVersion: `${group}/${version}`,
			kind,
			metadata: {...stored, ...(resourceVersion && {resourceVersion})},
			spec,
			...(status !== undefined && {status}),
		};
	};
	const complete = (resource: StoredResource): StoredResource => {
		const checked = {...resource, spec: withDefaults(resource.kind, resource.spec) ?? resource.spec};
		validateWrite(checked, false);
		return checked;
	};
	const key = (name: string) => ({name});
	const ensureInitialized = (): void => {
		// calicoctl 3.32 sends each tier with a status, which the v1 custom resource does not have.
		if (options.shape === 'kubernetes-native') return;
		for (let tier = 0; tier < tiers; tier++) warn('unknown field "status"');
	};

	return {
		revision: () => store.revision(),
		get: (kind, name) => {
			try {
				return asking(kind, name, () => view(kind, api.get(storage(kind), key(name))));
			} catch (error) {
				if (error instanceof DatastoreError && error.kind === 'missing') return undefined;
				throw error;
			}
		},
		missing: (kind, name) => calicoError(notFound(storage(kind), name), kind, name),
		list: kind => asking(kind, '', () => viewAll(kind, api.list(storage(kind)))),
		create: (given, dryRun = false) => {
			const {kind, metadata} = given;
			const resource = complete(given);
			if (kind === 'Node') {
				ensureInitialized();
				throw unsupported('Create', metadata.name);
			}
			return asking(kind, metadata.name, () =>
				view(kind, api.create(storage(kind), toStored(resource, undefined), {dryRun, manager}).object),
			);
		},
		update: (given, dryRun = false) => {
			const {kind, metadata} = given;
			const resource = complete(given);
			const current = asking(kind, metadata.name, () => api.get(storage(kind), key(metadata.name)));
			return asking(kind, metadata.name, () => {
				if (kind !== 'Node')
					return view(kind, api.update(storage(kind), toStored(resource, current), {dryRun, manager}).object);
				// The backend reads the Node anew, so nothing is compared with what the caller had seen.
				return toCalicoNode(api.update(nodeResource, withCalicoNode(current, resource), {status: true, dryRun}).object);
			});
		},
		delete: (kind, name) => {
			// A custom resource's resourceVersion is not compared: only its uid is (customresource.go).
			const current = asking(kind, name, () => view(kind, api.get(storage(kind), key(name))));
			if (kind === 'Node') throw unsupported('Delete', name);
			asking(kind, name, () => api.delete(storage(kind), key(name)));
			return current;
		},
		ensureInitialized,
		seed: resources =>
			store.putAll(
				resources.map(seed => {
					if (seed.kind === 'Node') throw new Error('a practice cluster on Kubernetes gets its nodes when it is made');
					const resource: StoredResource = {...seed, apiVersion: ''};
					return [storage(seed.kind).collection, store.born(toStored(resource, undefined))] as const;
				}),
			),
		snapshot: () => {
			const list = (kind: StoredKind) => viewAll(kind, store.list(storage(kind).collection));
			// Each collection holds its own kind only, in the shape that core gives it.
			snapshot ??= {
				nodes: list('Node') as Snapshot['nodes'],
				bgpPeers: list('BGPPeer') as Snapshot['bgpPeers'],
				bgpConfigurations: list('BGPConfiguration') as Snapshot['bgpConfigurations'],
				ipPools: list('IPPool') as unknown as Snapshot['ipPools'],
			};
			return snapshot;
		},
		onChange: listener => {
			const kindOf = new Map(kinds.map(kind => [storage(kind).collection, kind]));
			return store.onChange(changes => {
				const calico = changes.flatMap((change): readonly Change[] => {
					const kind = kindOf.get(change.collection);
					return kind === undefined ? [] : calicoChange(kind, change, object => view(kind, object));
				});
				if (calico.length > 0) listener(calico);
			});
		},
	};
}

/** What Calico sees of a change: nothing, where only the kubelet wrote its status. */
function calicoChange(
	kind: StoredKind,
	{before, after}: ObjectChange,
	view: (object: KubernetesObject) => StoredResource,
): readonly Change[] {
	const [old, young] = [before && view(before), after && view(after)];
	const name = (young ?? old)?.metadata.name ?? '';
	const same = old && young && equalJson(withoutRevision(old), withoutRevision(young));
	return same ? [] : [{kind, name, before: old, after: young}];
}

function withoutRevision({metadata, ...others}: StoredResource): unknown {
	return {...others, metadata: {...metadata, resourceVersion: undefined, generation: undefined}};
}

function unsupported(operation: string, name: string): DatastoreError {
	return new DatastoreError('unsupported', `operation ${operation} is not supported on Node(${name})`);
}

const reasons: Readonly<Partial<Record<StatusError['reason'], DatastoreErrorKind>>> = {
	NotFound: 'missing',
	AlreadyExists: 'exists',
	Conflict: 'conflict',
	Forbidden: 'unauthorized',
	Unauthorized: 'unauthorized',
};

/** K8sErrorToCalico */
function calicoError(error: StatusError, kind: StoredKind, name: string): DatastoreError {
	const identifier = `${kind}(${name})`;
	const reason = reasons[error.reason];
	switch (reason) {
		case 'missing':
			return new DatastoreError(reason, `resource does not exist: ${identifier} with error: ${error.message}`);
		case 'exists':
			return new DatastoreError(reason, `resource already exists: ${identifier} with error: ${error.message}`);
		case 'conflict':
			return new DatastoreError(reason, `update conflict: ${identifier}`);
		case 'unauthorized':
			return new DatastoreError(reason, `connection is unauthorized: ${error.message}`);
		default:
			// ErrorDatastoreError prints the API server's words only.
			return new DatastoreError('invalid', error.message);
	}
}
