import {zoneOf} from '../core/candidates.ts';
import {withoutPrefix} from '../core/peering/addresses.ts';
import {asText} from '../core/peering/as-number.ts';
import type {Peering} from '../core/peering/prepare.ts';
import {hasBgpAddress, reflectorState} from '../core/reflectors.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {matchesFilter} from './list.ts';

/** A node as lists show it. */
export type NodeRow = {
	readonly name: string;
	readonly address: string;
	readonly as: string;
	readonly role: 'reflector' | 'half reflector' | 'client' | 'mesh' | 'no BGP';
	readonly zone: string | null;
};

/** The rows of all nodes, in the datastore's order. */
export function nodeRows(snapshot: Snapshot, peering: Peering, label: string): readonly NodeRow[] {
	return snapshot.nodes.map(node => {
		const {name} = node.metadata;
		const bgp = node.spec.bgp ?? {};
		const marks = reflectorState(node, label);
		const other = peering.meshEnabled ? 'mesh' : 'client';
		return {
			name,
			address: withoutPrefix(bgp.ipv4Address) || withoutPrefix(bgp.ipv6Address),
			as: asText(bgp.asNumber) ?? peering.globalAs,
			role: !hasBgpAddress(node)
				? 'no BGP'
				: marks === 'reflector'
					? marks
					: marks === 'none'
						? other
						: 'half reflector',
			zone: zoneOf(node),
		};
	});
}

/** The rows that a filter leaves. */
export function filterRows(rows: readonly NodeRow[], filter: string): readonly NodeRow[] {
	return filter.trim() === ''
		? rows
		: rows.filter(row => matchesFilter(filter, [row.name, row.address, row.role, row.zone]));
}
