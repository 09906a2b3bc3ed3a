import type {Json, JsonObject} from '../../core/json.ts';
import type {Kind, Metadata} from '../../core/resources.ts';

/** The kinds that the practice datastore holds. */
export type StoredKind = Kind | 'FelixConfiguration';

/** A resource as it lies in the datastore. Never changed in place: a write puts a new one there. */
export type StoredResource = {
	readonly apiVersion: string;
	readonly kind: StoredKind;
	readonly metadata: Metadata;
	readonly spec: JsonObject;
	readonly status?: Json;
};

/** One write, as the listeners hear of it. */
export type Change = {
	readonly kind: StoredKind;
	readonly name: string;
	readonly before: StoredResource | undefined;
	readonly after: StoredResource | undefined;
};
