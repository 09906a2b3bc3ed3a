import {equalJson} from '../../core/json.ts';
import type {Kind, WrittenResource} from '../../core/resources.ts';
import {fieldAt, fieldChanges, patchBody, type Write} from '../../core/write.ts';
import {isServersField, toYaml} from '../calicoctl/commands.ts';
import type {Command} from '../port.ts';
import type {Api} from './discovery.ts';
import {nodePatchBody} from './node-patch.ts';

/** How kubectl is called, beside what it is asked. */
export type Invocation = {
	readonly binary: string;
	readonly context?: string | undefined;
	readonly kubeconfig?: string | undefined;
};

const plurals: Readonly<Record<Exclude<Kind, 'Node'>, string>> = {
	BGPPeer: 'bgppeers',
	BGPConfiguration: 'bgpconfigurations',
	IPPool: 'ippools',
	ClusterInformation: 'clusterinformations',
};

/** A plural with its group, so that no other API's resource of that name can be meant: `bgppeers.projectcalico.org`. */
export function qualified(plural: string, api: Api): string {
	return `${plural}.${api.group}`;
}

/** What kubectl calls a kind of which it is asked one. */
export function resourceName(kind: Kind, api: Api): string {
	return kind === 'Node' ? 'node' : qualified(plurals[kind], api);
}

/** What kubectl calls several kinds that it is asked in one call. */
export function resourceNames(kinds: readonly Kind[], api: Api): string {
	return kinds.map(kind => (kind === 'Node' ? 'nodes' : qualified(plurals[kind], api))).join(',');
}

/**
 * A kubectl command. Its options stand behind the question; `requestTimeout` (seconds, for one HTTP request) lets
 * kubectl give up by itself, with its own words, before this program kills it.
 */
export function kubectlCommand(
	{binary, context, kubeconfig}: Invocation,
	question: readonly string[],
	{requestTimeout, input}: {readonly requestTimeout?: number | undefined; readonly input?: string | undefined} = {},
): Command {
	const args = [...question, ...connectionOptions({binary, context, kubeconfig})];
	if (requestTimeout !== undefined) args.push(`--request-timeout=${requestTimeout}s`);
	return {file: binary, args, ...(input !== undefined && {input})};
}

/** Which cluster, and as whom. */
export function connectionOptions({context, kubeconfig}: Invocation): readonly string[] {
	return [
		...(context === undefined ? [] : [`--context=${context}`]),
		...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
	];
}

/** A write as kubectl's words and stdin. */
export type WriteQuestion = {readonly words: readonly string[]; readonly input?: string};

/**
 * Asks for a write. A patch holds only the fields that change, and the version that guards it; a Node's version changes
 * with every heartbeat of its kubelet, so a Node is never guarded by it. `last` is the resource as it was read last.
 */
export function writeQuestion(write: Write, api: Api, last?: WrittenResource): WriteQuestion {
	switch (write.verb) {
		case 'create':
			return {words: ['create', '-f', '-'], input: manifest(write.after, api)};
		case 'patch': {
			const body = write.kind === 'Node' ? nodePatchBody(write.before, write.after, last) : guardedBody(write, last);
			const words = ['patch', resourceName(write.kind, api), write.name, '--type=merge', '-p', JSON.stringify(body)];
			return {words};
		}
		case 'delete':
			return {words: ['delete', resourceName(write.kind, api), write.name]};
	}
}

/** The resource as YAML in the group that the cluster has. */
function manifest(resource: WrittenResource, api: Api): string {
	return toYaml({...resource, apiVersion: api.apiVersion});
}

/**
 * The version that guards a patch is the one read last, if the fields that the patch touches still were as the write
 * expects them: then anybody who changes the resource in between makes the patch fail. Otherwise it is the version that
 * the write was made from, with which the patch fails if there was any change at all.
 */
function guardedBody({before, after}: Extract<Write, {verb: 'patch'}>, last: WrittenResource | undefined) {
	const changes = fieldChanges(before, after).filter(change => !isServersField(change));
	const expected = last !== undefined && changes.every(change => equalJson(fieldAt(last, change.path), change.before));
	const {resourceVersion} = (expected ? last : before).metadata;
	const version = {path: ['metadata', 'resourceVersion'], before: undefined, after: resourceVersion};
	return patchBody(resourceVersion === undefined ? changes : [version, ...changes]);
}
