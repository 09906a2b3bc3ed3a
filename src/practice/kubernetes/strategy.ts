import type {JsonObject} from '../../core/json.ts';
import {equalJson} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from './api-resources.ts';
import {type FieldValidation, prepareChanged, prepareNew} from './custom-resources.ts';
import {withManager} from './managed-fields.ts';
import {objectMetaErrors} from './metadata-errors.ts';
import {alreadyExists, conflict, invalid} from './status-error.ts';
import {keyOf, type ObjectStore} from './store.ts';
import type {KubernetesObject} from './types.ts';

export type WriteOptions = {
	readonly dryRun?: boolean;
	readonly validation?: FieldValidation;
	/** Who writes, for `metadata.managedFields`; without it the fields' owners stay as they are. */
	readonly manager?: string;
};

/** What a write came to. */
export type Written = {
	readonly object: KubernetesObject;
	readonly changed: boolean;
	/** What the API server warns of in its answer. */
	readonly warnings: readonly string[];
};

/** How the API server shows and writes the objects of one resource type. Writes throw StatusError. */
export type Strategy = {
	show(stored: KubernetesObject): KubernetesObject;
	create(resource: ApiResource, object: KubernetesObject, options: WriteOptions): Written;
	/** Puts `wanted` in the place of what is stored, which is `before`. */
	update(resource: ApiResource, before: KubernetesObject, wanted: KubernetesObject, options: WriteOptions): Written;
};

/** The strategy for types that the practice cluster only shows. */
export const readOnlyStrategy: Strategy = {
	show: stored => stored,
	create: ({kind}) => {
		throw new NotModelledError(`creating a ${kind}`);
	},
	update: ({kind}) => {
		throw new NotModelledError(`changing a ${kind}`);
	},
};

/** Custom resources: what the schema of their definition allows is stored. */
export function createCustomStrategy(store: ObjectStore, now: () => string): Strategy {
	return {
		show: stored => stored,
		create: (resource, object, {dryRun = false, validation = 'Warn', manager}) => {
			const {object: prepared, warnings} = prepareNew(resource, object, validation);
			const {name} = object.metadata;
			if (store.get(resource.collection, keyOf(object))) throw alreadyExists(resource, name);
			const {resourceVersion: _revision, ...metadata} = prepared.metadata;
			const unmanaged = store.born({...prepared, metadata: {...metadata, name}});
			const born = manager === undefined ? unmanaged : withManager(undefined, unmanaged, {name: manager, time: now()});
			return {object: dryRun ? born : store.put(resource.collection, born), changed: true, warnings};
		},
		update: (resource, before, wanted, {dryRun = false, validation = 'Warn', manager}) => {
			checkRevision(resource, before, wanted);
			const {object: after, warnings} = prepareChanged(resource, before, withIdentity(before, wanted), validation);
			if (equalJson(before, after) || manager === undefined)
				return write(store, resource, {before, after, dryRun, warnings});
			const managed = withManager(before, after, {name: manager, time: now()});
			return write(store, resource, {before, after: managed, dryRun, warnings});
		},
	};
}

/** Nodes: labels, annotations and single fields may change; what the kubelet and the scheduler need is not checked. */
export function createNodeStrategy(store: ObjectStore): Strategy {
	return {
		...readOnlyStrategy,
		update: (resource, before, wanted, {dryRun = false}) => {
			checkRevision(resource, before, wanted);
			const causes = objectMetaErrors(wanted.metadata);
			if (causes.length > 0) throw invalid(resource, before.metadata.name, causes);
			return write(store, resource, {before, after: withIdentity(before, wanted), dryRun, warnings: []});
		},
	};
}

type Change = {
	readonly before: KubernetesObject;
	readonly after: KubernetesObject;
	readonly dryRun: boolean;
	readonly warnings: readonly string[];
};

function write(store: ObjectStore, resource: ApiResource, {before, after, dryRun, warnings}: Change): Written {
	// A write that changes nothing is not stored: the resourceVersion stays.
	if (equalJson(before, after)) return {object: before, changed: false, warnings};
	return {object: dryRun ? after : store.put(resource.collection, after), changed: true, warnings};
}

/** @throws StatusError (Conflict) where the writer has seen another version than the stored one. */
export function checkRevision(resource: ApiResource, before: KubernetesObject, wanted: KubernetesObject): void {
	const {resourceVersion} = wanted.metadata;
	if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
		throw conflict(resource, before.metadata.name);
	}
}

/** The wanted object with what no writer can change: identity, version and generation. Empty maps are no maps. */
function withIdentity(before: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
	const {uid, creationTimestamp, resourceVersion, generation, namespace, managedFields} = before.metadata;
	const {labels, annotations, managedFields: _managed, ...others} = wanted.metadata;
	const identity = {uid, creationTimestamp, resourceVersion, generation, namespace, managedFields};
	return {
		...wanted,
		apiVersion: before.apiVersion,
		kind: before.kind,
		metadata: {
			...others,
			...(isFilled(labels) && {labels}),
			...(isFilled(annotations) && {annotations}),
			...present(identity),
			name: before.metadata.name,
		},
	};
}

function isFilled(map: JsonObject | undefined): boolean {
	return map !== undefined && Object.keys(map).length > 0;
}

function present(object: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
