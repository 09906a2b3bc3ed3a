import type {Json, JsonObject} from '../../core/json.ts';
import type {WrittenResource} from '../../core/resources.ts';
import {type FieldChange, fieldChanges, patchBody} from '../../core/write.ts';
import {isServersField} from '../calicoctl/commands.ts';
import {annotatedFields, calicoLabels} from './node-annotations.ts';
import {storedMap} from './node-view.ts';

/** A field of Calico's Node for which a Kubernetes Node has no place. The plan never writes one: a bug where it happens. */
export class UnwritableFieldError extends Error {
	override readonly name = 'UnwritableFieldError';
}

/**
 * The merge patch of a Kubernetes Node that makes Calico's view of it change from `before` to `after`: labels and
 * annotations in one body, so that a reflector's label and cluster ID go in ONE write. `now` is the Node as it was read
 * last, with Calico's own labels of that moment. Throws UnwritableFieldError.
 */
export function nodePatchBody(before: WrittenResource, after: WrittenResource, now = before): JsonObject {
	const changes = fieldChanges(before, after)
		.flatMap(bgpFields)
		.filter(change => !isServersField(change));
	const own = storedMap(now.metadata.annotations?.[calicoLabels]);
	const gone = changes.filter(
		change => isLabel(change) && change.after === undefined && Object.hasOwn(own, keyOf(change)),
	);
	const body = changes.map(toKubernetes);
	return patchBody(gone.length === 0 ? body : [...body, withoutLabels(own, gone)]);
}

/** `spec.bgp` that comes or goes as a whole is one change; in Kubernetes each of its fields has a place of its own. */
function bgpFields(change: FieldChange): readonly FieldChange[] {
	const {path, before = {}, after = {}} = change;
	return path.join('.') === 'spec.bgp' ? fieldChanges(before, after, path) : [change];
}

function isLabel({path}: FieldChange): boolean {
	return path[0] === 'metadata' && path[1] === 'labels' && path.length === 3;
}

function keyOf({path}: FieldChange): string {
	return path[2] ?? '';
}

/** Calico keeps its own labels as one JSON text, so taking one away writes the others again. */
function withoutLabels(labels: Readonly<Record<string, string>>, gone: readonly FieldChange[]): FieldChange {
	const keys = new Set(gone.map(keyOf));
	const rest = Object.entries(labels).filter(([key]) => !keys.has(key));
	const text = rest.length === 0 ? undefined : JSON.stringify(Object.fromEntries(rest));
	return {path: ['metadata', 'annotations', calicoLabels], before: undefined, after: text};
}

function toKubernetes(change: FieldChange): FieldChange {
	if (isLabel(change)) return change;
	const field = annotatedFields.find(({path}) => path.join('/') === change.path.join('/'));
	if (field === undefined || !field.path.includes('bgp')) {
		throw new UnwritableFieldError(`${change.path.join('.')} of a Node cannot be written through kubectl`);
	}
	const text = (value: Json | undefined) => (value === undefined || value === null ? undefined : String(value));
	return {
		path: ['metadata', 'annotations', field.annotation],
		before: text(change.before),
		after: text(change.after),
	};
}
