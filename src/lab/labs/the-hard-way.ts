import {isEstablished} from '../../core/session.ts';
import {everyPairReaches} from '../tutorial.ts';
import type {Lab, LabLook} from '../types.ts';

/** How many nodes the tutorial makes reflectors. */
const wanted = 3;

/** What is not as in the tutorial's last table, of one node: node specific sessions with these peers, and no others. */
function tableOf(look: LabLook, node: string, peers: readonly string[]): string | null {
	const missing = peers.filter(peer => !look.isEstablished(node, peer));
	if (missing.length > 0) return `${node} has no Established session with ${missing.join(', ')}.`;
	const others = look.sessions(node).filter(each => each.type !== 'node specific' || !isEstablished(each));
	if (others.length > 0) return `${node} also has ${others.map(({protocol}) => protocol).join(', ')}.`;
	return look.sessions(node).length === peers.length ? null : `${node} has ${look.sessions(node).length} sessions.`;
}

/** What is not as it shall be, of the first node that differs. */
function tablesOf(
	look: LabLook,
	nodes: readonly string[],
	peersOf: (node: string) => readonly string[],
): string | null {
	if (look.reflectors.length === 0) return 'There is no reflector yet.';
	return nodes.map(node => tableOf(look, node, peersOf(node))).find(wrong => wrong !== null) ?? null;
}

/**
 * "Calico the hard way", the only hands-on guide for Calico's route reflectors: here with a check at its end, and with the
 * accidents that it does not mention.
 */
export const lab: Lab = {
	name: 'the-hard-way',
	order: 3,
	title: 'From the mesh to route reflectors, by hand',
	goal: 'Bring a cluster from the mesh to three route reflectors with calicoctl alone.',
	minutes: 10,
	text: [
		'Five nodes in a full mesh, and you have calicoctl and an editor. Make three nodes of your choice route reflectors, with the label calico-route-reflector and the cluster ID 224.0.0.1; let the other two peer with all three, and the three with each other; and turn the mesh off.',
		'The tutorial "Calico the hard way" does it with three kinds of resources, one after the other: Node (calicoctl get node NAME -o yaml --export > node.yaml, edit it, calicoctl apply -f node.yaml), BGPPeer (two of them, with selectors), and BGPConfiguration default, which does not exist yet. In which order is up to you. BIRD takes some seconds for each step: look at sudo calicoctl node status in between, here and on other nodes (ssh NODE).',
		'At the end the tutorial looks at the table of a client once more: three rows, all node specific and Established.',
	],
	predict: {
		question: 'And which rows will the table of a reflector have?',
		options: [
			'Two, of the other reflectors: clients are no peers.',
			'Four: everybody, all node specific.',
			'Four: the reflectors node specific, the clients still in the mesh.',
		],
		right: 1,
		// Calico ≥ 3.10: a BGPPeer makes both ends (reversePeering, calico.md §4.1).
		why: 'A reflector peers with everybody: with its clients by the one BGPPeer, with the other reflectors by the other. A BGPPeer gives both ends their session, and so one for the clients is enough. Its number of sessions is what it was in the mesh; only the clients have fewer.',
	},
	checks: [
		{
			text: 'Three nodes are reflectors.',
			judge: ({reflectors}) =>
				reflectors.length === wanted ? null : `Nodes with a cluster ID: ${reflectors.join(', ') || 'none'}.`,
		},
		{
			text: 'Every node still has its address.',
			judge: look => {
				const without = look.nodes.filter(name => !look.node(name)?.spec.bgp?.ipv4Address);
				return without.length === 0 ? null : `Without spec.bgp.ipv4Address: ${without.join(', ')}.`;
			},
		},
		{
			text: 'The mesh is off.',
			judge: look => (look.meshIsOn ? 'The mesh is on.' : null),
		},
		{
			text: 'The table of each client: the three reflectors, node specific and Established.',
			judge: look =>
				tablesOf(
					look,
					look.nodes.filter(name => !look.reflectors.includes(name)),
					() => look.reflectors,
				),
		},
		{
			text: 'The table of each reflector: everybody, node specific and Established.',
			judge: look => tablesOf(look, look.reflectors, node => look.nodes.filter(name => name !== node)),
		},
		everyPairReaches,
	],
	wrongWays: [
		{
			id: 'address-lost',
			recognise: look => look.nodes.some(name => !look.node(name)?.spec.bgp?.ipv4Address),
			text: 'A Node was applied without its address. apply replaces the whole spec by what the file says, and what it leaves out is gone. Calico skips a node without an address everywhere: it has no session, no reflector’s role, and no row in any table, until calico-node on it is restarted and finds its address again. Take the YAML from get --export, or use patch, which changes only what it names.',
			script: `calicoctl apply -f - <<EOF
apiVersion: projectcalico.org/v3
kind: Node
metadata:
  name: ip-172-31-40-217
  labels:
    calico-route-reflector: ""
spec:
  bgp:
    routeReflectorClusterID: 224.0.0.1
EOF
lab time +30`,
		},
		{
			id: 'reflectors-do-not-peer',
			recognise: look =>
				!look.meshIsOn &&
				look.reflectors.some(one =>
					look.reflectors.some(other => one !== other && look.session(one, other) === undefined),
				),
			text: 'The reflectors have no sessions with each other. The clients are well, and pods on the reflectors are cut off from each other: a client never passes on what it learned, and no BGPPeer selects reflectors on both sides. It goes unnoticed where no pods run on reflectors, until one does.',
			script: `calicoctl apply -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: peer-to-rrs
spec:
  nodeSelector: "!has(calico-route-reflector)"
  peerSelector: has(calico-route-reflector)
EOF
for node in ip-172-31-40-217 ip-172-31-40-30 ip-172-31-45-29; do
  calicoctl patch node $node -p '{"metadata":{"labels":{"calico-route-reflector":""}},"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
done
calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  asNumber: 64512
EOF
lab time +30`,
		},
		{
			id: 'mesh-off-too-early',
			recognise: look => !look.meshIsOn && look.nodes.every(name => !look.sessions(name).some(isEstablished)),
			text: 'The mesh is off, and nothing has taken its place: no node has any session, and every pod route is gone. Many guides begin with this step. It goes last, once every node has its sessions with the reflectors; then it costs nothing.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  asNumber: 64512
EOF
lab time +10`,
		},
	],
	hints: [
		'Three nodes, two BGPPeers and one BGPConfiguration: six resources. One BGPPeer is for the nodes without the label, the other for those with it.',
		'A BGPPeer has spec.nodeSelector (who) and spec.peerSelector (with whom); a selector that begins with ! must stand in quotes. A reflector has the label in metadata.labels and the ID in spec.bgp.routeReflectorClusterID. BGPConfiguration default is created with nodeToNodeMeshEnabled: false and asNumber: 64512.',
		`calicoctl apply -f - <<EOF
kind: BGPPeer
apiVersion: projectcalico.org/v3
metadata:
  name: peer-to-rrs
spec:
  nodeSelector: "!has(calico-route-reflector)"
  peerSelector: has(calico-route-reflector)
---
kind: BGPPeer
apiVersion: projectcalico.org/v3
metadata:
  name: rrs-to-rrs
spec:
  nodeSelector: has(calico-route-reflector)
  peerSelector: has(calico-route-reflector)
EOF
for node in ip-172-31-40-217 ip-172-31-40-30 ip-172-31-45-29; do
  calicoctl patch node $node -p '{"metadata":{"labels":{"calico-route-reflector":""}},"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
  lab time +30
done
calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  asNumber: 64512
EOF
lab time +30`,
	],
	explanation: [
		// measurements.md: the tutorial's order 277.2 pair-seconds on five nodes, worst pair 22.6 s; safe 64 to 73.
		'In the tutorial’s order, reflectors first, each of them is cut off from its cluster ID on until the BGPPeers come: on real Calico a pair of nodes was without routes for up to 23 seconds. With the BGPPeers first, which select nothing yet, and one reflector at a time, it was 11 seconds, and a quarter of the loss in all. With a route hold it was nothing; the next lab shows that.',
		'The mesh goes last. Turning it off when every session with the reflectors was Established never lost a packet.',
		'The tutorial creates BGPConfiguration default, which fails where it is there already, as in most clusters; then a patch that changes one field is right. An apply would take away whatever else stands in it.',
	],
};
