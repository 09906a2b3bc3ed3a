import {withoutPrefix} from '../core/peering/addresses.ts';
import {currentReflectors} from '../core/reflectors.ts';
import {type Family, isEstablished, type KernelRoute, type Observation, type Session} from '../core/session.ts';
import {findResource, type Snapshot} from '../core/snapshot.ts';
import {ofFamily} from '../practice/bgp/addresses.ts';
import type {Loss} from '../practice/loss.ts';
import type {LabLook} from './types.ts';

/** What a look is made from. */
export type Seen = {
	readonly snapshot: Snapshot;
	readonly here: string | null;
	readonly observations: ReadonlyMap<string, Observation>;
	/** Routes beside BIRD's own, by node: those that are held, and those of Felix. */
	readonly held: ReadonlyMap<string, readonly KernelRoute[]>;
	/** Each node's blocks of pod addresses. */
	readonly blocks: ReadonlyMap<string, readonly string[]>;
	readonly nodeStatuses: LabLook['nodeStatuses'];
	readonly isBlocked: (one: string, other: string) => boolean;
	readonly answers: ReadonlyMap<string, string>;
	readonly seconds: number;
	readonly lost: Loss;
};

/** Makes the look that a lab's checks are asked about. */
export function createLook({
	snapshot,
	here,
	observations,
	held,
	blocks,
	nodeStatuses,
	isBlocked,
	answers,
	seconds,
	lost,
}: Seen): LabLook {
	const nodes = snapshot.nodes.map(node => node.metadata.name);
	const node = (name: string) => snapshot.nodes.find(each => each.metadata.name === name);
	const addressOf = (name: string, family: Family): string => {
		const bgp = node(name)?.spec.bgp;
		return withoutPrefix(family === 4 ? bgp?.ipv4Address : bgp?.ipv6Address);
	};
	const sessions = (name: string): readonly Session[] => {
		const seen = observations.get(name)?.sessions;
		return seen?.known ? seen.value : [];
	};
	const session = (from: string, to: string, family: Family = 4): Session | undefined => {
		const address = addressOf(to, family);
		const towards = sessions(from).filter(each => each.family === family && each.address === address);
		return towards.find(isEstablished) ?? towards[0];
	};
	const blocksOf = (name: string, family: Family) => ofFamily(blocks.get(name) ?? [], family);
	const routes = (name: string): ReadonlySet<string> => {
		const seen = observations.get(name)?.routes;
		const own = seen?.known ? seen.value : [];
		return new Set([...own, ...(held.get(name) ?? [])].filter(each => !each.blackhole).map(each => each.destination));
	};
	const leads = (from: string, to: string, family: Family) =>
		blocksOf(to, family).every(block => routes(from).has(block));
	const reaches = (from: string, to: string, family: Family = 4): boolean =>
		leads(from, to, family) && leads(to, from, family);
	const configuration = findResource(snapshot, 'BGPConfiguration', 'default')?.spec;
	return {
		snapshot,
		nodes,
		here,
		node,
		bgpPeer: name => findResource(snapshot, 'BGPPeer', name),
		configuration,
		meshIsOn: configuration?.nodeToNodeMeshEnabled ?? true,
		reflectors: currentReflectors(snapshot),
		alive: nodes.filter(name => observations.get(name)?.sessions.known),
		sessions,
		session,
		isEstablished: (from, to, family) => {
			const found = session(from, to, family);
			return found !== undefined && isEstablished(found);
		},
		reaches,
		unreachable: (family = 4) =>
			nodes.flatMap((from, index) =>
				nodes
					.slice(index + 1)
					.filter(to => !reaches(from, to, family))
					.map(to => [from, to] as const),
			),
		copies: (from, to, family = 4) => {
			const seen = observations.get(from)?.learned;
			const wanted = blocksOf(to, family);
			if (!seen?.known) return 0;
			const counts = wanted.map(block => seen.value.filter(({destination}) => destination === block).length);
			return counts.length === 0 ? 0 : Math.min(...counts);
		},
		nodeStatuses,
		isBlocked,
		answer: id => answers.get(id) ?? '',
		seconds,
		lost,
	};
}
