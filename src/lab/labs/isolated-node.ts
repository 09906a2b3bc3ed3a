import {everyPairReaches} from '../tutorial.ts';
import type {Lab} from '../types.ts';

const node = 'ip-172-31-40-30';

/**
 * Documentation shows the cluster ID as the first step. It is the one write of the whole migration that cuts a node off at
 * once, and nothing that Kubernetes watches turns red.
 */
export const lab: Lab = {
	name: 'isolated-node',
	order: 6,
	title: 'A cluster ID without a BGPPeer: the isolated node',
	goal: 'Find out why one node has no session at all, and bring its pods back.',
	minutes: 5,
	start: async control => {
		const clusterId = {spec: {bgp: {routeReflectorClusterID: '224.0.0.1'}}};
		await control.calicoctl(['patch', 'node', node, '-p', JSON.stringify(clusterId)]);
		await control.wait(30);
	},
	text: [
		`The mesh is on, and so it shall stay for now. Since somebody began with route reflectors, pods on ${node} reach no pod elsewhere, and nobody reaches them. The node is Ready, calico-node is ready, and there is no error in any log.`,
		`Look at the node’s own table (ssh ${node}, then sudo calicoctl node status), at another node’s table, and at what Calico knows of the node (calicoctl get node NAME -o yaml). Bring its pods back: take back what was begun, or finish it.`,
	],
	predict: {
		question: 'What do the tables of the other four nodes show for this node?',
		options: [
			'A row in state start, with Connection refused.',
			'No row: the session is not down, it is not configured any more.',
			'A row that is up, Established: reflectors stay in the mesh.',
		],
		right: 1,
		// processMeshPeers, calico.md §4.2 and §4.7: hosts with an rr_cluster_id are left out on every node; confd PR #619.
		why: 'confd on every node leaves nodes with a cluster ID out of the mesh, and the node itself configures no mesh peer. So the session goes from both ends, and a table cannot show what nobody configured. From Calico 3.13 to 3.20 reflectors did stay in the mesh, and guides of that time still say so.',
	},
	checks: [
		everyPairReaches,
		{
			text: 'Every other node has an Established session with it.',
			judge: look => {
				const without = look.nodes.filter(name => name !== node && !look.isEstablished(name, node));
				return without.length === 0 ? null : `Not Established with it: ${without.join(', ')}.`;
			},
		},
		{
			text: 'The mesh is still on for the others.',
			judge: look => (look.meshIsOn ? null : 'BGPConfiguration default turns the mesh off.'),
		},
	],
	wrongWays: [
		{
			id: 'selects-nothing',
			recognise: look => look.snapshot.bgpPeers.length > 0 && look.sessions(node).length === 0,
			text: 'There is a BGPPeer, and it does not select this node: its selectors ask for a label that the node has not. The cluster ID is no label. Calico takes such a BGPPeer without a word, and the node stays cut off as long as nobody looks at its table.',
			script: `calicoctl apply -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: peer-to-rrs
spec:
  nodeSelector: "!has(calico-route-reflector)"
  peerSelector: has(calico-route-reflector)
EOF
lab time +30`,
		},
		{
			id: 'mesh-off',
			recognise: look => !look.meshIsOn && look.unreachable().length > 0,
			text: 'You turned the mesh off, as a guide’s next step says. That mends nothing for this node, and it has now taken the sessions of the others as well: the isolated node became an isolated cluster. The mesh goes last, when every session that replaces it is Established.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
EOF
lab time +10`,
		},
		{
			id: 'label-alone',
			recognise: look =>
				look.node(node)?.metadata.labels?.['calico-route-reflector'] !== undefined &&
				look.snapshot.bgpPeers.length === 0 &&
				look.sessions(node).length === 0,
			text: 'The node has its label, and no BGPPeer asks for it. Label and cluster ID only say what a node is; sessions come from the mesh or from a BGPPeer, and this node has neither.',
			script: `calicoctl label nodes ${node} calico-route-reflector=
lab time +30`,
		},
	],
	hints: [
		'What makes sessions in Calico? There are two things, and this node has left one of them without getting the other.',
		'Back: calicoctl patch node takes null for a field that shall go. Forward: a label on the node, and a BGPPeer with a nodeSelector for the others and a peerSelector for that label.',
		`calicoctl patch node ${node} -p '{"spec":{"bgp":{"routeReflectorClusterID":null}}}'
lab time +30`,
	],
	explanation: [
		// node/pkg/health/health.go: 0 configured peers = ready (calico.md §8.3).
		'A cluster ID takes a node out of the mesh in the same second, on every node. If no BGPPeer selects it, it has no session, its blocks are withdrawn everywhere, and its own kernel loses the routes to everybody. calico-node stays ready, because a node without configured peers counts as healthy.',
		// measurements.md: about 2 s, connect delay time 2.
		'In the safe order the BGPPeers come first, where they select nothing and do nothing, and then label and cluster ID in one write. The mesh session then goes and the new one comes in the same reconfiguration, and the gap is BIRD’s connect delay of 2 seconds and the handshake.',
	],
};
