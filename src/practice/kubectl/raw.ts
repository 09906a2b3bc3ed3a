import type {JsonObject} from '../../core/json.ts';
import {NotModelledError} from '../datastore/errors.ts';
import {type ApiOptions, type ApiResource, servedGroups} from '../kubernetes/api-resources.ts';
import {StatusError} from '../kubernetes/status-error.ts';
import type {Host} from './host.ts';
import type {Outcome} from './outcome.ts';

/** `kubectl get --raw`: the API server's own answer, on one line. */
export function runRaw(host: Host, path: string): Outcome {
	return {stdout: `${answerTo(host, path)}\n`};
}

function answerTo({api, server, options}: Host, path: string): string {
	const resources = api.resources();
	switch (path) {
		case '/healthz':
		case '/livez':
		case '/readyz':
			return 'ok';
		case '/version':
			return JSON.stringify(server.version, null, 2);
		case '/api':
			return JSON.stringify({kind: 'APIVersions', versions: ['v1']});
		case '/apis':
			return JSON.stringify(groupList(options));
	}
	const group = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
	if (group) return JSON.stringify(resourceList(resources, group[1] ?? '', group[2] ?? ''));
	throw new NotModelledError(`kubectl get --raw ${path}`);
}

function groupList(options: ApiOptions): JsonObject {
	const groups = servedGroups(options);
	const names = [...new Set(groups.map(({group}) => group))];
	return {
		kind: 'APIGroupList',
		apiVersion: 'v1',
		groups: names.map(name => {
			const versions = groups
				.filter(({group}) => group === name)
				.map(({version}) => ({groupVersion: `${name}/${version}`, version}));
			return {name, versions, ...(versions[0] && {preferredVersion: versions[0]})};
		}),
	};
}

function resourceList(resources: readonly ApiResource[], group: string, version: string): JsonObject {
	const found = resources.filter(resource => resource.group === group && resource.version === version);
	if (found.length === 0) throw new StatusError('NotFound', 'the server could not find the requested resource');
	if (found.every(({collection}) => !collection.includes('projectcalico.org'))) {
		// Of Kubernetes' own groups only some types are here: a list of these would be wrong.
		throw new NotModelledError(`the resource types of ${group === '' ? version : `${group}/${version}`}`);
	}
	return {
		kind: 'APIResourceList',
		apiVersion: 'v1',
		groupVersion: `${group}/${version}`,
		resources: found.map(({plural, singular, namespaced, kind, verbs, shortNames}) => ({
			name: plural,
			singularName: singular,
			namespaced,
			kind,
			verbs,
			...(shortNames.length > 0 && {shortNames}),
		})),
	};
}
