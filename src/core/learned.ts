import type {Waiting} from './gates.ts';
import {peersOf} from './peering/peers.ts';
import type {Peering} from './peering/prepare.ts';
import type {KernelRoute, Observation} from './session.ts';

/** So many reflectors a block is to be learned from: with one alone, its end would be the end of the routes. */
const enough = 2;

type Look = {
	readonly peering: Peering;
	readonly reflectors: readonly string[];
	readonly now: Observation;
	readonly before: Observation | undefined;
};

/**
 * The blocks that a node, itself no reflector, does not learn from two reflectors, or from the one there is. A node whose
 * BIRD could not be asked about its routes gives none: its kernel's table is then all there is to judge by.
 */
export function notLearned({peering, reflectors, now, before}: Look): readonly Waiting[] {
	const {node, learned} = now;
	if (reflectors.includes(node) || !learned?.known || !before?.routes?.known) return [];
	const nameOf = new Map(
		peersOf(peering, node).flatMap(({family, protocol, address}) => {
			const name = peering.byAddress.get(address)?.name;
			return name !== undefined && reflectors.includes(name) ? [[`${family} ${protocol}`, name] as const] : [];
		}),
	);
	const teachers = new Map<string, Set<string>>();
	for (const {destination, family, protocol} of learned.value) {
		const name = nameOf.get(`${family} ${protocol}`);
		if (name === undefined) continue;
		teachers.set(destination, (teachers.get(destination) ?? new Set()).add(name));
	}
	const needed = Math.min(enough, reflectors.length);
	return before.routes.value
		.filter(route => isPodBlock(route, peering))
		.flatMap(({destination}) => {
			const names = [...(teachers.get(destination) ?? [])];
			if (names.length >= needed) return [];
			const from = names.length === 0 ? 'no reflector' : `${names.join(' and ')} only`;
			return {node, what: destination, reason: `learned from ${from}, not from ${needed} reflectors`};
		});
}

/** What leads to another node of the cluster; a route from a router outside comes through no reflector. */
function isPodBlock({blackhole, via}: KernelRoute, {byAddress}: Peering): boolean {
	return !blackhole && via.length > 0 && via.every(hop => byAddress.has(hop));
}
