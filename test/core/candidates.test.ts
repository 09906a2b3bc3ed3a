import {expect, test} from 'vitest';
import {proposeReflectors, rankCandidates} from '../../src/core/candidates.ts';
import type {BgpPeerResource} from '../../src/core/resources.ts';
import {tutorialSnapshot as snapshot} from '../support/tutorial-snapshot.ts';

const names = snapshot.nodes.map(node => node.metadata.name).sort();
const [inRack = ''] = names;

function withPeer(spec: BgpPeerResource['spec']) {
	const tor = {apiVersion: 'projectcalico.org/v3', kind: 'BGPPeer', metadata: {name: 'tor'}, spec} as const;
	const nodes = snapshot.nodes.map(node =>
		node.metadata.name === inRack ? {...node, metadata: {...node.metadata, labels: {rack: 'rack-1'}}} : node,
	);
	return {...snapshot, nodes, bgpPeers: [tor]};
}

test.each([
	['by its name', {node: inRack}],
	['by a selector', {nodeSelector: "rack == 'rack-1'"}],
])('a node that peers with a router outside, named %s, is left alone where others are there', (_, who) => {
	const cluster = withPeer({...who, peerIP: '172.31.32.1', asNumber: 64600});
	expect(proposeReflectors(snapshot)).toContain(inRack);
	expect(proposeReflectors(cluster)).not.toContain(inRack);
	expect(rankCandidates(cluster).find(({name}) => name === inRack)?.reasons).toContainEqual({
		text: 'has a session with 172.31.32.1 outside the cluster, which a restart of it ends too',
		good: false,
	});
});

test.each([
	['is of every node', {peerIP: '172.31.32.1', asNumber: 64600}],
	['is another node', {node: inRack, peerIP: String(snapshot.nodes.at(-1)?.spec.bgp?.ipv4Address).split('/')[0] ?? ''}],
])('a BGPPeer that %s says nothing against it', (_, spec) => {
	expect(proposeReflectors(withPeer(spec))).toContain(inRack);
});
