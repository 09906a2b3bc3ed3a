import type {Clock} from '../../core/clock.ts';
import type {Observation, Seen, Session} from '../../core/session.ts';
import {ClusterError} from '../errors.ts';
import type {Observer} from '../observe.ts';
import {sanitize} from '../sanitize.ts';
import type {StatusObjects, StatusRequest} from './node-status-objects.ts';
import {createStatusPool} from './node-status-pool.ts';
import {type NodeStatusReading, type PortOf, readNodeStatus} from './node-status-read.ts';

export type NodeStatusObserverOptions = {
	readonly objects: () => Promise<StatusObjects>;
	readonly clock: Clock;
	readonly portOf: PortOf;
	/** Calico's version by ClusterInformation, for the words. */
	readonly calicoVersion: () => string | undefined;
};

/** Milliseconds that calico-node gets for its first report, for a report with sessions in it, and between two looks. */
const patience = {empty: 10_000, silent: 3000, pause: 500};

/** The observer, and its end: looks that are under way stop, and what they put into the cluster is taken away. */
export type NodeStatusObserver = {readonly observe: Observer; readonly close: () => Promise<void>};

/**
 * Looks at nodes by CalicoNodeStatus objects, for where commands in pods are not allowed. Each look creates them, for
 * at most ten nodes at a time over all looks under way, and takes them away again, also when it is stopped. A node that
 * does not report holds one of the ten places until its time is up; the others go on. Kernel routes are not to be seen
 * in this way.
 */
export function createNodeStatusObserver(options: NodeStatusObserverOptions): NodeStatusObserver {
	const {clock} = options;
	const pool = createStatusPool(options.objects);
	const silent = new Set<string>();
	const closed = new AbortController();
	const observe: Observer = async function* (nodes, {routes, signal: stopped}) {
		const signal = stopped ? AbortSignal.any([stopped, closed.signal]) : closed.signal;
		const names = nodes.map(({name}) => name);
		const waiting = [...names.filter(name => !silent.has(name)), ...names.filter(name => silent.has(name))];
		const tell = (node: string, sessions: Seen<readonly Session[]>): Observation => {
			if (sessions.known) silent.delete(node);
			else silent.add(node);
			return {node, at: clock.now(), sessions, ...(routes && {routes: {known: false, reason: noRoutes}})};
		};
		const rest = () => clock.sleep(patience.pause, signal).catch(() => undefined);
		/** Requests that have no report yet, and when they were made. */
		const open = new Map<StatusRequest, number>();
		/** Requests whose report was told, and which are to be removed. */
		const reported: StatusRequest[] = [];
		try {
			while (waiting.length + open.size > 0 && !signal.aborted) {
				const next = pool.take(waiting, silent);
				waiting.splice(0, next.length);
				for (const request of next) open.set(request, clock.now());
				if (next.length > 0) await pool.create(next, signal);
				if (open.size === 0) {
					// All places are other looks', or what could not be removed before.
					await pool.retry();
					await rest();
					continue;
				}
				const found = await pool.read([...open.keys()], signal);
				if (signal.aborted) return;
				for (const [request, askedAt] of [...open]) {
					const object = found.get(request.name);
					const reading = object ? readNodeStatus(object, options.portOf) : ({state: 'empty'} as const);
					const sessions = judge(reading, clock.now() - askedAt, options.calicoVersion());
					if (!sessions) continue;
					open.delete(request);
					reported.push(request);
					yield tell(request.node, sessions);
				}
				if (reported.length === 0) await rest();
				else await pool.remove(reported.splice(0));
			}
		} catch (error) {
			if (signal.aborted) return;
			const reason = explain(error);
			for (const node of [...[...open.keys()].map(request => request.node), ...waiting]) {
				yield tell(node, {known: false, reason});
			}
		} finally {
			// What cannot be removed now is tried again at the next look, and found by its mark later: the doctor lists it.
			await pool.remove([...open.keys(), ...reported]).catch(() => undefined);
		}
	};
	return {
		observe,
		async close() {
			closed.abort(new Error('closed'));
			await pool.close().catch(() => undefined);
		},
	};
}

const noRoutes = 'CalicoNodeStatus is asked for sessions only; kernel routes are seen by commands in the node';

/** What a reading comes to; undefined where it is worth waiting for more. */
function judge(
	reading: NodeStatusReading,
	waited: number,
	version: string | undefined,
): Seen<readonly Session[]> | undefined {
	switch (reading.state) {
		case 'seen':
			return {known: true, value: reading.sessions};
		case 'unreadable':
			return {known: false, reason: reading.reason};
		case 'silent':
			return waited < patience.silent ? undefined : {known: false, reason: nothingInIt};
		case 'empty':
			return waited < patience.empty ? undefined : {known: false, reason: neverFilled(version)};
	}
}

const nothingInIt =
	'its CalicoNodeStatus shows no session at all: it has none, or calico-node could not ask BIRD (one of bird and bird6 does not answer)';

/** Since 3.33 calico-node writes the status subresource, which the roles of Calico's own manifests do not allow. */
function neverFilled(version: string | undefined): string {
	const since333 = /^v?(?:3\.(?:3[3-9]|[4-9]\d)|[4-9]\.)/.test(version ?? '');
	const cause = since333
		? 'calico-node does not run there, or its role lacks "update" on caliconodestatuses/status'
		: 'calico-node does not run there, or is a release that does not know it';
	return `calico-node has not filled its CalicoNodeStatus within ${patience.empty / 1000} s: ${cause}`;
}

function explain(error: unknown): string {
	if (!(error instanceof ClusterError)) return sanitize(error instanceof Error ? error.message : String(error));
	if (/does not know/.test(error.message)) return 'this cluster has no CalicoNodeStatus: its Calico is too old for it';
	const words = sanitize(error.detail.words.split('\n').at(-1) ?? '');
	return `CalicoNodeStatus cannot be used: ${error.message}${words && ` (${words})`}`;
}
