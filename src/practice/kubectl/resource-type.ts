import {NotModelledError} from '../datastore/errors.ts';
import {type ApiResource, isBuiltInGroup, isOtherType} from '../kubernetes/api-resources.ts';
import {qualifiedName} from '../kubernetes/status-error.ts';
import type {KubernetesObject, ObjectKey} from '../kubernetes/types.ts';
import {Refusal} from './outcome.ts';

/**
 * The resource type that a user means by `nodes`, `no`, `bgppeers.crd.projectcalico.org` or `bgppeers.v3.projectcalico.org`.
 * @throws Refusal in kubectl's words where the API server has no such type.
 */
export function resourceTypeOf(resources: readonly ApiResource[], typed: string): ApiResource {
	const [name = '', ...rest] = typed.toLowerCase().split('.');
	const group = rest.join('.');
	const isNamed = ({plural, singular, shortNames}: ApiResource): boolean =>
		plural === name || singular === name || shortNames.includes(name);
	const found = resources.find(
		resource => isNamed(resource) && (group === '' || group === resource.group || group === versioned(resource)),
	);
	if (found) return found;
	const isServed = isBuiltInGroup(group) || resources.some(resource => resource.group === group);
	if (isServed && isOtherType(name)) throw new NotModelledError(`the resource type ${typed}`);
	throw new Refusal(`error: the server doesn't have a resource type "${name}"`);
}

function versioned({group, version}: ApiResource): string {
	// The core group has no name that could stand behind the version.
	return group === '' ? `${version}.` : `${version}.${group}`;
}

/** `bgppeer.crd.projectcalico.org/peer-to-rrs`, as kubectl names an object in what it says about it. */
export function objectText({singular, group}: ApiResource, {metadata}: Pick<KubernetesObject, 'metadata'>): string {
	return `${group === '' ? singular : `${singular}.${group}`}/${metadata.name}`;
}

/** What kubectl puts before an object's name in tables of several types. */
export function typeText(resource: ApiResource): string {
	return qualifiedName({plural: resource.singular, group: resource.group});
}

/** An object's place, in the given namespace where its type lives in namespaces. */
export function keyIn(resource: ApiResource, name: string, namespace: string): ObjectKey {
	return resource.namespaced ? {namespace, name} : {name};
}

const separateType =
	"error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/** Objects that a command line names. */
export type Named = {readonly resource: ApiResource; readonly name: string};

/** Reads `TYPE NAME…` or `TYPE/NAME …`; no name stands for all objects of a type, or of several in `TYPE,TYPE`. */
export function namedObjects(
	resources: readonly ApiResource[],
	words: readonly string[],
): {readonly named: readonly Named[]} | {readonly types: readonly ApiResource[]} {
	const [first = '', ...names] = words;
	if (words.some(word => word.includes('/'))) {
		if (words.some(word => !word.includes('/'))) throw new Refusal(separateType);
		const named = words.map((word): Named => {
			const [type = '', name = '', ...more] = word.split('/');
			if (type === '' || name === '' || more.length > 0) {
				throw new Refusal('error: arguments in resource/name form must have a single resource and name');
			}
			return {resource: resourceTypeOf(resources, type), name};
		});
		return {named};
	}
	const types = first.split(',').map(type => resourceTypeOf(resources, type));
	if (names.length === 0) return {types};
	const [resource] = types;
	if (!resource || types.length > 1) throw new NotModelledError('names for several resource types at once');
	return {named: names.map(name => ({resource, name}))};
}
