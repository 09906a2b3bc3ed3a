import {isIPv4, isIPv6} from 'node:net';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {protocolName} from '../../core/peering/peers.ts';
import {type Family, type PeerKind, peerTypes, type Session} from '../../core/session.ts';
import {bgpStates, since} from '../parse/bird-words.ts';
import {quote} from '../parse/parsed.ts';

/** The port that is part of a session's name, which a CalicoNodeStatus does not show; null where there is none. */
export type PortOf = (address: string, kind: PeerKind) => number | null;

/** What one CalicoNodeStatus says now. */
export type NodeStatusReading =
	/** calico-node has written nothing yet. */
	| {readonly state: 'empty'}
	/** calico-node has written, but no session at all: it has none, or it could not ask BIRD (calico.md §7 d). */
	| {readonly state: 'silent'}
	| {readonly state: 'unreadable'; readonly reason: string}
	| {readonly state: 'seen'; readonly sessions: readonly Session[]};

/** Milliseconds that clocks of a cluster may differ; a report that is older than its object by more is not about it. */
const skew = 60_000;

const kinds: Readonly<Record<string, PeerKind>> = {NodeMesh: 'mesh', NodePeer: 'node', GlobalPeer: 'global'};

/** Reads a CalicoNodeStatus of class BGP (api/pkg/apis/projectcalico/v3/nodestatus.go). Never guesses. */
export function readNodeStatus({metadata, status}: JsonObject, portOf: PortOf): NodeStatusReading {
	if (!isObject(status) || !isObject(status.bgp) || !status.lastUpdated) return {state: 'empty'};
	const {lastUpdated, bgp} = status;
	const created = isObject(metadata) ? Date.parse(String(metadata.creationTimestamp)) : Number.NaN;
	if (Date.parse(String(lastUpdated)) < created - skew) {
		return unreadable(`was last written at ${String(lastUpdated)}, before it was asked for: a clock is wrong`);
	}
	const sessions: Session[] = [];
	for (const family of [4, 6] as const) {
		const peers = bgp[`peersV${family}`] ?? [];
		if (!Array.isArray(peers)) return unreadable(`has peers that are no list: ${quote(JSON.stringify(peers))}`);
		const counted = count(bgp[`numberEstablishedV${family}`]) + count(bgp[`numberNotEstablishedV${family}`]);
		if (counted !== peers.length)
			return unreadable(`counts ${counted} IPv${family} sessions, but shows ${peers.length}`);
		for (const peer of peers) {
			const session = readPeer(peer, family, portOf);
			if (session === undefined) return unreadable(`shows what is no session: ${quote(JSON.stringify(peer))}`);
			sessions.push(session);
		}
	}
	return sessions.length === 0 ? {state: 'silent'} : {state: 'seen', sessions};
}

function unreadable(words: string): NodeStatusReading {
	return {state: 'unreadable', reason: `its CalicoNodeStatus ${words}`};
}

function count(value: unknown): number {
	return typeof value === 'number' ? value : 0;
}

function readPeer(peer: Json | undefined, family: Family, portOf: PortOf): Session | undefined {
	if (!isObject(peer)) return undefined;
	const {peerIP, type, state = '', since: time} = peer;
	const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
	if (kind === undefined || typeof peerIP !== 'string' || !(family === 4 ? isIPv4(peerIP) : isIPv6(peerIP))) {
		return undefined;
	}
	if (typeof state !== 'string' || (state !== '' && !bgpStates.has(state))) return undefined;
	const port = kind === 'mesh' ? null : portOf(peerIP, kind);
	return {
		protocol: protocolName(kind, peerIP, port),
		family,
		address: peerIP,
		port,
		type: peerTypes[kind],
		// BIRD's protocol state is not shown; `up` and Established are one and the same (calico.md §6).
		state: state === 'Established' ? 'up' : 'start',
		since: typeof time === 'string' && since.test(time) ? time : '-',
		// Two of BIRD's states have no name in this API and come out empty (birdStateToBGPState in peers.go).
		info: state === '' ? 'Passive, or Down: CalicoNodeStatus tells neither' : state,
	};
}
