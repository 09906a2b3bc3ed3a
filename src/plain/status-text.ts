import type {Looks} from '../cluster/look-at-nodes.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';
import {formatNodeStatus} from '../core/node-status-table.ts';
import type {Observation} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';

/** What `calicoctl node status` would print on each node, in the order of the names. */
export function statusText(names: readonly string[], looks: Looks, addressOf: (name: string) => string): string {
	return names.map(name => nodeStatusText(name, looks.get(name), addressOf(name))).join('\n');
}

/** What `calicoctl node status` would print on one node, under a line that says which and through what it was seen. */
export function nodeStatusText(name: string, look: Observation | undefined, address: string, note = ''): string {
	return `${heading(name, address, look?.source)}\n${nodeText(look)}${note}`;
}

function heading(name: string, address: string, source: string | undefined): string {
	const node = address === '' || address === name ? `Node ${name}` : `Node ${name} (${address})`;
	return sanitize(source === undefined ? node : `${node}, by ${source}`);
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
