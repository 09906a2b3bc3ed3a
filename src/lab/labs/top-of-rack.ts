import {create, reflectorLabel, tutorialNodes} from '../prepare.ts';
import type {Lab, LabLook} from '../types.ts';

const {n217, n30, n29, n123, n47} = tutorialNodes;
const reflectors = [n217, n30, n29];
const rack = [n123, n47];
const router = '172.31.32.1';
const bgpPeer = 'tor-rack-1';
const spec = {nodeSelector: "rack == 'rack-1'", peerIP: router, asNumber: 64600};

function towardsRouter(look: LabLook): LabLook['snapshot']['bgpPeers'] {
	return look.snapshot.bgpPeers.filter(peer => peer.spec.peerIP?.startsWith(router));
}

/** A BGPPeer that has nothing to do with the migration, and that tools and people delete or double with it. */
export const lab: Lab = {
	name: 'top-of-rack',
	order: 13,
	title: 'The router in the rack must not notice',
	goal: 'Migrate a cluster to route reflectors while a peering with a top-of-rack router stays exactly as it is.',
	minutes: 10,
	start: async control => {
		for (const node of rack) {
			await control.calicoctl(['patch', 'node', node, '-p', '{"metadata":{"labels":{"rack":"rack-1"}}}']);
		}
		await create(control, 'BGPPeer', {name: bgpPeer}, spec);
		await control.wait(60);
	},
	text: [
		`The mesh is on, and the two nodes of rack 1, ${rack.join(' and ')}, also peer with the router on top of their rack, ${router} in AS 64600. What customers reach from outside comes in there. The network team owns that router and the BGPPeer for it.`,
		`Make ${n217}, ${n30} and ${n29} route reflectors (label ${reflectorLabel}, one cluster ID) and turn the mesh off, by hand or with calico-rr-wizard. Look first at what is there: calicoctl get bgppeers -o yaml, and sudo calicoctl node status on a node of the rack.`,
		'In the end the clients peer with the reflectors and, in rack 1, with the router; its sessions, and the BGPPeer, are the ones from before.',
	],
	predict: {
		question: 'What does turning the mesh off do to the sessions with the router?',
		options: [
			'It ends them: with the mesh off only BGPPeers between nodes count.',
			'Nothing: they come from their own BGPPeer, and the mesh is only about node to node.',
			'They stay until the next restart of calico-node.',
		],
		right: 1,
		// processMeshPeers and updatePeersV1 in confd/pkg/backends/calico: two lists that know nothing of each other.
		why: 'confd makes mesh sessions from the list of nodes and the others from the BGPPeers; nodeToNodeMeshEnabled is asked for the first alone. A session whose configuration does not change is not touched when BIRD reads it anew.',
	},
	checks: [
		{
			text: 'The BGPPeer for the router is the one from before, and the only one that names it.',
			judge: look => {
				const found = look.bgpPeer(bgpPeer)?.spec;
				if (!found) return `The BGPPeer ${bgpPeer} is gone.`;
				const isSame = Object.entries(spec).every(([field, value]) => found[field] === value);
				if (!isSame) return `The BGPPeer ${bgpPeer} says something else than before.`;
				return towardsRouter(look).length === 1 ? null : 'More than one BGPPeer names the router.';
			},
		},
		{
			text: 'Both nodes of rack 1 have an Established session with the router, and no other node has one.',
			judge: look => {
				const up = look.nodes.filter(node =>
					look.sessions(node).some(session => session.address === router && session.state === 'up'),
				);
				const isRight = up.length === rack.length && rack.every(node => up.includes(node));
				return isRight ? null : `Established with the router: ${up.join(', ') || 'no node'}.`;
			},
		},
		{
			text: 'Three reflectors of one cluster carry the routes, and the mesh is off.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				const isRight = look.reflectors.length === 3 && reflectors.every(name => look.reflectors.includes(name));
				if (!isRight) return `The reflectors are: ${look.reflectors.join(', ') || 'none'}.`;
				const missing = look.nodes.flatMap(node =>
					reflectors.filter(name => name !== node && !look.isEstablished(node, name)),
				);
				if (missing.length > 0) return `${missing.length} ends of sessions with a reflector are not Established.`;
				return look.unreachable().length === 0 ? null : `${look.unreachable().length} pairs do not reach each other.`;
			},
		},
		{
			text: 'The AS is still 64512, as the router expects it.',
			judge: look =>
				String(look.configuration?.asNumber ?? 64512) === '64512' ? null : 'The cluster speaks as another AS.',
		},
	],
	wrongWays: [
		{
			id: 'deleted',
			recognise: look => towardsRouter(look).length === 0,
			text: 'You deleted the BGPPeer of the router: all that is not part of the reflectors goes, as one old operator for this job did too. Rack 1 is not announced outside any more, and customers see it before you do. A migration only ever adds and removes BGPPeers of its own.',
			script: `calicoctl delete bgppeer ${bgpPeer}
lab time +10`,
		},
		{
			id: 'doubled',
			recognise: look => towardsRouter(look).length > 1,
			text: 'A second BGPPeer names the router. One without node and nodeSelector is for every node, and it takes the place of the first for the same address: nodes of other racks dial a router that does not know them, and which AS, password or filter holds is decided by the order in which Calico happens to read the two.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: tor
spec:
  peerIP: ${router}
  asNumber: 64600
EOF
lab time +30`,
		},
		{
			id: 'another-as',
			recognise: look => String(look.configuration?.asNumber ?? 64512) !== '64512',
			text: 'Together with the mesh you changed the AS of the cluster, as a much copied guide does (63400). Between the nodes that works after all sessions have started anew. The router outside still expects 64512 and answers "Bad peer AS"; the practice router is more patient than a real one and takes it.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  asNumber: 63400
EOF
lab time +30`,
		},
	],
	hints: [
		'The BGPPeers for the reflectors go by the label of the reflectors; the one for the router goes by rack. They need not know of each other.',
		`Two BGPPeers first (!has(${reflectorLabel}) to has(…), has(…) to has(…)), then label and cluster ID in one patch, node by node, and last BGPConfiguration default with nodeToNodeMeshEnabled: false and nothing else that was not there.`,
		`calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: peer-to-rrs
spec:
  nodeSelector: "!has(${reflectorLabel})"
  peerSelector: has(${reflectorLabel})
---
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: rrs-to-rrs
spec:
  nodeSelector: has(${reflectorLabel})
  peerSelector: has(${reflectorLabel})
EOF
for node in ${reflectors.join(' ')}; do
  calicoctl patch node $node -p '{"metadata":{"labels":{"${reflectorLabel}":""}},"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
  lab time +60
done
calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
EOF
lab time +30`,
	],
	explanation: [
		'BGPPeers add up: each says which nodes peer with whom, and a node has the sessions of all that match it. The way to keep a foreign one safe is to leave it alone, and to choose selectors for the new ones that cannot match what it is about.',
		'Choose as reflectors, where you can, nodes without such a peer: a node that is both is dialled by everyone, and a restart of it takes the rack’s way out along. Whether the nodes outside the rack learn the router’s routes from a reflector is a question of its own (calico #4539); in the mesh they learned them from the two nodes directly.',
	],
};
