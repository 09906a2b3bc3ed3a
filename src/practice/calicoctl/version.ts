import {DatastoreError, NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import {getOne} from './client.ts';
import type {Host, Outcome} from './host.ts';

/** `calicoctl version`: never asks whether the versions match. */
export function runVersion({datastore, clientVersion}: Host, options: Arguments): Outcome {
	if (options.has('--poll')) throw new NotModelledError('version --poll');
	const own = `Client Version:    ${clientVersion}\nGit commit:        \n`;
	try {
		const {calicoVersion, clusterType} = getOne(datastore, 'ClusterInformation', 'default').spec;
		const version = `Cluster Version:   ${calicoVersion || 'unknown'}\n`;
		return {stdout: `${own}${version}Cluster Type:      ${clusterType || 'unknown'}\n`};
	} catch (error) {
		if (!(error instanceof DatastoreError)) throw error;
		return {stdout: own, error: `unable to retrieve Cluster Version or Type: ${error.message}`};
	}
}
