import type {Family} from '../../core/session.ts';
import {compareAddresses, ofFamily} from './addresses.ts';
import {type History, recentPeerings} from './history.ts';
import {type Protocol, rank, type SessionConfig} from './protocol.ts';
import {printRouterId, routerId} from './router-id.ts';
import type {Sessions} from './sessions.ts';

/** One path of BIRD's routing table to another node's block. */
export type Path = {
	/** The block: `10.65.0.64/26`. */
	readonly destination: string;
	/** Whether BIRD prefers this one of the paths to its destination. */
	readonly best: boolean;
	readonly route: Route;
};

/** What BIRD knows of a way to another node. */
export type Route = {
	/** The session over which it came. */
	readonly session: Protocol;
	/** Router ID of the neighbour that sent it. */
	readonly senderId: string;
	readonly nextHop: string;
	/** Milliseconds since the epoch. */
	readonly learnedAt: number;
	/** Router ID of the node that first sent it, where a reflector passed it on (RFC 4456, 8). */
	readonly originatorId: string | null;
	readonly clusterList: readonly string[];
	readonly asPath: readonly string[];
};

/** The routes that follow sessions and reflection. */
export type Paths = {
	/** Every path of a node's BIRD to other nodes' blocks; of each destination the best one first. */
	ofNode(node: string, family: Family, at: number): readonly Path[];
	/** Keeps what a BIRD knows as it is killed: its neighbours keep what it sent them while they wait for it. */
	freeze(node: string, at: number): void;
	/** Forgets that, when it starts again. */
	thaw(node: string): void;
	/** The best path of each destination. */
	bestOfNode(node: string, family: Family, at: number): readonly Path[];
};

/** A route passes at most so many reflectors one after the other here; cluster lists end real chains earlier or there. */
const longestChain = 3;

/** Where the nodes' routes come from, and which of them a node passes on that are not its own. */
export type Blocks = {
	readonly of: (node: string) => readonly string[];
	/** Whether it lies in a pool: the export filter rejects what does not (bird_ipam.cfg; seen with real BIRD). */
	readonly isPassedOn: (block: string) => boolean;
};

export function createPaths(history: History, sessions: Sessions, blocks: Blocks): Paths {
	const frozen = new Map<string, ReadonlyMap<string, readonly Route[]>>();

	/** The reflectors that `node` has routes of, with the sessions' two ends. */
	const upstreamsOf = (node: string, look: Look): readonly Upstream[] => {
		const known = look.upstreams.get(node);
		if (known) return known;
		const {family, at} = look;
		const partners = sessions.partnersOf(node, family, at);
		const upstreams: Upstream[] = [];
		for (const reflector of look.reflectors) {
			if (reflector === node || !partners.has(reflector)) continue;
			for (const inward of sessions.between(node, {name: reflector}, family, at)) {
				const answering = matching(sessions.between(reflector, {name: node}, family, at))?.config;
				const outward = answering ?? sessions.configured(reflector, {name: node}, family);
				if (inward.learnedAt !== undefined && outward) upstreams.push({reflector, inward, outward});
			}
		}
		look.upstreams.set(node, upstreams);
		return upstreams;
	};

	/** The routes of `node` to the blocks of `owner`, not by way of the nodes in `passed`. */
	const routesTo = (node: string, owner: string, look: Look, passed: readonly string[]): readonly Route[] => {
		const {family, at} = look;
		const kept = frozen.get(`${family} ${node}`);
		if (kept) return kept.get(owner) ?? [];
		const routes: Route[] = [];
		if (sessions.partnersOf(node, family, at).has(owner)) {
			for (const session of sessions.between(node, {name: owner}, family, at)) {
				if (session.learnedAt !== undefined) routes.push(ownRoute(session, look.idOf(owner), session.learnedAt));
			}
		}
		// Only at the end of a chain: what a reflector has itself it may not pass on, and something else it may.
		const isEnough = look.anyRouteWillDo && passed.length === 0 && routes.length > 0;
		if (isEnough || passed.length >= longestChain) return routes;
		const cluster = look.clusterOf(node);
		for (const upstream of upstreamsOf(node, look)) {
			const {reflector} = upstream;
			if (reflector === owner || passed.includes(reflector)) continue;
			// What one reflector of a cluster sends another, the other passes on to nobody.
			if (passed.length > 0 && cluster !== '' && cluster === look.clusterOf(reflector)) continue;
			for (const route of routesTo(reflector, owner, look, [...passed, node])) {
				const passedOn = passOn(route, upstream, node, look);
				if (passedOn) routes.push(passedOn);
			}
			if (look.anyRouteWillDo && routes.length > 0) return routes;
		}
		return routes;
	};

	const pathsOf = (node: string, look: Look): readonly Path[] =>
		look.names.flatMap(owner => {
			if (owner === node) return [];
			const own = ofFamily(blocks.of(owner), look.family);
			if (own.length === 0) return [];
			const routes = ordered(routesTo(node, owner, look, []));
			return own.flatMap(destination => {
				const isPassedOn = blocks.isPassedOn(destination);
				return routes
					.filter(({senderId}) => isPassedOn || senderId === look.idOf(owner))
					.map((route, index) => ({destination, best: index === 0, route}));
			});
		});
	return {
		freeze: (node, at) => {
			for (const family of [4, 6] as const) {
				const look = createLook(history, family, at);
				const routes = look?.names.map(owner => [owner, routesTo(node, owner, look, [])] as const);
				frozen.set(`${family} ${node}`, new Map(routes));
			}
		},
		thaw: node => {
			for (const family of [4, 6] as const) frozen.delete(`${family} ${node}`);
		},
		ofNode: (node, family, at) => {
			const look = createLook(history, family, at);
			return look ? pathsOf(node, look) : [];
		},
		bestOfNode: (node, family, at) => {
			const look = createLook(history, family, at);
			if (!look) return [];
			// Within one AS every path to a block has the same next hop, so that the first one found stands for the best.
			return pathsOf(node, {...look, anyRouteWillDo: look.isOneAs}).filter(({best}) => best);
		},
	};
}

/** A session with a reflector: this node's end and the reflector's. */
type Upstream = {readonly reflector: string; readonly inward: Protocol; readonly outward: SessionConfig};

/** What one look at the network's routes needs of its configuration. */
type Look = {
	readonly family: Family;
	readonly at: number;
	readonly names: readonly string[];
	readonly isOneAs: boolean;
	/** Whether one route to a block is as good as another. */
	readonly anyRouteWillDo: boolean;
	readonly reflectors: readonly string[];
	readonly upstreams: Map<string, readonly Upstream[]>;
	idOf(node: string): string;
	clusterOf(node: string): string;
	addressOf(node: string): string;
};

function createLook(history: History, family: Family, at: number): Look | undefined {
	const peerings = recentPeerings(history, at);
	const [newest] = peerings;
	if (!newest) return undefined;
	// A node that has just ceased to be a reflector may still be one in its BIRD.
	const reflectors = new Set(peerings.flatMap(({nodes}) => nodes.flatMap(node => (node.clusterId ? node.name : []))));
	return {
		family,
		at,
		names: newest.nodes.map(node => node.name),
		isOneAs: peerings.every(
			each => each.nodes.every(node => node.as === undefined) && !each.rules.some(rule => rule.localAs),
		),
		anyRouteWillDo: false,
		reflectors: [...reflectors],
		upstreams: new Map(),
		idOf: node => newest.byName.get(node)?.address[4] || printRouterId(routerId('', node)),
		clusterOf: node => newest.byName.get(node)?.clusterId ?? '',
		addressOf: node => newest.byName.get(node)?.address[family] ?? '',
	};
}

function ownRoute(session: Protocol, senderId: string, learnedAt: number): Route {
	const {peer, localAs} = session.config;
	return {
		session,
		senderId,
		nextHop: peer.address,
		learnedAt,
		originatorId: null,
		clusterList: [],
		asPath: peer.as === localAs ? [] : [peer.as],
	};
}

/** The protocol of a node that answers the other side's: the one that is up, or else the one that came first. */
function matching(protocols: readonly Protocol[]): Protocol | undefined {
	return protocols.find(({main}) => main?.state === rank.established) ?? protocols[0];
}

/**
 * What a reflector makes of a route, and its neighbour accepts (RFC 4456, 6 to 8; bgp_import_control and
 * bgp_decode_attrs in proto/bgp/attrs.c). Undefined where it is not passed on.
 */
function passOn(route: Route, {reflector, inward, outward}: Upstream, receiver: string, look: Look): Route | undefined {
	const source = route.session.config;
	const target = outward;
	const {peer, localAs} = inward.config;
	const learnedAt = Math.max(inward.learnedAt ?? 0, route.learnedAt);
	const senderId = look.idOf(reflector);
	const common = {session: inward, senderId, learnedAt};
	const isInternal = ({peer: other, localAs: own}: SessionConfig): boolean => other.as === own;
	// A session with clients drops what has been in their cluster; BIRD looks at both ends.
	if (target.peer.clusterId !== null && route.clusterList.includes(target.peer.clusterId)) return undefined;
	if (!isInternal(target)) {
		const asPath = [target.localAs, ...route.asPath];
		if (asPath.includes(localAs)) return undefined;
		return {...common, nextHop: look.addressOf(reflector), originatorId: null, clusterList: [], asPath};
	}
	if (!isInternal(source)) {
		return {...common, nextHop: route.nextHop, originatorId: null, clusterList: [], asPath: route.asPath};
	}
	if (!source.peer.reflectorClient && !target.peer.reflectorClient) return undefined;
	const originatorId = route.originatorId ?? route.senderId;
	const clusterList = [source.peer.clusterId ?? target.peer.clusterId ?? '', ...route.clusterList];
	if (originatorId === look.idOf(receiver)) return undefined;
	if (peer.clusterId !== null && clusterList.includes(peer.clusterId)) return undefined;
	return {...common, nextHop: route.nextHop, originatorId, clusterList, asPath: route.asPath};
}

/** BIRD's order: the best one first (bgp_rte_better), behind it the newest first (rte_recalculate in nest/rt-table.c). */
function ordered(routes: readonly Route[]): readonly Route[] {
	if (routes.length < 2) return routes;
	const [first, ...others] = routes;
	let best = first;
	for (const route of others) if (best && isBetter(route, best)) best = route;
	const rest = routes.filter(route => route !== best);
	rest.sort(
		(left, right) =>
			right.learnedAt - left.learnedAt ||
			compareAddresses(right.session.config.peer.address, left.session.config.peer.address),
	);
	return best ? [best, ...rest] : rest;
}

function isBetter(left: Route, right: Route): boolean {
	const difference =
		left.asPath.length - right.asPath.length ||
		Number(left.asPath.length === 0) - Number(right.asPath.length === 0) ||
		compareAddresses(left.originatorId ?? left.senderId, right.originatorId ?? right.senderId) ||
		left.clusterList.length - right.clusterList.length ||
		compareAddresses(left.session.config.peer.address, right.session.config.peer.address);
	return difference < 0;
}
