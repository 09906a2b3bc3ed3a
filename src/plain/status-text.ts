import type {Cluster} from '../cluster/port.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';
import {formatNodeStatus} from '../core/node-status-table.ts';
import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';

/** The latest look at each node, by name; a node that cannot be looked at has its reason there. */
export type Looks = ReadonlyMap<string, Observation>;

/** Looks once at each of the nodes that can be seen, all at the same time. */
export async function lookAtNodes(
	cluster: Cluster,
	snapshot: Snapshot,
	names: readonly string[],
	signal?: AbortSignal,
): Promise<Looks> {
	const visibility = await cluster.visibility(snapshot);
	const visible = visibility.nodes === 'all' ? names : names.filter(name => visibility.nodes.includes(name));
	const looks = new Map<string, Observation>();
	for await (const observation of cluster.observe(visible, {routes: false, ...(signal ? {signal} : {})})) {
		looks.set(observation.node, observation);
	}
	if (visibility.nodes !== 'all') {
		const sessions = {known: false, reason: visibility.reason} as const;
		for (const node of names) {
			if (!looks.has(node)) looks.set(node, {node, at: 0, sessions});
		}
	}
	return looks;
}

/** What `calicoctl node status` would print on each node, in the order of the names. */
export function statusText(names: readonly string[], looks: Looks, addressOf: (name: string) => string): string {
	return names.map(name => `${heading(name, addressOf(name))}\n${nodeText(looks.get(name))}`).join('\n');
}

function heading(name: string, address: string): string {
	return sanitize(address === '' || address === name ? `Node ${name}` : `Node ${name} (${address})`);
}

function nodeText(look: Observation | undefined): string {
	if (look === undefined) return 'Not looked at.\n';
	if (!look.sessions.known) return `Not known: ${sanitize(look.sessions.reason)}\n`;
	const of = (family: 4 | 6) =>
		look.sessions.known ? look.sessions.value.filter(session => session.family === family) : [];
	return sanitizeLines(formatNodeStatus({running: true, v4: of(4), v6: of(6)}))
		.trimEnd()
		.concat('\n');
}

/** The IPv4 address of a node, else its IPv6 address, without the prefix length; empty where it has none. */
export function addressIn(snapshot: Snapshot): (name: string) => string {
	const addresses = new Map(
		snapshot.nodes.map(({metadata, spec}) => [
			metadata.name,
			(spec.bgp?.ipv4Address ?? spec.bgp?.ipv6Address ?? '').split('/')[0] ?? '',
		]),
	);
	return name => addresses.get(name) ?? '';
}
