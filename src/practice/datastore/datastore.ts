import type {Clock} from '../../core/clock.ts';
import type {JsonObject} from '../../core/json.ts';
import {apiVersion, type Metadata} from '../../core/resources.ts';
import type {Snapshot} from '../../core/snapshot.ts';
import type {Random} from '../random.ts';
import {alreadyExists, type DatastoreError, invalidFields, missing, updateConflict} from './errors.ts';
import {inGoOrder} from './order.ts';
import type {Change, StoredKind, StoredResource} from './types.ts';
import {validateWrite} from './validate.ts';

/** A resource as a caller gives it to be stored without checks. */
export type Seed = {
	readonly kind: StoredKind;
	readonly metadata: Metadata;
	readonly spec: JsonObject;
	readonly status?: JsonObject;
};

/** An etcd-like store with Calico's client in front of it (libcalico-go/lib/clientv3): rules, revisions, conflicts. */
export type Datastore = {
	/** etcd's revision: one more with every write. */
	revision(): number;
	get(kind: StoredKind, name: string): StoredResource | undefined;
	/** The refusal for a resource that is not there, in this datastore's words. */
	missing(kind: StoredKind, name: string): DatastoreError;
	/** All resources of a kind, by name, each with its fields in the order in which Calico prints them. */
	list(kind: StoredKind): readonly StoredResource[];
	/** A dry run checks and answers, and writes nothing. @throws DatastoreError when the rules forbid it or it exists. */
	create(resource: StoredResource, dryRun?: boolean): StoredResource;
	/** Puts the resource in place of its namesake if that still has `metadata.resourceVersion`. @throws DatastoreError. */
	update(resource: StoredResource, dryRun?: boolean): StoredResource;
	/** Deletes; with a resourceVersion only if it is still that. @throws DatastoreError. */
	delete(kind: StoredKind, name: string, resourceVersion?: string): StoredResource;
	/** What Calico's client does before it writes, where that can be seen: on Kubernetes it makes the API server warn. */
	ensureInitialized?(): void;
	/** Puts resources there without rules, one revision each, as one change for the listeners. */
	seed(resources: readonly Seed[]): void;
	/** What decides about BGP sessions, as it is now. Cheap: shared until the next write. */
	snapshot(): Snapshot;
	/** Calls the listener after every write; the returned function takes it off. */
	onChange(listener: (changes: readonly Change[]) => void): () => void;
};

const defaults: Readonly<Partial<Record<StoredKind, JsonObject>>> = {
	// The CRD's defaults, which v3.32's client fills in on etcd too (transcripts: get bgpconfig default).
	BGPConfiguration: {logSeverityScreen: 'Info', serviceLoadBalancerAggregation: 'Enabled'},
};

/** Makes an empty datastore. Times come from the clock, uids from the source of chance. */
export function createDatastore({clock, random}: {clock: Clock; random: Random}): Datastore {
	const kinds = new Map<StoredKind, Map<string, StoredResource>>();
	const sorted = new Map<StoredKind, readonly StoredResource[]>();
	const listeners = new Set<(changes: readonly Change[]) => void>();
	// etcd's revision after what Calico's installation writes before pools and nodes (as in the transcripts).
	let revision = 5;
	let snapshot: Snapshot | undefined;

	const collection = (kind: StoredKind): Map<string, StoredResource> => {
		const found = kinds.get(kind) ?? new Map<string, StoredResource>();
		kinds.set(kind, found);
		return found;
	};
	const list = (kind: StoredKind): readonly StoredResource[] => {
		const known = sorted.get(kind);
		if (known) return known;
		const resources = [...collection(kind).values()].sort((left, right) =>
			left.metadata.name < right.metadata.name ? -1 : 1,
		);
		sorted.set(kind, resources);
		return resources;
	};
	const put = (kind: StoredKind, name: string, after: StoredResource | undefined): Change => {
		const before = collection(kind).get(name);
		if (after) collection(kind).set(name, after);
		else collection(kind).delete(name);
		sorted.delete(kind);
		snapshot = undefined;
		return {kind, name, before, after};
	};
	const tell = (changes: readonly Change[]): void => {
		for (const listener of listeners) listener(changes);
	};
	const born = (resource: StoredResource | Seed): StoredResource => {
		revision += 1;
		const {name, labels, annotations, uid, creationTimestamp} = resource.metadata;
		const created = creationTimestamp ?? new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
		return inGoOrder({
			kind: resource.kind,
			apiVersion,
			metadata: {
				name,
				uid: uid ?? random.uuid(),
				resourceVersion: String(revision),
				creationTimestamp: created,
				...(labels && {labels}),
				...(annotations && {annotations}),
			},
			spec: resource.spec,
			...(resource.kind === 'Node' && {status: resource.status ?? {}}),
		});
	};
	const complete = (resource: StoredResource): StoredResource => {
		const spec = withDefaults(resource.kind, resource.spec);
		return spec === resource.spec ? resource : {...resource, spec};
	};

	return {
		revision: () => revision,
		get: (kind, name) => collection(kind).get(name),
		missing,
		list,
		create: (given, dryRun = false) => {
			const resource = complete(given);
			validateWrite(resource);
			checkNew(resource);
			const {kind, metadata} = resource;
			if (collection(kind).has(metadata.name)) throw alreadyExists(kind, metadata.name);
			if (dryRun) return inGoOrder(resource);
			const stored = born(resource);
			tell([put(kind, metadata.name, stored)]);
			return stored;
		},
		update: (given, dryRun = false) => {
			const resource = complete(given);
			validateWrite(resource);
			const {kind, metadata} = resource;
			if (!metadata.resourceVersion) throw mustBeSet('Metadata.ResourceVersion', 'must');
			const current = collection(kind).get(metadata.name);
			if (!current) throw missing(kind, metadata.name);
			if (current.metadata.resourceVersion !== metadata.resourceVersion) throw updateConflict(kind, metadata.name);
			if (dryRun) return inGoOrder(resource);
			revision += 1;
			const stored = inGoOrder({...resource, metadata: {...metadata, resourceVersion: String(revision)}});
			tell([put(kind, metadata.name, stored)]);
			return stored;
		},
		delete: (kind, name, resourceVersion) => {
			const current = collection(kind).get(name);
			if (!current) throw missing(kind, name);
			if (resourceVersion && current.metadata.resourceVersion !== resourceVersion) throw updateConflict(kind, name);
			revision += 1;
			tell([put(kind, name, undefined)]);
			return current;
		},
		seed: resources => tell(resources.map(resource => put(resource.kind, resource.metadata.name, born(resource)))),
		snapshot: () => {
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
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

function withDefaults(kind: StoredKind, spec: JsonObject): JsonObject {
	const absent = Object.entries(defaults[kind] ?? {}).filter(([field]) => spec[field] === undefined);
	return absent.length === 0 ? spec : {...spec, ...Object.fromEntries(absent)};
}

/** What libcalico-go/lib/clientv3/resources.go asks of a new resource. */
function checkNew({metadata}: StoredResource): void {
	if (metadata.name === '') {
		const reason = 'field must be set for a Create request';
		throw invalidFields([{name: 'Metadata.Name', value: '', reason}]);
	}
	if (metadata.resourceVersion) throw mustBeSet('Metadata.ResourceVersion', 'must not', metadata.resourceVersion);
}

function mustBeSet(name: string, must: 'must' | 'must not', value = ''): DatastoreError {
	const request = must === 'must' ? 'an Update' : 'a Create';
	return invalidFields([{name, value, reason: `field ${must} be set for ${request} request`}]);
}
