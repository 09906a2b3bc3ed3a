import type {Clock} from '../../core/clock.ts';
import type {Observation, Seen, Session} from '../../core/session.ts';
import {ClusterError} from '../errors.ts';
import type {Observer} from '../observe.ts';
import {sanitize} from '../sanitize.ts';
import {createNamer, type StatusObjects, type StatusRequest} from './node-status-objects.ts';
import {type NodeStatusReading, type PortOf, readNodeStatus} from './node-status-read.ts';

export type NodeStatusObserverOptions = {
	readonly objects: () => Promise<StatusObjects>;
	readonly clock: Clock;
	readonly portOf: PortOf;
	/** Calico's version by ClusterInformation, for the words. */
	readonly calicoVersion: () => string | undefined;
};

/** Calico's documentation asks to have CalicoNodeStatus for "less than 10" nodes at once (calico.md §7). */
const atOnce = 10;
/** Milliseconds that calico-node gets for its first report, for a report with sessions in it, and between two looks. */
const patience = {empty: 10_000, silent: 3000, pause: 500};

/** A request that waits for its report. */
type Open = StatusRequest & {readonly askedAt: number};

/**
 * Looks at nodes by CalicoNodeStatus objects, for where commands in pods are not allowed. Each look creates them, for
 * at most ten nodes at a time, and takes them away again, also when it is stopped. A node that does not report holds
 * one of the ten places until its time is up; the others go on. Kernel routes are not to be seen in this way.
 */
export function createNodeStatusObserver(options: NodeStatusObserverOptions): Observer {
	const {clock} = options;
	const nameFor = createNamer();
	const silent = new Set<string>();
	return async function* observe(nodes, {routes, signal}) {
		const names = nodes.map(({name}) => name);
		const waiting = [...names.filter(name => !silent.has(name)), ...names.filter(name => silent.has(name))];
		const tell = (node: string, sessions: Seen<readonly Session[]>): Observation => {
			if (sessions.known) silent.delete(node);
			else silent.add(node);
			return {node, at: clock.now(), sessions, ...(routes && {routes: {known: false, reason: noRoutes}})};
		};
		/** Objects that are, or may be, in the cluster. */
		const made = new Set<string>();
		/** Requests that have no report yet. */
		const open = new Set<Open>();
		let objects: StatusObjects | undefined;
		try {
			objects = await options.objects();
			while (waiting.length + open.size > 0) {
				const next = waiting.splice(0, atOnce - made.size).map(node => ({name: nameFor(), node, askedAt: clock.now()}));
				for (const request of next) {
					open.add(request);
					made.add(request.name);
				}
				if (next.length > 0) await objects.create(next, signal);
				const found = await objects.read([...made], signal);
				if (signal?.aborted) return;
				const done: string[] = [];
				for (const request of open) {
					const object = found.get(request.name);
					const reading = object ? readNodeStatus(object, options.portOf) : ({state: 'empty'} as const);
					const sessions = judge(reading, clock.now() - request.askedAt, options.calicoVersion());
					if (sessions === undefined) continue;
					done.push(request.name);
					open.delete(request);
					yield tell(request.node, sessions);
				}
				if (done.length === 0) await clock.sleep(patience.pause, signal).catch(() => undefined);
				else {
					await objects.remove(done);
					for (const name of done) made.delete(name);
				}
				if (signal?.aborted) return;
			}
		} catch (error) {
			if (signal?.aborted) return;
			const reason = explain(error);
			for (const node of [...[...open].map(request => request.node), ...waiting]) {
				yield tell(node, {known: false, reason});
			}
		} finally {
			// What cannot be removed now is found by its mark later: the doctor lists it.
			if (made.size > 0) await objects?.remove([...made]).catch(() => undefined);
		}
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
