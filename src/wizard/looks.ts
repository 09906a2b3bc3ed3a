import {isEstablished, type Observation, type PeerType, peerTypes, type Seen, type Session} from '../core/session.ts';

/** Sessions of one kind: up of all. */
export type Count = {readonly up: number; readonly total: number};

/** What one look at a node's BIRD showed, counted; the sessions themselves where they are kept. */
export type Look = {
	readonly at: number;
	readonly seen: Seen<{
		readonly up: number;
		readonly total: number;
		readonly byType: Readonly<Record<PeerType, Count>>;
		readonly sessions: readonly Session[] | null;
	}>;
};

/** The newest look at each node, and the looks kept to be compared with. */
export type Looks = {
	readonly now: ReadonlyMap<string, Look>;
	/** The first look at each node, made before the first write. */
	readonly start: ReadonlyMap<string, Look>;
	/** The last look at each node before the mesh went off; null before that. */
	readonly meshOff: ReadonlyMap<string, Look> | null;
};

export const noLooks: Looks = {now: new Map(), start: new Map(), meshOff: null};

/**
 * Above this many nodes only the sessions of looked-at nodes are kept, of all others just the counts: each node of a
 * mesh of 5,000 has 4,999 sessions.
 */
const keepAllSessions = 300;

/** The looks with some new ones; `focus` are nodes whose sessions are kept whatever the size of the cluster. */
export function withObservations(
	looks: Looks,
	observations: readonly Observation[],
	{
		nodes,
		focus,
		untouched,
	}: {readonly nodes: number; readonly focus: readonly (string | undefined)[]; readonly untouched: boolean},
): Looks {
	const now = new Map(looks.now);
	const start = untouched ? new Map(looks.start) : looks.start;
	for (const observation of observations) {
		const {node} = observation;
		const look = toLook(observation, nodes <= keepAllSessions || focus.includes(node));
		now.set(node, look);
		if (untouched && look.seen.known && isWorthKeeping(looks.start.get(node), look)) {
			(start as Map<string, Look>).set(node, look);
		}
	}
	return {...looks, now, start};
}

/** The first look stands, unless it came without its sessions and this one has them. */
function isWorthKeeping(kept: Look | undefined, look: Look): boolean {
	if (!kept?.seen.known) return true;
	return kept.seen.value.sessions === null && look.seen.known && look.seen.value.sessions !== null;
}

function toLook({at, sessions}: Observation, keep: boolean): Look {
	if (!sessions.known) return {at, seen: sessions};
	const byType = Object.fromEntries(
		Object.values(peerTypes).map(type => [type, countOf(sessions.value.filter(session => session.type === type))]),
	) as Record<PeerType, Count>;
	const {up, total} = countOf(sessions.value);
	return {at, seen: {known: true, value: {up, total, byType, sessions: keep ? sessions.value : null}}};
}

function countOf(sessions: readonly Session[]): Count {
	return {up: sessions.filter(isEstablished).length, total: sessions.length};
}
