import {parsePeerIp} from '../../core/peering/addresses.ts';
import {preparePeering} from '../../core/peering/prepare.ts';
import type {Snapshot} from '../../core/snapshot.ts';
import type {PortOf} from './node-status-read.ts';

/** The ports in sessions' names, by the resources: a CalicoNodeStatus shows addresses only. */
export function portsOf(snapshot: Snapshot): PortOf {
	const {byAddress, globalPort} = preparePeering({...snapshot, bgpPeers: []});
	const external = new Map<string, number | null>();
	for (const {spec} of snapshot.bgpPeers) {
		const peerIp = spec.peerIP === undefined ? undefined : parsePeerIp(spec.peerIP);
		if (peerIp !== undefined) external.set(peerIp.address, peerIp.port);
	}
	return address => {
		const node = byAddress.get(address);
		// A node's own listen port wins over the cluster's; a router outside has the one that its BGPPeer names.
		return node ? (node.listenPort ?? globalPort) : (external.get(address) ?? null);
	};
}
