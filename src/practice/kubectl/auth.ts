import {isObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {KubernetesObject} from '../kubernetes/types.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import {type Outcome, Refusal} from './outcome.ts';
import {formatOf} from './output.ts';
import {resourceTypeOf} from './resource-type.ts';
import {printColumns} from './table.ts';

/** `kubectl auth can-i VERB TYPE[/NAME]` */
export function runCanI({api, namespace}: Host, options: Arguments): Outcome {
	const [verb, target, ...more] = options.words;
	if (verb === undefined || target === undefined || more.length > 0) {
		throw new Refusal(
			"error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
		);
	}
	if (target.startsWith('/')) throw new NotModelledError('kubectl auth can-i for a URL');
	const [type = '', name] = target.split('/');
	const resource = typeOrNothing(api, type);
	const subresource = options.value('subresource');
	const plural = resource?.plural ?? type;
	const where = resource?.namespaced === false || options.has('all-namespaces') ? undefined : namespace;
	const allowed = api.can({
		verb,
		group: resource?.group ?? '',
		resource: subresource === undefined ? plural : `${plural}/${subresource}`,
		namespace: where,
		...(name !== undefined && {name}),
	});
	const warning = resource
		? resource.namespaced || options.has('all-namespaces')
			? ''
			: `Warning: resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}\n\n`
		: `Warning: the server doesn't have a resource type '${type}'\n\n`;
	const answer = options.has('quiet') ? '' : `${allowed ? 'yes' : 'no'}\n`;
	return {stdout: answer, stderr: warning, exitCode: allowed ? 0 : 1};
}

function typeOrNothing(api: Host['api'], type: string) {
	try {
		return resourceTypeOf(api.resources(), type);
	} catch (error) {
		// kubectl only warns, and asks the API server about what was typed.
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

/** `kubectl auth whoami` */
export function runWhoAmI({api}: Host, options: Arguments): Outcome {
	const groups = ['system:authenticated'];
	const {name} = api.user;
	// Any user may ask who they are, if only they are somebody.
	api.resources();
	const resource = resourceTypeOf(api.resources(), 'selfsubjectreviews');
	const format = formatOf(options);
	if (format) {
		const object: KubernetesObject = {
			apiVersion: 'authentication.k8s.io/v1',
			kind: 'SelfSubjectReview',
			metadata: {name: '', creationTimestamp: null},
			status: {userInfo: {groups, username: name}},
		};
		return {stdout: format([{resource, object}], true)};
	}
	return {
		stdout: printColumns([
			['ATTRIBUTE', 'VALUE'],
			['Username', name],
			['Groups', `[${groups.join(' ')}]`],
		]),
	};
}

/** The answer to a SelfSubjectAccessReview that a user creates. */
export function reviewAccess({api}: Host, object: KubernetesObject): KubernetesObject {
	const attributes = object.spec?.resourceAttributes;
	if (!isObject(attributes)) throw new NotModelledError('a SelfSubjectAccessReview without resourceAttributes');
	const {verb, group = '', resource, subresource, namespace, name, version: _version, ...others} = attributes;
	const [unknown] = Object.keys(others);
	if (unknown !== undefined) throw new NotModelledError(`resourceAttributes.${unknown}`);
	const allowed = api.can({
		verb: String(verb),
		group: String(group),
		resource: subresource === undefined || subresource === '' ? String(resource) : `${resource}/${subresource}`,
		namespace: namespace === undefined || namespace === '' ? undefined : String(namespace),
		...(typeof name === 'string' && {name}),
	});
	return {
		...object,
		metadata: {...object.metadata, creationTimestamp: null},
		status: allowed ? {allowed: true, reason: 'RBAC: allowed'} : {allowed: false},
	};
}
