import {NotModelledError} from '../datastore/errors.ts';
import {servedGroups} from '../kubernetes/api-resources.ts';
import {qualifiedName} from '../kubernetes/status-error.ts';
import type {Arguments} from './arguments.ts';
import type {Host} from './host.ts';
import type {Outcome} from './outcome.ts';
import {printColumns} from './table.ts';

/** `kubectl api-resources --api-group=GROUP`: of Kubernetes' own groups the practice cluster holds too few to list them. */
export function runApiResources({api}: Host, options: Arguments): Outcome {
	const group = options.value('api-group');
	if (group === undefined || !group.endsWith('projectcalico.org')) {
		throw new NotModelledError('kubectl api-resources but for one group of Calico');
	}
	const output = options.value('output');
	if (output !== undefined && output !== 'name' && output !== 'wide') {
		throw new NotModelledError(`kubectl api-resources -o ${output}`);
	}
	const verbs = options.value('verbs')?.split(',') ?? [];
	const resources = api.resources().filter(resource => resource.group === group);
	const found = resources
		.filter(resource => verbs.every(verb => resource.verbs.includes(verb)))
		.sort((left, right) => (left.plural < right.plural ? -1 : 1));
	if (output === 'name') return {stdout: found.map(resource => `${qualifiedName(resource)}\n`).join('')};
	const isWide = output === 'wide';
	const headings = [
		'NAME',
		'SHORTNAMES',
		'APIVERSION',
		'NAMESPACED',
		'KIND',
		...(isWide ? ['VERBS', 'CATEGORIES'] : []),
	];
	const rows = found.map(({plural, shortNames, version, namespaced, kind, verbs: can}) => [
		plural,
		shortNames.join(','),
		`${group}/${version}`,
		String(namespaced),
		kind,
		...(isWide ? [can.join(','), ''] : []),
	]);
	return {stdout: printColumns(options.has('no-headers') ? rows : [headings, ...rows])};
}

/** `kubectl api-versions` */
export function runApiVersions({api, options}: Host): Outcome {
	// Only someone whom the API server knows is answered.
	api.resources();
	const versions = servedGroups(options).map(({group, version}) => `${group}/${version}`);
	return {
		stdout: [...versions, 'v1']
			.sort()
			.map(version => `${version}\n`)
			.join(''),
	};
}
