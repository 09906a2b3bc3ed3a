import type {Clock} from '../../core/clock.ts';
import {withoutPrefix} from '../../core/peering/addresses.ts';
import {type Peering, type PeeringNode, preparePeering} from '../../core/peering/prepare.ts';
import type {Family, KernelRoute, Peer} from '../../core/session.ts';
import {emptySnapshot, type Snapshot} from '../../core/snapshot.ts';
import {contains, ofFamily} from './addresses.ts';
import {felixRoutesOf, isFelixBlock} from './felix-routes.ts';
import {addEvent, countEvents, type History} from './history.ts';
import {kernelRoutesFrom} from './kernel-routes.ts';
import {createPaths, type Path, type Paths} from './paths.ts';
import {describeState, type Protocol, rank} from './protocol.ts';
import {printRouterId, routerId} from './router-id.ts';
import {createSessions, type Sessions} from './sessions.ts';
import {holdDeadline, nextKeepalive} from './timing.ts';

/** A BGP protocol as `show protocols all` shows it. Times are milliseconds since the epoch. */
export type ProtocolView = {
	readonly peer: Peer;
	readonly localAs: string;
	/** `start`, `up`, `feed`, `stop`, `down`. */
	readonly state: string;
	/** Switched off over BIRD's control socket. */
	readonly disabled: boolean;
	readonly since: number;
	/** `Established`, `Active`, `Passive`, … */
	readonly bgpState: string;
	/** `Socket: Connection closed`; '' for none. */
	readonly error: string;
	/** When the wait after an error ends, and how many seconds it lasts in all. */
	readonly errorWait: {readonly until: number; readonly of: number} | null;
	/** Until when the other side's routes are kept though the session is not up; null while there is no graceful restart. */
	readonly restartUntil: number | null;
	/** When the next connection is tried. */
	readonly connectAt: number | null;
	/** When the session ends unless something arrives; null while it is not Established. */
	readonly holdUntil: number | null;
	/** When the next KEEPALIVE is sent; null while it is not Established. */
	readonly keepaliveAt: number | null;
};

/** A node's own end of things, from the datastore. */
export type NodeAddress = {readonly address: string; readonly cidr: string};

/** The BGP of a practice cluster: every node's BIRD and kernel routes, as they are at a moment. Moments only grow. */
export type Network = {
	/** Takes over the datastore as it is from that moment; the first call finds its sessions Established since shortly before. */
	configure(snapshot: Snapshot, at: number): void;
	/** Whether there is such a node. */
	has(node: string): boolean;
	/** The node's BGP address in that family and the network it stands in; undefined where it has none. */
	addressOf(node: string, family: Family): NodeAddress | undefined;
	/** The node with that BGP address; undefined where none has it. */
	nodeAt(address: string): string | undefined;
	/** The node whose VXLAN tunnel has that address, the first of one of its blocks; undefined where none has it. */
	tunnelEnd(address: string): string | undefined;
	/** Router ID of whoever has that address: an IPv4 address, also where the address is IPv6. */
	routerIdAt(address: string): string;
	/** The node's blocks of pod addresses in that family. */
	blocksOf(node: string, family: Family): readonly string[];
	/** Name of the interface with the node's address. */
	readonly device: string;
	readonly clock: Clock;
	/** When the node's BIRD started and last read its configuration; null while it is dead. */
	bird(node: string, at: number): {readonly startedAt: number; readonly configuredAt: number} | null;
	/** The BGP protocols of a node's BIRD in the order of its list; null while it is dead. */
	protocols(node: string, family: Family, at: number): readonly ProtocolView[] | null;
	/** Every path that the node's BIRD has to every block, its own blocks left out. */
	paths(node: string, family: Family, at: number): readonly Path[];
	/** The routes that BIRD keeps in the node's kernel, by destination. */
	kernelRoutes(node: string, family: Family, at: number): readonly KernelRoute[];
	/**
	 * Every route of the node's kernel but those to its own networks: BIRD's, those of Felix where a pool is VXLAN's, which
	 * do not depend on BGP, and those that somebody added.
	 */
	allRoutes(node: string, family: Family, at: number): readonly KernelRoute[];
	/** Routes that somebody added to a node's kernel beside BIRD's, by `node/family`. */
	readonly added: Map<string, readonly KernelRoute[]>;
	/** Cuts a node off: all its packets are lost, until the link is restored. */
	cutLink(node: string, at: number): void;
	restoreLink(node: string, at: number): void;
	/** Whether the node's packets are lost now. */
	isCut(node: string): boolean;
	/** Drops BGP between two nodes in silence, both ways, or lets it through again. */
	blockBgp(nodes: readonly [string, string], at: number): void;
	allowBgp(nodes: readonly [string, string], at: number): void;
	/** Kills a node's BIRD (both families), or starts it again. */
	killBird(node: string, at: number): void;
	startBird(node: string, at: number): void;
	/** Disables or enables protocols of a node's BIRD, by name. */
	switchProtocols(node: string, family: Family, protocols: readonly string[], enabled: boolean, at: number): void;
};

export type NetworkOptions = {
	readonly clock: Clock;
	readonly seed: number;
	/** A node's blocks of pod addresses, both families. */
	readonly blockOf: (node: string) => readonly string[];
	/** Name of the interface with the node's address: `eth0`. */
	readonly device: string;
	/** When every BIRD was started, in milliseconds since the epoch: some seconds before the first configuration unless given. */
	readonly startedAt?: number;
};

/** So long before the first configuration every BIRD was started: their sessions are up since three seconds. */
const startedBefore = 5000;

/** `graceful restart wait`, 240 s by default, in milliseconds. */
const recoveryTime = 240_000;

/** Makes the BGP of a practice cluster. Nothing is worked out before somebody looks, and then only what is looked at. */
export function createNetwork({clock, seed, blockOf, device, startedAt}: NetworkOptions): Network {
	let snapshot = emptySnapshot;
	let order = -1;
	const history: History = {startedAt: startedAt ?? 0, seed, first: 0, events: []};
	const sessions: Sessions = createSessions(history);
	const added = new Map<string, readonly KernelRoute[]>();
	/** Which blocks lie in a pool, so far as was asked. */
	const inPool = new Map<string, boolean>();
	const paths: Paths = createPaths(history, sessions, {
		of: blockOf,
		isPassedOn: block => {
			const known = inPool.get(block);
			if (known !== undefined) return known;
			const found = snapshot.ipPools.some(pool => contains(pool.spec.cidr, block));
			inPool.set(block, found);
			return found;
		},
	});
	const birds = new Map<string, {readonly startedAt: number; readonly dead: boolean}>();
	const cut = new Set<string>();
	/** What a dead BIRD left in its kernel (`persist` in the kernel protocol). */
	const left = new Map<string, readonly KernelRoute[]>();
	const peering = (): Peering | undefined => {
		const newest = history.events.findLast(event => event.kind === 'configuration');
		return newest?.kind === 'configuration' ? newest.peering : undefined;
	};
	let owners: Map<string, PeeringNode> | undefined;
	const ownerOf = (address: string): PeeringNode | undefined => {
		owners ??= new Map(
			peering()?.nodes.flatMap(node => [[node.address[4], node] as const, [node.address[6], node] as const]),
		);
		return owners.get(address);
	};
	const isDead = (node: string): boolean => birds.get(node)?.dead === true;
	const addressOf = (node: string, family: Family): NodeAddress | undefined => {
		const index = peering()?.byName.get(node)?.index;
		const bgp = index === undefined ? undefined : snapshot.nodes[index]?.spec.bgp;
		const cidr = family === 4 ? bgp?.ipv4Address : bgp?.ipv6Address;
		return cidr ? {address: withoutPrefix(cidr), cidr} : undefined;
	};
	const kernelRoutes = (node: string, family: Family, at: number): readonly KernelRoute[] => {
		const kept = left.get(`${node}/${family}`) ?? [];
		if (isDead(node)) return kept;
		// `calico_kernel_programming` in bird_ipam.cfg rejects what lies in a VXLAN pool.
		const isBirds = (block: string): boolean => !isFelixBlock(snapshot, block);
		const routes = kernelRoutesFrom(
			paths.bestOfNode(node, family, at).filter(({destination}) => isBirds(destination)),
			ofFamily(blockOf(node), family).filter(isBirds),
			family,
			device,
		);
		// BIRD is started with -R: it leaves what it finds in the kernel until all its sessions are up again, or 240 s.
		const startedAt = birds.get(node)?.startedAt ?? Number.NEGATIVE_INFINITY;
		if (at - startedAt >= recoveryTime || sessions.ofNode(node, family, at).every(({state}) => state === 'up'))
			return routes;
		const known = new Set(routes.map(({destination}) => destination));
		return [...routes, ...kept.filter(({destination}) => !known.has(destination))];
	};
	return {
		added,
		device,
		clock,
		configure: (next, at) => {
			order += 1;
			snapshot = next;
			owners = undefined;
			inPool.clear();
			if (order === 0 && startedAt === undefined) history.startedAt = at - startedBefore;
			addEvent(history, {kind: 'configuration', at, order, peering: preparePeering(next)});
		},
		has: node => peering()?.byName.has(node) === true,
		addressOf,
		nodeAt: address => ownerOf(address)?.name,
		tunnelEnd: address =>
			snapshot.nodes.find(({metadata: {name}}) =>
				blockOf(name).some(block => isFelixBlock(snapshot, block) && withoutPrefix(block) === address),
			)?.metadata.name,
		routerIdAt: address => {
			const owner = ownerOf(address);
			return owner
				? printRouterId(routerId(owner.address[4], owner.name))
				: address.includes(':')
					? printRouterId(routerId('', address))
					: address;
		},
		blocksOf: (node, family) => ofFamily(blockOf(node), family),
		bird: node => {
			const bird = birds.get(node);
			if (bird?.dead) return null;
			const configuredAt = history.events.findLast(event => event.kind === 'configuration')?.at ?? history.startedAt;
			const started = bird?.startedAt ?? history.startedAt;
			return {startedAt: started, configuredAt: countEvents(history) > 1 ? Math.max(configuredAt, started) : started};
		},
		protocols: (node, family, at) =>
			isDead(node) ? null : sessions.ofNode(node, family, at).map(protocol => toView(seed, protocol, at)),
		paths: (node, family, at) => (isDead(node) ? [] : paths.ofNode(node, family, at)),
		kernelRoutes,
		allRoutes: (node, family, at) => [
			...kernelRoutes(node, family, at),
			...felixRoutesOf(snapshot, node, name => ofFamily(blockOf(name), family)),
			...(added.get(`${node}/${family}`) ?? []),
		],
		cutLink: (node, at) => {
			cut.add(node);
			addEvent(history, {kind: 'link', at, node, cut: true});
		},
		restoreLink: (node, at) => {
			cut.delete(node);
			addEvent(history, {kind: 'link', at, node, cut: false});
		},
		isCut: node => cut.has(node),
		blockBgp: (nodes, at) => addEvent(history, {kind: 'firewall', at, nodes, blocked: true}),
		allowBgp: (nodes, at) => addEvent(history, {kind: 'firewall', at, nodes, blocked: false}),
		killBird: (node, at) => {
			if (isDead(node)) return;
			for (const family of [4, 6] as const) left.set(`${node}/${family}`, kernelRoutes(node, family, at));
			paths.freeze(node, at);
			birds.set(node, {startedAt: at, dead: true});
			addEvent(history, {kind: 'bird', at, node, running: false});
		},
		startBird: (node, at) => {
			if (!isDead(node)) return;
			paths.thaw(node);
			birds.set(node, {startedAt: at, dead: false});
			addEvent(history, {kind: 'bird', at, node, running: true});
		},
		switchProtocols: (node, family, protocols, enabled, at) =>
			addEvent(history, {kind: 'switch', at, node, family, protocols, enabled}),
	};
}

function toView(seed: number, protocol: Protocol, at: number): ProtocolView {
	const {config, state, disabled, since, error, feeding, startupDue, startupDelay, connectDue, outgoing} = protocol;
	const bgpState = describeState(protocol);
	return {
		peer: config.peer,
		localAs: config.localAs,
		state: state === 'up' && feeding ? 'feed' : state,
		disabled,
		since,
		bgpState,
		error,
		errorWait: startupDue === undefined ? null : {until: startupDue, of: startupDelay},
		restartUntil: protocol.restart === 'waiting' ? (protocol.restartDue ?? null) : null,
		connectAt: outgoing.state === rank.active ? (connectDue ?? null) : null,
		keepaliveAt: state === 'up' ? nextKeepalive(protocol, at) : null,
		holdUntil: state === 'up' ? (protocol.holdDue ?? holdDeadline(seed, protocol, at)) : null,
	};
}
