import {notLearned} from './learned.ts';
import {peersOf} from './peering/peers.ts';
import type {Peering} from './peering/prepare.ts';
import type {GateScope} from './plan/types.ts';
import {isEstablished, isSilent, type Observation, type Peer, peerTypes, type Session} from './session.ts';
import {explainSession} from './session-words.ts';

/** One session or block that a gate still waits for, and why, in words. */
export type Waiting = {
	readonly node: string;
	/** The protocol (`Node_172_31_40_30`), the block (`10.65.0.64/26`), or `bird` where the node could not be asked. */
	readonly what: string;
	readonly reason: string;
};

/** How far a gate is. */
export type GateVerdict = {
	readonly met: boolean;
	readonly established: number;
	readonly expected: number;
	readonly waiting: readonly Waiting[];
};

type Look = {
	readonly scope: GateScope;
	/** The peering that the resources give now. */
	readonly peering: Peering;
	/** The last look at each node. */
	readonly now: ReadonlyMap<string, Observation>;
	/** The look before the first write: what was down or missing then is not this run's doing. */
	readonly before: ReadonlyMap<string, Observation>;
};

/**
 * Whether the nodes show what Calico's own computation predicts: every predicted session Established, no session left
 * over, and (where the gate asks for routes) every block of pod addresses that had a kernel route of BIRD's before still
 * with one: a copy that only holds it does not count. Where the gate asks for it, each block is learned from two reflectors.
 */
export function judgeGate({scope, peering, now, before}: Look): GateVerdict {
	let established = 0;
	let expected = 0;
	const waiting: Waiting[] = [];
	for (const node of scope.nodes) {
		const predicted = peersOf(peering, node);
		const wanted = predicted.filter(peer => counts(peer, node, {scope, peering, now, before}));
		expected += wanted.length;
		const seen = now.get(node);
		if (!seen?.sessions.known) {
			waiting.push({
				node,
				what: 'bird',
				reason: seen?.sessions.known === false ? seen.sessions.reason : 'not looked at yet',
			});
			continue;
		}
		const sessions = new Map(seen.sessions.value.map(session => [key(session), session]));
		for (const peer of wanted) {
			const session = sessions.get(key(peer));
			if (session && isEstablished(session) && !isSilent(session)) established++;
			else
				waiting.push({
					node,
					what: peer.protocol,
					reason: session ? explainSession(session) : 'Calico has not configured this session yet',
				});
		}
		waiting.push(...leftOver(node, seen.sessions.value, predicted, scope));
		if (scope.routes) waiting.push(...missingBlocks(node, seen, before.get(node)));
		if (scope.resting === node) waiting.push(...notResting(node, seen, before.get(node)));
		if (scope.reflectors) {
			waiting.push(...notLearned({peering, reflectors: scope.reflectors, now: seen, before: before.get(node)}));
		}
	}
	return {met: waiting.length === 0, established, expected, waiting};
}

function key({family, protocol}: {readonly family: number; readonly protocol: string}): string {
	return `${family} ${protocol}`;
}

/**
 * A node's session counts if it is with a node of the cluster, and about the gate's subject where there is one. A
 * session with a router outside counts only if it was up before: this run neither made it nor can mend it.
 */
function counts(peer: Peer, node: string, {scope, peering, before}: Look): boolean {
	const other = peering.byAddress.get(peer.address);
	if (peer.kind === 'mesh' && scope.resting !== undefined && [node, other?.name].includes(scope.resting)) return false;
	if (!other) {
		const was = before.get(node)?.sessions;
		return was?.known === true && was.value.some(session => key(session) === key(peer) && isEstablished(session));
	}
	return scope.about === undefined || scope.about === node || scope.about === other.name;
}

/** Sessions that are still there although nothing configures them any more: the change has not reached this node yet. */
function leftOver(
	node: string,
	sessions: readonly Session[],
	predicted: readonly Peer[],
	scope: GateScope,
): readonly Waiting[] {
	if (scope.about !== undefined && scope.about !== node) return [];
	const wanted = new Set(predicted.map(key));
	return sessions
		.filter(session => !wanted.has(key(session)))
		.map(session => ({
			node,
			what: session.protocol,
			reason: 'should be gone: Calico on this node has not taken the change up yet',
		}));
}

/** What shows that a node still uses the mesh sessions that were switched off, or that its routes lead elsewhere without. */
function notResting(node: string, now: Observation, before: Observation | undefined): readonly Waiting[] {
	const sessions = now.sessions.known ? now.sessions.value : [];
	const routes = now.routes?.known && before?.routes?.known ? now.routes.value : [];
	const led = new Map(
		before?.routes?.known ? before.routes.value.map(route => [route.destination, route.via.join(' ')]) : [],
	);
	return [
		...sessions
			.filter(session => session.type === peerTypes.mesh && isEstablished(session))
			.map(({protocol}) => ({node, what: protocol, reason: 'is still up though it was switched off'})),
		...routes.flatMap(({destination, via}) => {
			const was = led.get(destination);
			if (was === undefined || was === via.join(' ')) return [];
			return {node, what: destination, reason: `leads to ${via.join(' ')} without the mesh, and to ${was} with it`};
		}),
	];
}

function missingBlocks(node: string, now: Observation, before: Observation | undefined): readonly Waiting[] {
	if (!before?.routes?.known) return [];
	if (!now.routes?.known) {
		return [{node, what: 'routes', reason: now.routes?.reason ?? 'the kernel table was not looked at yet'}];
	}
	const there = new Set(now.routes.value.map(route => route.destination));
	return before.routes.value
		.filter(route => !route.blackhole && !there.has(route.destination))
		.map(route => ({node, what: route.destination, reason: 'no route in the kernel'}));
}
