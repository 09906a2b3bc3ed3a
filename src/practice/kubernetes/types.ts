import type {Json, JsonObject} from '../../core/json.ts';
import type {Metadata} from '../../core/resources.ts';

/** An object as the API server holds it. Never changed in place: a write puts a new one there. */
export type KubernetesObject = {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: Metadata;
	readonly spec?: JsonObject;
	readonly [field: string]: Json | undefined;
};

/** Which API the practice cluster's Calico resources are served in (calico.md §2.4). */
export type ApiShape =
	/** `crd.projectcalico.org/v1` only. */
	| 'kubernetes-v1'
	/** The same, and `projectcalico.org/v3` by Calico's own API server in front of it. */
	| 'kubernetes-aggregated'
	/** `projectcalico.org/v3` as custom resources with CEL rules. */
	| 'kubernetes-native';

/** Where an object is: `namespace` is undefined for kinds that are in none. */
export type ObjectKey = {readonly namespace?: string | undefined; readonly name: string};

/** One write, as the listeners hear of it. */
export type ObjectChange = {
	readonly collection: string;
	readonly before: KubernetesObject | undefined;
	readonly after: KubernetesObject | undefined;
};
