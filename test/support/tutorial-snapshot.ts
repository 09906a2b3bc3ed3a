import type {Snapshot} from '../../src/core/snapshot.ts';

/** BGP addresses of the tutorial's nodes, in its own order. */
export const tutorialAddresses = ['172.31.40.217', '172.31.40.30', '172.31.45.29', '172.31.37.123', '172.31.42.47'];

/** The five nodes of "Calico the hard way", with the mesh on. */
export const tutorialSnapshot: Snapshot = {
	nodes: tutorialAddresses.map(address => ({
		apiVersion: 'projectcalico.org/v3',
		kind: 'Node',
		metadata: {name: `ip-${address.replaceAll('.', '-')}`},
		spec: {bgp: {ipv4Address: `${address}/20`}},
		status: {},
	})),
	bgpPeers: [],
	bgpConfigurations: [],
	ipPools: [],
};
