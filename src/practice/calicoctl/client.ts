import type {Metadata} from '../../core/resources.ts';
import type {Datastore} from '../datastore/datastore.ts';
import {DatastoreError, NotModelledError, updateConflict} from '../datastore/errors.ts';
import type {StoredKind, StoredResource} from '../datastore/types.ts';
import type {Target} from './execute.ts';

/** How calicoctl's resource manager does its verbs with Calico's client (calicoctl/resourcemgr/resourcemgr.go). */
export function getOne(datastore: Datastore, kind: StoredKind, name: string): StoredResource {
	const found = datastore.get(kind, name);
	if (!found) throw datastore.missing(kind, name);
	return found;
}

/** Creates; of the metadata only name, labels, annotations and (to be refused) resourceVersion count. */
export function create(datastore: Datastore, {resource}: Target): StoredResource {
	if (resource.kind === 'ClusterInformation') throw unsupported('create or apply');
	const {name, resourceVersion, labels, annotations} = resource.metadata;
	return datastore.create({
		...resource,
		metadata: {
			name,
			...(resourceVersion && {resourceVersion}),
			...(labels && {labels}),
			...(annotations && {annotations}),
		},
	});
}

/** Creates, or puts in place of what exists or cannot be created (Nodes on Kubernetes). */
export function apply(datastore: Datastore, target: Target): StoredResource {
	if (target.kind === 'ClusterInformation') throw unsupported('apply', 'resource is readonly');
	const {resourceVersion: _revision, ...metadata} = target.resource.metadata;
	try {
		return create(datastore, {...target, resource: {...target.resource, metadata}});
	} catch (error) {
		const exists = error instanceof DatastoreError && (error.kind === 'exists' || error.kind === 'unsupported');
		if (exists) return replace(datastore, target);
		throw error;
	}
}

/** Puts a whole resource in place of its namesake: spec, labels and annotations; a given resourceVersion must still hold. */
export function replace(datastore: Datastore, {kind, name, resource}: Target): StoredResource {
	if (kind === 'ClusterInformation') throw unsupported('apply or replace');
	const current = getOne(datastore, kind, name);
	const given = resource.metadata.resourceVersion;
	if (given && given !== current.metadata.resourceVersion) throw updateConflict(kind, name);
	return datastore.update({...resource, metadata: mergedMetadata(current.metadata, resource.metadata)});
}

/** The stored metadata with the given labels and annotations in place of its own (mergeMetadataForUpdate). */
export function mergedMetadata(current: Metadata, given: Metadata): Metadata {
	const {labels: _labels, annotations: _annotations, ...kept} = current;
	return {
		...kept,
		...(given.labels && {labels: given.labels}),
		...(given.annotations && {annotations: given.annotations}),
	};
}

/** Deletes; with a Node go its own BGPPeers and its `node.NAME` configurations (libcalico-go/lib/clientv3/node.go). */
export function remove(datastore: Datastore, {kind, name, resource}: Target): StoredResource {
	if (kind === 'ClusterInformation') throw unsupported('delete');
	if (kind === 'IPPool' || kind === 'FelixConfiguration') throw new NotModelledError(`deleting a ${kind}`);
	if (name === '') throw new NotModelledError('deleting without a name');
	if (kind === 'Node') {
		for (const peer of datastore.list('BGPPeer')) {
			if (peer.spec.node === name) datastore.delete('BGPPeer', peer.metadata.name);
		}
		for (const own of ['FelixConfiguration', 'BGPConfiguration'] as const) {
			if (datastore.get(own, `node.${name}`)) datastore.delete(own, `node.${name}`);
		}
	}
	return datastore.delete(kind, name, resource.metadata.resourceVersion);
}

function unsupported(operation: string, reason?: string): DatastoreError {
	const message = `operation ${operation} is not supported on ClusterInformation`;
	return new DatastoreError('unsupported', reason === undefined ? message : `${message}: ${reason}`);
}
