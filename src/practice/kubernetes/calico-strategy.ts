import {decodeResource} from '../datastore/decode.ts';
import {DatastoreError} from '../datastore/errors.ts';
import {schemas} from '../datastore/schema.ts';
import type {StoredKind, StoredResource} from '../datastore/types.ts';
import {validateWrite} from '../datastore/validate.ts';
import {type ApiResource, storageOf} from './api-resources.ts';
import {storedMetadata, toCalicoResource} from './calico-metadata.ts';
import {withoutUnknown} from './custom-resources.ts';
import {withDefaults} from './schema-errors.ts';
import {alreadyExists, type Cause, invalid, StatusError} from './status-error.ts';
import {keyOf, type ObjectStore} from './store.ts';
import {checkRevision, type Strategy} from './strategy.ts';
import type {KubernetesObject} from './types.ts';

/**
 * Calico's own API server in front of the v1 custom resources: it shows them as `projectcalico.org/v3` and adds the
 * rules of Calico's client to theirs (apiserver/pkg/storage/calico/resource.go).
 */
export function createCalicoStrategy(store: ObjectStore, custom: Strategy, now: () => string): Strategy {
	const views = new WeakMap<KubernetesObject, KubernetesObject>();
	const show = (stored: KubernetesObject): KubernetesObject => {
		const view = views.get(stored) ?? viewOf(stored);
		views.set(stored, view);
		return view;
	};
	const toStored = (
		resource: ApiResource,
		object: KubernetesObject,
		before: KubernetesObject | undefined,
	): KubernetesObject => {
		const storage = storageFor(resource.kind);
		const calico = checked(resource, object);
		return {...calico, apiVersion: `${storage.group}/${storage.version}`, metadata: metadataOf(calico, before)};
	};
	const metadataOf = (calico: StoredResource, before: KubernetesObject | undefined) =>
		storedMetadata(calico, storageFor(calico.kind), before, now());
	return {
		show,
		create: (resource, object, options) => {
			const known = withoutUnknown(resource, object, options.validation ?? 'Warn');
			const stored = toStored(resource, known.object, undefined);
			if (store.get(resource.collection, keyOf(object))) throw alreadyExists(resource, object.metadata.name);
			const written = custom.create(storageFor(resource.kind), stored, options);
			return {...written, object: show(written.object), warnings: known.warnings};
		},
		update: (resource, before, wanted, options) => {
			checkRevision(resource, before, wanted);
			const known = withoutUnknown(resource, wanted, options.validation ?? 'Warn');
			const written = custom.update(
				storageFor(resource.kind),
				before,
				toStored(resource, known.object, before),
				options,
			);
			return {...written, object: show(written.object), warnings: known.warnings};
		},
	};
}

function storageFor(kind: string): ApiResource {
	const storage = storageOf('kubernetes-aggregated', kind);
	if (!storage) throw new Error(`no storage for ${kind}`);
	return storage;
}

function viewOf(stored: KubernetesObject): KubernetesObject {
	const {kind, apiVersion, metadata, spec, status} = toCalicoResource(stored, storageFor(stored.kind));
	const {managedFields} = stored.metadata;
	return {
		apiVersion,
		kind,
		metadata: {...metadata, ...(managedFields !== undefined && {managedFields})},
		spec,
		...(status !== undefined && {status}),
	};
}

/** The object as Calico's types read it, its defaults filled in, found to be in order. @throws StatusError */
function checked(resource: ApiResource, object: KubernetesObject): StoredResource {
	// The resource types that Calico's API server serves are Calico's kinds.
	const kind = resource.kind as StoredKind;
	const {metadata, spec = {}} = object;
	if (!schemas[kind]) {
		return {kind, apiVersion: object.apiVersion, metadata, spec, ...(object.status && {status: object.status})};
	}
	try {
		const read = decodeResource(kind, {kind, apiVersion: object.apiVersion, metadata: {name: metadata.name}, spec});
		const complete = {...read, metadata, spec: withDefaults(kind, read.spec) ?? read.spec};
		validateWrite(complete, false);
		return complete;
	} catch (error) {
		throw error instanceof DatastoreError ? statusErrorOf(error, resource, metadata.name) : error;
	}
}

function statusErrorOf(error: DatastoreError, resource: ApiResource, name: string): StatusError {
	if (error.kind === 'invalid') return invalid(resource, name, error.fields.map(causeOf));
	const words = error.message.replace('error unmarshaling JSON: while decoding JSON: ', '');
	const {kind, version} = resource;
	return new StatusError('BadRequest', `${kind} in version "${version}" cannot be handled as a ${kind}: ${words}`);
}

function causeOf({name, value, reason}: DatastoreError['fields'][number]): Cause {
	return {field: name, message: `Invalid value: ${value === undefined ? 'null' : JSON.stringify(value)}: ${reason}`};
}
