import {endsBetween} from '../../core/peering/between.ts';
import {externalEnds} from '../../core/peering/peers.ts';
import type {Peering} from '../../core/peering/prepare.ts';
import type {Family} from '../../core/session.ts';
import {countEvents, type History, recentPeerings} from './history.ts';
import {createPair, followPair, type Pair} from './pair.ts';
import {createEstablished, type Protocol, type SessionConfig} from './protocol.ts';
import type {Partner} from './session-configs.ts';
import type {Side} from './simulation.ts';
import {sessionsUpAt} from './timing.ts';

/** The sessions of every node, followed as far as somebody looked. */
export type Sessions = {
	/** The protocols of a node's BIRD, in the order of BIRD's list: what is new is at the end, by name. */
	ofNode(node: string, family: Family, at: number): readonly Protocol[];
	/** The protocols that `node` has towards `partner`. */
	between(node: string, partner: Partner, family: Family, at: number): readonly Protocol[];
	/** What `node` is told of its session with `partner`, whether or not its BIRD runs. */
	configured(node: string, partner: Partner, family: Family): SessionConfig | undefined;
	/** Names of the nodes that `node` has, or had just now, sessions with. */
	partnersOf(node: string, family: Family, at: number): ReadonlySet<string>;
};

type NodeView = {
	/** How many events there were when this was worked out. */
	readonly events: number;
	readonly until: number;
	readonly names: ReadonlySet<string>;
	readonly addresses: readonly string[];
};

export function createSessions(history: History): Sessions {
	const pairs: Record<Family, Map<string, Map<string, Pair>>> = {4: new Map(), 6: new Map()};
	const views = new Map<string, NodeView>();

	/** A pair of nodes is one pair from whichever end one looks; `side` is the end that `node` is. */
	const pairOf = (node: string, partner: Partner, family: Family): {readonly pair: Pair; readonly side: Side} => {
		const turned = 'name' in partner && partner.name < node;
		const first = turned ? partner.name : node;
		const second: Partner = turned ? {name: node} : partner;
		let ofFirst = pairs[family].get(first);
		if (!ofFirst) {
			ofFirst = new Map();
			pairs[family].set(first, ofFirst);
		}
		// No node's name begins with @ (RFC 1123).
		const key = 'name' in second ? second.name : `@${second.address}`;
		let pair = ofFirst.get(key);
		if (!pair) {
			pair = createPair(history, first, second, family);
			ofFirst.set(key, pair);
		}
		return {pair, side: turned ? 1 : 0};
	};

	const between = (node: string, partner: Partner, family: Family, at: number): readonly Protocol[] => {
		const {pair, side} = pairOf(node, partner, family);
		followPair(history, pair, at);
		if (pair.simulation) return pair.simulation.speakers[side].protocols;
		const config = pair.configs[side][0];
		return config
			? [createEstablished(config, sessionsUpAt(history.startedAt), undefined, !config.peer.passive)]
			: none;
	};

	const view = (node: string, family: Family, at: number): NodeView => {
		const key = `${family} ${node}`;
		const known = views.get(key);
		if (known && known.events === countEvents(history) && at < known.until) return known;
		const names = new Set<string>();
		const addresses = new Set<string>();
		const peerings = recentPeerings(history, at);
		for (const peering of peerings) collect(peering, node, family, names, addresses);
		// What only an old configuration asked for is gone some seconds later.
		const until = peerings.length > 1 ? at + 5000 : Number.POSITIVE_INFINITY;
		const made = {events: countEvents(history), until, names, addresses: [...addresses]};
		views.set(key, made);
		return made;
	};

	return {
		between,
		configured: (node, partner, family) => {
			const {pair, side} = pairOf(node, partner, family);
			return pair.configs[side][0];
		},
		partnersOf: (node, family, at) => view(node, family, at).names,
		ofNode: (node, family, at) => {
			const {names, addresses} = view(node, family, at);
			const protocols: Protocol[] = [];
			for (const name of names) protocols.push(...between(node, {name}, family, at));
			for (const address of addresses) protocols.push(...between(node, {address}, family, at));
			return protocols.sort(byAge);
		},
	};
}

const none: readonly Protocol[] = [];

/** BIRD appends to its list what a configuration brings, or brings anew, and calico's configuration is sorted by name. */
function byAge(left: Protocol, right: Protocol): number {
	if (left.order !== right.order) return left.order - right.order;
	return left.config.peer.protocol < right.config.peer.protocol ? -1 : 1;
}

function collect(peering: Peering, name: string, family: Family, names: Set<string>, addresses: Set<string>): void {
	const node = peering.byName.get(name);
	if (!node || node.address[family] === '') return;
	for (const other of peering.nodes) {
		if (!names.has(other.name) && endsBetween(peering, node, other, family).length > 0) names.add(other.name);
	}
	for (const {address} of externalEnds(peering, node, family)) addresses.add(address);
}
