import {ClusterError} from '../cluster/errors.ts';
import {lookAtNodes} from '../cluster/look-at-nodes.ts';
import type {Cluster, ReadResult} from '../cluster/port.ts';
import {examine, examineUnread, type Unread} from '../core/doctor/examine.ts';
import {factsFromSnapshot} from '../core/doctor/facts-from-snapshot.ts';
import {createDoctorInput, tryPlan} from '../core/doctor/input.ts';
import type {Finding} from '../core/doctor/types.ts';
import {type ClusterFacts, unknownFacts} from '../core/facts.ts';
import {gateEverywhere} from '../core/plan/gate-scope.ts';
import type {Choice, Plan} from '../core/plan/types.ts';
import {reflectorsWith} from '../core/reflectors.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {findTraces} from './find-traces.ts';

/** What the doctor is asked about. */
export type Examination = {
	/**
	 * The reflectors that are meant, or null for none. Called once before anything is known of the nodes beside their
	 * resources, and once after: a proposal may change by what Kubernetes says of them.
	 */
	readonly choiceFor: (snapshot: Snapshot, facts?: ClusterFacts) => Choice | null;
	/** The user said that a calicoctl of another version may be used. */
	readonly allowVersionMismatch: boolean;
	readonly signal: AbortSignal;
	/** Where this machine keeps journals and locks. */
	readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Reads the cluster anew, asks its tool, looks at the nodes and runs every check. Changes nothing. A cluster that cannot
 * be read is a finding too. Throws ClusterError only where it is stopped.
 */
export async function examineCluster(
	cluster: Cluster,
	{choiceFor, allowVersionMismatch, signal, env}: Examination,
): Promise<readonly Finding[]> {
	const read = await tryRead(cluster, signal);
	if ('id' in read) return examineUnread(read);
	const {snapshot} = read;
	// The rights that are asked about are those of a plan's writes, and whoever is chosen, these are the same.
	const facts = await inspect(cluster, read, tryPlan(snapshot, choiceFor(snapshot)).plan, signal);
	const choice = choiceFor(snapshot, facts);
	const names = gateEverywhere(snapshot, reflectorsWith(snapshot, choice)).nodes;
	const [observations, traces] = await Promise.all([
		lookAtNodes(cluster, snapshot, names, signal),
		findTraces(cluster, {snapshot, nodes: names, env, signal}),
	]);
	return examine(createDoctorInput({snapshot, facts, traces, observations, choice, allowVersionMismatch}));
}

/** A cluster that cannot be read is a finding too, except where the user ended it. */
async function tryRead(cluster: Cluster, signal: AbortSignal): Promise<ReadResult | Unread> {
	try {
		return await cluster.read(signal);
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		const {words, next} = error.detail;
		const id = error.kind === 'version-mismatch' ? 'version-mismatch' : 'reachable';
		return {id, reason: [error.message, words].filter(Boolean).join(' '), next};
	}
}

async function inspect(
	cluster: Cluster,
	{snapshot, information}: ReadResult,
	plan: Plan | null,
	signal: AbortSignal,
): Promise<ClusterFacts> {
	if (!cluster.inspect) {
		const tool = {known: false, reason: `${cluster.identity.via} was not asked for its version.`} as const;
		return factsFromSnapshot({snapshot, information, tool});
	}
	try {
		return await cluster.inspect(plan ?? undefined, signal);
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		return unknownFacts(error.message);
	}
}
