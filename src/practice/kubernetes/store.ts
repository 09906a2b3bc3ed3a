import type {Clock} from '../../core/clock.ts';
import type {Random} from '../random.ts';
import type {KubernetesObject, ObjectChange, ObjectKey} from './types.ts';

/** The API server's etcd: objects by collection, one revision for all of them. It knows no rules. */
export type ObjectStore = {
	/** The newest resourceVersion. */
	revision(): number;
	get(collection: string, key: ObjectKey): KubernetesObject | undefined;
	/** All objects of a collection, or of one namespace, in the order of etcd's keys. The same array until a write. */
	list(collection: string, namespace?: string): readonly KubernetesObject[];
	/** The object as it would be born: uid and creationTimestamp, as far as it has none. */
	born(object: KubernetesObject): KubernetesObject;
	/** Stores the object under a new resourceVersion, and returns it so. */
	put(collection: string, object: KubernetesObject): KubernetesObject;
	/** Stores many as one change. */
	putAll(objects: readonly (readonly [collection: string, object: KubernetesObject])[]): void;
	remove(collection: string, key: ObjectKey): void;
	/** Calls the listener after every write; the returned function takes it off. */
	onChange(listener: (changes: readonly ObjectChange[]) => void): () => void;
};

/** What an API server's etcd has seen before the first node joins (as in the transcripts). */
const firstRevision = 286;

export function createObjectStore({clock, random}: {clock: Clock; random: Random}): ObjectStore {
	const collections = new Map<string, Map<string, KubernetesObject>>();
	const lists = new Map<string, readonly KubernetesObject[]>();
	const listeners = new Set<(changes: readonly ObjectChange[]) => void>();
	let revision = firstRevision;

	const objects = (collection: string): Map<string, KubernetesObject> => {
		const found = collections.get(collection) ?? new Map<string, KubernetesObject>();
		collections.set(collection, found);
		return found;
	};
	const all = (collection: string): readonly KubernetesObject[] => {
		const known = lists.get(collection);
		if (known) return known;
		const entries = [...objects(collection)].sort(([left], [right]) => (left < right ? -1 : 1));
		const list = entries.map(([, object]) => object);
		lists.set(collection, list);
		return list;
	};
	const born = (object: KubernetesObject): KubernetesObject => ({
		...object,
		metadata: {
			...object.metadata,
			creationTimestamp: object.metadata.creationTimestamp ?? timestamp(clock.now()),
			uid: object.metadata.uid ?? random.uuid(),
		},
	});
	const write = (collection: string, object: KubernetesObject): ObjectChange => {
		revision += 1;
		const key = keyText(keyOf(object));
		const before = objects(collection).get(key);
		const after = {...object, metadata: {...object.metadata, resourceVersion: String(revision)}};
		objects(collection).set(key, after);
		lists.delete(collection);
		return {collection, before, after};
	};
	const tell = (changes: readonly ObjectChange[]): void => {
		for (const listener of listeners) listener(changes);
	};
	return {
		revision: () => revision,
		get: (collection, key) => objects(collection).get(keyText(key)),
		list: (collection, namespace) =>
			namespace === undefined
				? all(collection)
				: all(collection).filter(({metadata}) => metadata.namespace === namespace),
		born,
		put: (collection, object) => {
			const change = write(collection, object);
			tell([change]);
			return change.after ?? object;
		},
		putAll: entries => tell(entries.map(([collection, object]) => write(collection, object))),
		remove: (collection, key) => {
			const before = objects(collection).get(keyText(key));
			revision += 1;
			objects(collection).delete(keyText(key));
			lists.delete(collection);
			tell([{collection, before, after: undefined}]);
		},
		onChange: listener => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** A moment as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function keyOf({metadata}: KubernetesObject): ObjectKey {
	const {namespace, name} = metadata;
	return {name, ...(typeof namespace === 'string' && {namespace})};
}

function keyText({namespace, name}: ObjectKey): string {
	return namespace === undefined ? name : `${namespace}/${name}`;
}
