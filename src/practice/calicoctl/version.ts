import {NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import type {Host, Outcome} from './host.ts';

/** `calicoctl version`: never asks whether the versions match. */
export function runVersion({datastore, clientVersion}: Host, options: Arguments): Outcome {
	if (options.has('--poll')) throw new NotModelledError('version --poll');
	const own = `Client Version:    ${clientVersion}\nGit commit:        \n`;
	const information = datastore.get('ClusterInformation', 'default');
	if (!information) {
		const {message} = datastore.missing('ClusterInformation', 'default');
		return {stdout: own, error: `unable to retrieve Cluster Version or Type: ${message}`};
	}
	const {calicoVersion, clusterType} = information.spec;
	const version = `Cluster Version:   ${calicoVersion || 'unknown'}\n`;
	return {stdout: `${own}${version}Cluster Type:      ${clusterType || 'unknown'}\n`};
}
