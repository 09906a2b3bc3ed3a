import type {JsonObject} from '../../core/json.ts';
import {isForbidden} from './failures.ts';
import {createNamer, type StatusObjects, type StatusRequest} from './node-status-objects.ts';

/** Calico's documentation asks to have CalicoNodeStatus for "less than 10" nodes at once (calico.md §7). */
export const atOnce = 10;
/** Places for nodes that did not report the last time: so many of them must not keep the others waiting. */
const forSilent = atOnce / 2;

/** The CalicoNodeStatus objects of all looks that are under way: never more than ten, and none of them is forgotten. */
export type StatusPool = {
	/** Requests for the first of these nodes, as many as have a place now. Nothing is created yet. */
	take(nodes: readonly string[], silent: ReadonlySet<string>): readonly StatusRequest[];
	create(requests: readonly StatusRequest[], signal: AbortSignal): Promise<void>;
	read(requests: readonly StatusRequest[], signal: AbortSignal): Promise<ReadonlyMap<string, JsonObject>>;
	/** What cannot be removed keeps its place and is tried again. */
	remove(requests: readonly StatusRequest[]): Promise<void>;
	/** Removes again what could not be removed; throws why not. */
	retry(): Promise<void>;
	/** Waits for what is being created, and removes all there is. */
	close(): Promise<void>;
};

/** What is, or may be, in the cluster. */
type Made = {readonly request: StatusRequest; state: 'taken' | 'refused' | 'to-remove'};

/** Makes it. Nothing is run yet. */
export function createStatusPool(find: () => Promise<StatusObjects>): StatusPool {
	const nameFor = createNamer();
	const made = new Map<string, Made>();
	const creating = new Set<Promise<void>>();
	const removeNames = async (names: readonly string[]): Promise<void> => {
		if (names.length === 0) return;
		try {
			await (await find()).remove(names);
			for (const name of names) made.delete(name);
		} catch (error) {
			// Who may not create them has none to remove either, and may not do that.
			for (const name of names) if (made.get(name)?.state === 'refused') made.delete(name);
			for (const name of names) mark(name, 'to-remove');
			throw error;
		}
	};
	const mark = (name: string, state: Made['state']): void => {
		const entry = made.get(name);
		if (entry) entry.state = state;
	};
	const unremoved = () => [...made].filter(([, {state}]) => state === 'to-remove').map(([name]) => name);
	return {
		take(nodes, silent) {
			const taken: StatusRequest[] = [];
			let quiet = [...made.values()].filter(({request}) => silent.has(request.node)).length;
			for (const node of nodes) {
				if (made.size >= atOnce || (silent.has(node) && quiet >= forSilent)) break;
				const request = {name: nameFor(), node};
				made.set(request.name, {request, state: 'taken'});
				taken.push(request);
				if (silent.has(node)) quiet += 1;
			}
			return taken;
		},
		async create(requests, signal) {
			const creation = find().then(objects => objects.create(requests, signal));
			creating.add(creation);
			try {
				await creation;
			} catch (error) {
				if (isForbidden(error)) for (const {name} of requests) mark(name, 'refused');
				throw error;
			} finally {
				creating.delete(creation);
			}
		},
		read: async (requests, signal) =>
			(await find()).read(
				requests.map(({name}) => name),
				signal,
			),
		remove: requests => removeNames([...requests.map(({name}) => name).filter(name => made.has(name)), ...unremoved()]),
		retry: () => removeNames(unremoved()),
		async close() {
			await Promise.allSettled(creating);
			await removeNames([...made.keys()]);
		},
	};
}
