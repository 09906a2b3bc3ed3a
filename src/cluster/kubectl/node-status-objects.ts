import {randomUUID} from 'node:crypto';
import {stringify} from 'yaml';
import {isObject, type JsonObject} from '../../core/json.ts';
import {AnswerError, readJson} from '../calicoctl/answers.ts';
import {calicoMetadata} from './answers.ts';
import {qualified} from './commands.ts';
import type {Api} from './discovery.ts';
import type {Kubectl} from './run.ts';

/** By these every CalicoNodeStatus of this program can be found again, even one that a killed run left behind. */
export const ownMark = {key: 'app.kubernetes.io/managed-by', value: 'calico-rr-wizard'} as const;
const namePrefix = 'calico-rr-wizard-';

/** One object that asks one node for its sessions. */
export type StatusRequest = {readonly name: string; readonly node: string};

/** Makes names that no other run has. */
export function createNamer(): () => string {
	const run = randomUUID().slice(0, 8);
	let number = 0;
	return () => `${namePrefix}${run}-${++number}`;
}

/** Whether a CalicoNodeStatus is one of this program's, of any run. */
export function isOwn(object: JsonObject): boolean {
	const metadata = object.metadata;
	if (!isObject(metadata)) return false;
	const labels = isObject(metadata.labels) ? metadata.labels : {};
	return String(metadata.name).startsWith(namePrefix) || labels[ownMark.key] === ownMark.value;
}

/** Creating, reading and deleting them; each in one call for all. */
export type StatusObjects = {
	create(requests: readonly StatusRequest[], signal?: AbortSignal): Promise<void>;
	/** By name; those that are not there are left out. */
	read(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, JsonObject>>;
	/** Takes no signal: what was created must go, whatever has been aborted meanwhile. */
	remove(names: readonly string[]): Promise<void>;
};

/** Makes it. Nothing is run yet. */
export function createStatusObjects(kubectl: Kubectl, api: Api): StatusObjects {
	const plural = qualified('caliconodestatuses', api);
	return {
		async create(requests, signal) {
			const input = requests.map(request => stringify(statusObject(request, api))).join('---\n');
			await kubectl.run(kubectl.command(['create', '-f', '-'], {input, writes: true}), {signal, writes: true});
		},
		read: (names, signal) =>
			kubectl.ask(['get', plural, ...names, '-o', 'json', '--ignore-not-found'], readObjects, {signal}),
		async remove(names) {
			const question = ['delete', plural, ...names, '--ignore-not-found', '--wait=false'];
			await kubectl.run(kubectl.command(question, {writes: true}), {writes: true});
		},
	};
}

/**
 * Class BGP alone: one class that fails takes all others with it (calico.md §7 c). Each look makes new objects, since
 * calico-node notices no edit in some datastores (e), and does not write again what has not changed (b).
 */
function statusObject({name, node}: StatusRequest, api: Api): JsonObject {
	return {
		apiVersion: api.apiVersion,
		kind: 'CalicoNodeStatus',
		metadata: {name, labels: {[ownMark.key]: ownMark.value}},
		spec: {node, classes: ['BGP'], updatePeriodSeconds: 1},
	};
}

/** kubectl prints nothing for none, the object itself where it was asked for one, else a list. */
function readObjects(text: string): ReadonlyMap<string, JsonObject> {
	if (text.trim() === '') return new Map();
	const answer = readJson(text);
	const items = isObject(answer) && Array.isArray(answer.items) ? answer.items : [answer];
	return new Map(
		items.map((item): [string, JsonObject] => {
			if (!isObject(item) || item.kind !== 'CalicoNodeStatus' || !isObject(item.metadata)) {
				throw new AnswerError('This is no CalicoNodeStatus.');
			}
			const {name} = item.metadata;
			const metadata = calicoMetadata(item.metadata);
			return [String(name), isObject(metadata) ? {...item, metadata} : item];
		}),
	);
}
