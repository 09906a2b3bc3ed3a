import type {NodeFacts} from '../../core/facts.ts';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {AnswerError} from '../calicoctl/answers.ts';
import {ClusterError} from '../errors.ts';
import {readItems} from './answers.ts';
import type {Kubectl} from './run.ts';

/** What Kubernetes says of each node. Throws ClusterError; where only the pods cannot be listed, `workloads` is null. */
export async function readNodeFacts(kubectl: Kubectl, signal?: AbortSignal): Promise<ReadonlyMap<string, NodeFacts>> {
	const [items, workloads] = await Promise.all([
		kubectl.ask(['get', 'nodes', '-o', 'json'], readItems, {signal}),
		countWorkloads(kubectl, signal),
	]);
	return new Map(items.map(item => nodeFacts(item, workloads)));
}

function nodeFacts({metadata, spec, status}: JsonObject, workloads: ReadonlyMap<string, number> | null) {
	const [meta, wanted, is] = [objectOf(metadata), objectOf(spec), objectOf(status)];
	const labels = objectOf(meta.labels);
	const name = String(meta.name);
	const os = objectOf(is.nodeInfo).operatingSystem ?? labels['kubernetes.io/os'];
	const facts: NodeFacts = {
		ready: objectsOf(is.conditions).some(({type, status: state}) => type === 'Ready' && state === 'True'),
		schedulable: wanted.unschedulable !== true,
		taints: objectsOf(wanted.taints).map(({key, value, effect}) => `${key}${value ? `=${value}` : ''}:${effect}`),
		internalIps: objectsOf(is.addresses).flatMap(({type, address}) => (type === 'InternalIP' ? [String(address)] : [])),
		os: typeof os === 'string' ? os : 'linux',
		createdAt: String(meta.creationTimestamp ?? ''),
		workloads: workloads === null ? null : (workloads.get(name) ?? 0),
	};
	return [name, facts] as const;
}

/** Only these columns: a cluster's pods as JSON are some 10 KB each. */
const columns = 'NODE:.spec.nodeName,OWNER:.metadata.ownerReferences[0].kind,PHASE:.status.phase';
/** Who keeps a pod where it is: every node has its own, whatever it is used for. */
const ownersOnEveryNode = new Set(['DaemonSet', 'Node']);
const ended = new Set(['Succeeded', 'Failed']);

/** Pods on each node that are not part of a DaemonSet and not static; null where they cannot be listed. */
async function countWorkloads(kubectl: Kubectl, signal?: AbortSignal): Promise<ReadonlyMap<string, number> | null> {
	try {
		const question = ['get', 'pods', '--all-namespaces', '--no-headers', '-o', `custom-columns=${columns}`];
		return await kubectl.ask(question, readWorkloads, {signal});
	} catch (error) {
		if (error instanceof ClusterError) return null;
		throw error;
	}
}

function readWorkloads(text: string): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const line of text.split('\n')) {
		if (line.trim() === '') continue;
		const [node = '', owner = '', phase = '', ...more] = line.trim().split(/\s+/);
		if (phase === '' || more.length > 0) throw new AnswerError('These are not three columns.');
		if (!ownersOnEveryNode.has(owner) && !ended.has(phase)) counts.set(node, (counts.get(node) ?? 0) + 1);
	}
	return counts;
}

function objectOf(value: Json | undefined): JsonObject {
	return isObject(value) ? value : {};
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}
