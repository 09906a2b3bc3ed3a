import type {SecretReference} from '../../core/resources.ts';
import {ClusterError} from '../errors.ts';
import {canI} from './can-i.ts';
import {isMissing} from './failures.ts';
import type {Kubectl} from './run.ts';

/**
 * Whether calico-node can read the mesh's password: the secret is not known to be missing, and its service account may
 * get it. The secret itself is never printed. Throws ClusterError, above all where we may not ask for another user.
 */
export async function isPasswordReadable(
	kubectl: Kubectl,
	{secretKeyRef: {name}}: SecretReference,
	namespace: string,
	signal?: AbortSignal,
): Promise<boolean> {
	if (await isSecretMissing(kubectl, name, namespace, signal)) return false;
	const account = `system:serviceaccount:${namespace}:calico-node`;
	return canI(kubectl, {verb: 'get', resource: 'secrets', name, namespace, as: account}, signal);
}

async function isSecretMissing(kubectl: Kubectl, name: string, namespace: string, signal?: AbortSignal) {
	const command = kubectl.command(['get', 'secret', name, '-n', namespace, '-o', 'name']);
	try {
		const result = await kubectl.run(command, {signal, accept: failed => isMissing(failed, name)});
		return result.exitCode !== 0;
	} catch (error) {
		// Few may look at secrets; then only calico-node's own right is asked about.
		if (error instanceof ClusterError && error.kind === 'forbidden') return false;
		throw error;
	}
}
