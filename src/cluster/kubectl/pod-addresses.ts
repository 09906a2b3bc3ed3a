import {isIP} from 'node:net';
import {AnswerError} from '../calicoctl/answers.ts';
import type {Kubectl} from './run.ts';

/** Only these columns: a cluster's pods as JSON are some 10 KB each. */
const columns = 'NODE:.spec.nodeName,HOST:.spec.hostNetwork,PHASE:.status.phase,IP:.status.podIP';

/** The addresses of the pods that run on each node and have one of their own, not the node's. Throws ClusterError. */
export function readPodAddresses(
	kubectl: Kubectl,
	signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
	const question = ['get', 'pods', '--all-namespaces', '--no-headers', '-o', `custom-columns=${columns}`];
	return kubectl.ask(question, readAddresses, {signal});
}

function readAddresses(text: string): ReadonlyMap<string, readonly string[]> {
	const addresses = new Map<string, string[]>();
	for (const line of text.split('\n')) {
		if (line.trim() === '') continue;
		const [node = '', host = '', phase = '', ip = '', ...more] = line.trim().split(/\s+/);
		if (ip === '' || more.length > 0) throw new AnswerError('These are not four columns.');
		if (host === 'true' || phase !== 'Running' || isIP(ip) === 0) continue;
		addresses.set(node, [...(addresses.get(node) ?? []), ip]);
	}
	return addresses;
}
