import {isEstablished, type Observation} from '../core/session.ts';
import type {Options} from './table.ts';

/** Which peers `status` shows, and in which order the nodes stand. */
export type StatusView = {
	/** The look with the peers that are asked for; undefined where nothing of the node is. */
	readonly filter: (look: Observation | undefined) => Observation | undefined;
	/** The names in their order; null where every node must be seen before the order is known. */
	readonly order: ((names: readonly string[]) => readonly string[]) | null;
	/** The names in their order once the nodes are seen. */
	readonly sort: (names: readonly string[], looks: ReadonlyMap<string, Observation>) => readonly string[];
	/** Whether nodes without anything to show are left out. */
	readonly filters: boolean;
};

/** The view that the flags ask for. */
export function statusView({state, sort}: Options): StatusView {
	const byName = (names: readonly string[]) => [...names].sort();
	const asListed = (names: readonly string[]) => names;
	return {
		filters: state !== undefined,
		filter: look => (state === undefined || !look ? look : filtered(look, state === 'up')),
		order: sort === 'trouble' ? null : sort === 'name' ? byName : asListed,
		sort:
			sort === 'trouble'
				? (names, looks) => [...names].sort((left, right) => trouble(looks.get(right)) - trouble(looks.get(left)))
				: sort === 'name'
					? byName
					: asListed,
	};
}

function filtered(look: Observation, isUp: boolean): Observation | undefined {
	const {sessions} = look;
	if (!sessions.known) return isUp ? undefined : look;
	const value = sessions.value.filter(session => isEstablished(session) === isUp);
	return value.length === 0 ? undefined : {...look, sessions: {known: true, value}};
}

/** A node that cannot be seen is the greatest trouble; else it is as large as its peers that are not up. */
function trouble(look: Observation | undefined): number {
	if (!look?.sessions.known) return Number.MAX_SAFE_INTEGER;
	return look.sessions.value.filter(session => !isEstablished(session)).length;
}
