import {createLimit} from '../cluster/concurrency.ts';
import {ClusterError} from '../cluster/errors.ts';
import type {Cluster} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import type {RunTraces} from '../core/doctor/traces.ts';
import {bgpFamilies} from '../core/reflectors.ts';
import type {Seen} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {lockOf, lockPath} from './lock.ts';
import {findEarlierRun} from './resume-find.ts';

/** What is asked about. */
export type TraceQuestion = {
	readonly snapshot: Snapshot;
	/** The nodes to look at for held routes. */
	readonly nodes: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
};

/** Nodes that are looked at at once. */
const atOnce = 16;

/** Finds what runs of this program left on the nodes and on this machine. Changes nothing, and throws only where it is stopped. */
export async function findTraces(cluster: Cluster, question: TraceQuestion): Promise<RunTraces> {
	const {snapshot, env} = question;
	const {identity} = cluster;
	const held = await findHeld(cluster, question);
	// The built-in practice cluster lives in this process alone: no other run can be at it, or have been.
	if (identity.practice) return {held, lock: {known: true, value: null}, openJournal: {known: true, value: null}};
	return {
		held,
		lock: attempt(() => {
			const path = lockPath(identity, env);
			const found = lockOf(path);
			if (!found) return null;
			const {pid, host, since} = found.owner;
			return {pid, host, since, alive: found.alive, path};
		}),
		openJournal: attempt(() => {
			const run = findEarlierRun(identity, env, snapshot, 'rollback');
			return run && run.journal !== null && !run.isDone
				? {path: run.journal, at: run.at, direction: run.direction}
				: null;
		}),
	};
}

async function findHeld(cluster: Cluster, {snapshot, nodes, signal}: TraceQuestion): Promise<RunTraces['held']> {
	try {
		const way = await cluster.holding();
		const {holds} = cluster;
		if (way.state === 'impossible') return {known: false, reason: way.reason};
		if (!holds) return {known: false, reason: 'there is no way onto the nodes'};
		const withinLimit = createLimit(atOnce);
		const looks = snapshot.nodes
			.filter(({metadata: {name}}) => nodes.includes(name))
			.map(node =>
				withinLimit(async (): Promise<readonly [string, Seen<number>]> => {
					const {name} = node.metadata;
					const seen = await holds.look({name, families: bgpFamilies(node)}, signal);
					return [name, seen.known ? {known: true, value: seen.value.length} : seen];
				}),
			);
		return {known: true, value: new Map(await Promise.all(looks))};
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		return {known: false, reason: error.message};
	}
}

/** What a look at this machine's files gave, or in words why nothing. */
function attempt<T>(look: () => T): Seen<T> {
	try {
		return {known: true, value: look()};
	} catch (error) {
		// A journal that cannot be trusted, or a folder that may not be read.
		if (error instanceof Error) return {known: false, reason: sanitize(error.message)};
		throw error;
	}
}
