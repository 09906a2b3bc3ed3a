import type {Json} from '../../core/json.ts';
import {equalJson, isObject, type JsonObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {ApiResource} from '../kubernetes/api-resources.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import {keyOf} from '../kubernetes/store.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import {reviewAccess} from './auth.ts';
import type {Host} from './host.ts';
import {type Manifest, readManifests} from './manifests.ts';
import {errorWhen, type Outcome, Refusal} from './outcome.ts';
import {sorted} from './print.ts';
import {type Deed, deedOf, dryRunOf, report, writeOptions} from './write.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `kubectl create -f` */
export function runCreate(host: Host, options: Arguments): Outcome {
	if (options.words.length > 0) throw new NotModelledError(`kubectl create ${options.words.join(' ')}`);
	return forEachManifest(host, options, 'create', 'creating', manifest => {
		const {resource} = manifest;
		if (resource.plural === 'selfsubjectaccessreviews') {
			return {resource, object: reviewAccess(host, manifest.object), done: 'created'};
		}
		const object = options.has('save-config') ? withLastApplied(manifest.object) : manifest.object;
		if (dryRunOf(options) === 'client') return {resource, object, done: 'created'};
		return deedOf(host.api.create(resource, object, writeOptions(options)), resource, 'created');
	});
}

/** `kubectl replace -f`: with a resourceVersion in the file only if that still holds. */
export function runReplace(host: Host, options: Arguments): Outcome {
	return forEachManifest(host, options, 'replace', 'replacing', ({resource, object}) => {
		if (dryRunOf(options) === 'client') return {resource, object, done: 'replaced'};
		// Where the file has no version, kubectl takes the newest that it may see.
		const {resourceVersion = newestVersion(host, resource, object)} = object.metadata;
		const version = resourceVersion === undefined ? {} : {resourceVersion};
		const wanted = {...object, metadata: {...object.metadata, ...version}};
		return deedOf(host.api.update(resource, wanted, writeOptions(options)), resource, 'replaced');
	});
}

/** `kubectl apply -f`: creates, or merges what the file says, and no longer says, into what there is. */
export function runApply(host: Host, options: Arguments): Outcome {
	return forEachManifest(host, options, 'apply', 'applying', manifest => {
		const {resource} = manifest;
		if (dryRunOf(options) === 'client') throw new NotModelledError('kubectl apply --dry-run=client');
		const wanted = withLastApplied(manifest.object);
		const before = existing(host, manifest);
		if (!before) {
			const created = within('creating', manifest, () => host.api.create(resource, wanted, writeOptions(options)));
			return deedOf(created, resource, 'created');
		}
		const known = before.metadata.annotations?.[lastApplied];
		const body = applyPatch(known, before, wanted);
		const written = applying(manifest, body, () =>
			host.api.patch(resource, keyOf(wanted), {type: 'merge', body}, writeOptions(options)),
		);
		const deed = deedOf(written, resource, written.changed ? 'configured' : 'unchanged');
		if (known !== undefined) return deed;
		const warning = `resource ${resource.plural}/${wanted.metadata.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`;
		return {...deed, warnings: [warning, ...(deed.warnings ?? [])]};
	});
}

function forEachManifest(
	host: Host,
	options: Arguments,
	verb: string,
	doing: string,
	action: (manifest: Manifest) => Deed,
): Outcome {
	const manifests = readManifests(host, options);
	if (manifests.length === 0) throw new Refusal(`error: no objects passed to ${verb}`);
	const deeds: Deed[] = [];
	const errors: Error[] = [];
	for (const manifest of manifests) {
		try {
			deeds.push(action(manifest));
		} catch (error) {
			if (!(error instanceof StatusError)) throw error;
			errors.push(doing === 'applying' ? error : (errorWhen(doing, manifest.source, error) as Error));
		}
	}
	return report(options, deeds, errors);
}

function within<T>(doing: string, {source}: Manifest, action: () => T): T {
	try {
		return action();
	} catch (error) {
		throw errorWhen(doing, source, error);
	}
}

function existing({api}: Host, {resource, object, source}: Manifest): KubernetesObject | undefined {
	try {
		return api.get(resource, keyOf(object));
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		if (error.reason === 'NotFound') return undefined;
		const words = `error when retrieving current configuration of:\n${whichObject(resource, object)}\nfrom server for`;
		throw new StatusError(error.reason, `${words}: "${source}": ${error.message}`);
	}
}

function applying<T>({resource, object, source}: Manifest, body: JsonObject, action: () => T): T {
	try {
		return action();
	} catch (error) {
		if (!(error instanceof StatusError)) throw error;
		const patch = JSON.stringify(sorted(body));
		const words = `error when applying patch:\n${patch}\nto:\n${whichObject(resource, object)}\nfor: "${source}"`;
		throw new StatusError(error.reason, `${words}: error when patching "${source}": ${error.message}`, error.details);
	}
}

function whichObject({group, version, plural, kind}: ApiResource, {metadata}: KubernetesObject): string {
	const api = `${group}/${version}`;
	const type = `Resource: "${api}, Resource=${plural}", GroupVersionKind: "${api}, Kind=${kind}"`;
	return `${type}\nName: "${metadata.name}", Namespace: "${metadata.namespace ?? ''}"`;
}

function newestVersion({api}: Host, resource: ApiResource, object: KubernetesObject): string | undefined {
	try {
		return api.get(resource, keyOf(object)).metadata.resourceVersion;
	} catch (error) {
		if (error instanceof StatusError) return undefined;
		throw error;
	}
}

/** The object with what was applied in an annotation, where the next apply looks for what to take away. */
function withLastApplied(object: KubernetesObject): KubernetesObject {
	const {annotations = {}, ...metadata} = object.metadata;
	const {[lastApplied]: _old, ...others} = annotations;
	const applied = sorted({...object, metadata: {...metadata, annotations: others}});
	return {
		...object,
		metadata: {...object.metadata, annotations: {...others, [lastApplied]: `${JSON.stringify(applied)}\n`}},
	};
}

/** The three-way merge: what the file says, and null for what it said the last time and says no more. */
function applyPatch(known: string | undefined, before: KubernetesObject, wanted: KubernetesObject): JsonObject {
	const last: unknown = known === undefined ? {} : JSON.parse(known);
	const removed = removals(isObject(last) ? last : {}, wanted);
	const added = differences(before, {...wanted});
	return mergeDeep(removed, added);
}

function removals(last: JsonObject, wanted: JsonObject): JsonObject {
	const entries = Object.entries(last).flatMap(([key, value]): (readonly [string, Json])[] => {
		if (!Object.hasOwn(wanted, key)) return [[key, null]];
		const inner = wanted[key];
		if (!isObject(value) || !isObject(inner)) return [];
		const deeper = removals(value, inner);
		return Object.keys(deeper).length > 0 ? [[key, deeper]] : [];
	});
	return Object.fromEntries(entries);
}

function differences(before: JsonObject, wanted: JsonObject): JsonObject {
	const entries = Object.entries(wanted).flatMap(([key, value]): (readonly [string, Json | undefined])[] => {
		const old = before[key];
		if (isObject(value) && isObject(old)) {
			const deeper = differences(old, value);
			return Object.keys(deeper).length > 0 ? [[key, deeper]] : [];
		}
		return equalJson(old, value) ? [] : [[key, value]];
	});
	return Object.fromEntries(entries);
}

function mergeDeep(left: JsonObject, right: JsonObject): JsonObject {
	const merged: Record<string, Json | undefined> = {...left};
	for (const [key, value] of Object.entries(right)) {
		const old = merged[key];
		merged[key] = isObject(old) && isObject(value) ? mergeDeep(old, value) : value;
	}
	return merged;
}
