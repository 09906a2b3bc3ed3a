import {isObject, type JsonObject} from '../../core/json.ts';
import {AnswerError, readJson} from '../calicoctl/answers.ts';
import {ClusterError} from '../errors.ts';
import {sanitize} from '../sanitize.ts';
import type {Kubectl} from './run.ts';

/** One cluster that kubectl is set up for. */
export type Context = {
	readonly name: string;
	/** The API server's address, or null where the context names no known cluster. */
	readonly server: string | null;
	/** Whether kubectl takes it where no other is named. */
	readonly current: boolean;
};

/** What kubectl is set up for, from `kubectl config view`: no cluster is asked. Throws ClusterError. */
export function readContexts(kubectl: Kubectl, signal?: AbortSignal): Promise<readonly Context[]> {
	return kubectl.ask(['config', 'view', '-o', 'json'], parseContexts, {signal});
}

function parseContexts(text: string): readonly Context[] {
	const config = readJson(text);
	if (!isObject(config)) throw new AnswerError('This is no kubeconfig.');
	const servers = new Map(named(config.clusters, 'cluster').map(({name, value}) => [name, value.server]));
	return named(config.contexts, 'context').map(({name, value}) => {
		const server = servers.get(String(value.cluster));
		return {
			name,
			server: typeof server === 'string' && server !== '' ? withoutUser(server) : null,
			current: name === config['current-context'],
		};
	});
}

/** A kubeconfig's lists: `{name, cluster: {…}}`, or null where there are none. */
function named(list: unknown, field: string): ReadonlyArray<{readonly name: string; readonly value: JsonObject}> {
	if (!Array.isArray(list)) return [];
	return list.flatMap((entry: unknown) => {
		if (!isObject(entry) || typeof entry.name !== 'string') return [];
		const value = entry[field];
		return [{name: entry.name, value: isObject(value) ? value : {}}];
	});
}

/** A URL may carry a user and a password; nobody needs to see them. */
function withoutUser(url: string): string {
	return url.replace(/\/\/[^/@]*@/, '//');
}

/** The cluster's name on every screen: context and server, `context lab at https://10.0.0.1:6443`. Never fails. */
export async function clusterName(kubectl: Kubectl, signal?: AbortSignal): Promise<string> {
	const {context, kubeconfig} = kubectl.invocation;
	try {
		const contexts = await readContexts(kubectl, signal);
		const found = contexts.find(({name, current}) => (context === undefined ? current : name === context));
		if (found) return sanitize(`context ${found.name}${found.server === null ? '' : ` at ${found.server}`}`);
	} catch (error) {
		if (!(error instanceof ClusterError)) throw error;
	}
	return unreadName({context, kubeconfig});
}

/** The name as long as kubectl's configuration was not read, or where it names no context (as inside a pod). */
export function unreadName({context, kubeconfig}: {context?: string | undefined; kubeconfig?: string | undefined}) {
	if (context !== undefined) return sanitize(`context ${context}`);
	return kubeconfig === undefined ? "kubectl's own configuration" : sanitize(`kubeconfig ${kubeconfig}`);
}
