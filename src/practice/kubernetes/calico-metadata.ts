import {isObject, type JsonObject} from '../../core/json.ts';
import {apiVersion, type Metadata} from '../../core/resources.ts';
import type {StoredKind, StoredResource} from '../datastore/types.ts';
import type {ApiResource} from './api-resources.ts';
import type {KubernetesObject} from './types.ts';

/** Where v1 custom resources keep the metadata of the Calico resource they hold. */
const metadataKey = 'projectcalico.org/metadata';

/** The Calico resource in a custom resource (ConvertK8sResourceToCalicoResource). */
export function toCalicoResource(object: KubernetesObject, storage: ApiResource): StoredResource {
	const spec = object.spec ?? {};
	// Each collection holds the custom resources of one of Calico's kinds.
	const kind = object.kind as StoredKind;
	const status = object.status === undefined ? {} : {status: object.status};
	if (storage.version === 'v3') return {kind, apiVersion, metadata: object.metadata, spec, ...status};
	const {name, labels, resourceVersion, uid, creationTimestamp, annotations = {}} = object.metadata;
	const {[metadataKey]: kept, ...others} = annotations;
	const metadata: Metadata = {
		...(kept === undefined ? object.metadata : metadataIn(kept)),
		name,
		...(uid !== undefined && {uid: calicoUid(uid)}),
		...(resourceVersion !== undefined && {resourceVersion}),
		...(creationTimestamp !== undefined && {creationTimestamp}),
	};
	const {labels: _labels, annotations: _annotations, managedFields: _managed, ...rest} = metadata;
	return {
		kind,
		apiVersion,
		metadata: {
			...rest,
			name,
			...(labels && {labels}),
			...(Object.keys(others).length > 0 && {annotations: others}),
		},
		spec,
		...status,
	};
}

/** The metadata of a custom resource that holds a Calico resource (ConvertCalicoResourceToK8sResource). */
export function storedMetadata(
	{metadata}: StoredResource,
	storage: ApiResource,
	before: KubernetesObject | undefined,
	now: string,
): Metadata {
	const {name, labels, annotations} = metadata;
	if (storage.version === 'v3') {
		return {...before?.metadata, name, ...(labels && {labels}), ...(annotations && {annotations})};
	}
	return {
		...identityOf(before),
		name,
		...(labels && {labels}),
		annotations: {...annotations, [metadataKey]: keptMetadata(before, now)},
	};
}

function identityOf(before: KubernetesObject | undefined): Partial<Metadata> {
	if (!before) return {};
	const {uid, creationTimestamp, resourceVersion, generation, managedFields} = before.metadata;
	return {
		...(managedFields !== undefined && {managedFields}),
		...(uid !== undefined && {uid}),
		...(creationTimestamp !== undefined && {creationTimestamp}),
		...(resourceVersion !== undefined && {resourceVersion}),
		...(generation !== undefined && {generation}),
	};
}

/** The text of that annotation: what Calico saw of the object's other metadata when it wrote it for the first time. */
export function keptMetadata(before: KubernetesObject | undefined, now: string): string {
	const kept = before?.metadata.annotations?.[metadataKey];
	if (kept !== undefined) return kept;
	if (!before) return JSON.stringify({creationTimestamp: now});
	const {generation, creationTimestamp, managedFields} = before.metadata;
	return JSON.stringify({generation, creationTimestamp, managedFields});
}

/** Puts that annotation onto metadata that Calico writes back to a v1 custom resource. */
export function withKeptMetadata(before: KubernetesObject, now: string): Metadata {
	const {annotations} = before.metadata;
	return {...before.metadata, annotations: {...annotations, [metadataKey]: keptMetadata(before, now)}};
}

function metadataIn(text: string): JsonObject {
	const value: unknown = JSON.parse(text);
	return isObject(value) ? value : {};
}

/** Calico shows another uid than the custom resource's, made from it (conversion.ConvertUID); which, nobody depends on. */
function calicoUid(uid: string): string {
	const [first = '', ...others] = uid.split('-');
	return [[...first].reverse().join(''), ...others].join('-');
}
