import type {Clock} from '../../core/clock.ts';
import {isObject, type JsonObject} from '../../core/json.ts';
import {readItems} from './answers.ts';
import {isForbidden} from './failures.ts';
import type {Kubectl} from './run.ts';

/** The calico-node pod of a node. */
export type CalicoPod = {readonly name: string; readonly namespace: string};

/** Where calico-node runs. The list is read once, and again when a pod turns out to be gone. */
export type CalicoPods = {
	/** The node's pod, or undefined where it has none. Throws ClusterError. */
	find(node: string): Promise<CalicoPod | undefined>;
	/** Says that this pod is not there any more; gives the one that took its place, if there is one. */
	replace(node: string, gone: CalicoPod): Promise<CalicoPod | undefined>;
	/** What is known now, without asking. */
	known(node: string): CalicoPod | undefined;
	/** The namespace that calico-node's pods are in; undefined where there are none. Throws ClusterError. */
	namespace(): Promise<string | undefined>;
};

/** Milliseconds after which a node without a pod makes the list be read again. */
const staleAfter = 10_000;

/** The operator's namespace, and the one of Calico's manifests (calico.md §8.1). */
const namespaces = ['calico-system', 'kube-system'];

/** As Kubernetes names things (RFC 1123); a name becomes an argument. */
const safeName = /^[a-z0-9][a-z0-9.-]{0,252}$/;

/** What the last reading gave. */
type Reading = {readonly at: number} & (
	| {readonly pods: ReadonlyMap<string, CalicoPod>}
	| {readonly pods?: undefined; readonly error: unknown}
);

/** Makes it. Nothing is run yet. */
export function createCalicoPods(kubectl: Kubectl, clock: Clock): CalicoPods {
	let last: Reading | undefined;
	let reading: Promise<Reading> | undefined;
	// Nobody's abort may spoil a list that others wait for: it has its own timeout.
	const readAgain = (): Promise<Reading> => {
		reading ??= readPods(kubectl)
			.then(
				(pods): Reading => ({at: clock.now(), pods}),
				(error: unknown): Reading => ({at: clock.now(), error}),
			)
			.then(result => {
				reading = undefined;
				last = result;
				return result;
			});
		return reading;
	};
	const isStale = ({at}: Reading) => clock.now() - at >= staleAfter;
	/** A thousand nodes must not ask a thousand times for a list that cannot be had. */
	const read = async () => (last === undefined || (last.pods === undefined && isStale(last)) ? readAgain() : last);
	return {
		known: node => last?.pods?.get(node),
		async find(node) {
			const result = await read();
			const pod = podsOf(result).get(node);
			return pod === undefined && isStale(result) ? podsOf(await readAgain()).get(node) : pod;
		},
		async replace(node, gone) {
			const pod = last?.pods?.get(node);
			// Somebody else found out already.
			if (pod !== undefined && pod.name !== gone.name) return pod;
			const next = podsOf(await readAgain()).get(node);
			return next?.name === gone.name ? undefined : next;
		},
		async namespace() {
			return [...podsOf(await read()).values()][0]?.namespace;
		},
	};
}

function podsOf(reading: Reading): ReadonlyMap<string, CalicoPod> {
	if (reading.pods === undefined) throw reading.error;
	return reading.pods;
}

/** All pods of calico-node by their node. A user who may not look into every namespace may look into Calico's. */
async function readPods(kubectl: Kubectl): Promise<ReadonlyMap<string, CalicoPod>> {
	const selector = ['-l', 'k8s-app=calico-node', '-o', 'json'];
	try {
		return byNode(await kubectl.ask(['get', 'pods', '--all-namespaces', ...selector], readItems));
	} catch (error) {
		if (!isForbidden(error)) throw error;
		const lists = await Promise.allSettled(
			namespaces.map(namespace => kubectl.ask(['get', 'pods', '-n', namespace, ...selector], readItems)),
		);
		const items = lists.flatMap(list => (list.status === 'fulfilled' ? list.value : []));
		if (lists.every(list => list.status === 'rejected')) throw error;
		return byNode(items);
	}
}

function byNode(items: readonly JsonObject[]): ReadonlyMap<string, CalicoPod> {
	const found = new Map<string, CalicoPod & {readonly rank: number}>();
	for (const {metadata, spec, status} of items) {
		if (!isObject(metadata) || !isObject(spec) || typeof spec.nodeName !== 'string') continue;
		const {name, namespace, deletionTimestamp} = metadata;
		if (!isSafe(name) || !isSafe(namespace)) continue;
		// While a DaemonSet replaces its pod, a node has the one that ends and the one that starts.
		const runs = isObject(status) && status.phase === 'Running';
		const rank = (runs ? 2 : 0) + (deletionTimestamp ? 0 : 1);
		if (rank > (found.get(spec.nodeName)?.rank ?? -1)) found.set(spec.nodeName, {name, namespace, rank});
	}
	return new Map([...found].map(([node, {name, namespace}]) => [node, {name, namespace}]));
}

function isSafe(name: unknown): name is string {
	return typeof name === 'string' && safeName.test(name);
}
