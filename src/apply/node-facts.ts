import {ClusterError} from '../cluster/errors.ts';
import type {Cluster} from '../cluster/port.ts';
import type {KnownNodes} from '../core/candidate-facts.ts';

/** What Kubernetes says of the nodes, for the proposal; where it cannot be read, nothing is known and nothing changes. */
export async function knownNodes(cluster: Cluster, signal?: AbortSignal): Promise<KnownNodes | undefined> {
	if (!cluster.readNodeFacts) return undefined;
	try {
		return {nodes: {known: true, value: await cluster.readNodeFacts(signal)}};
	} catch (error) {
		if (!(error instanceof ClusterError)) throw error;
		return undefined;
	}
}
