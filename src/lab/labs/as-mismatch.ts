import {tutorialNodes} from '../prepare.ts';
import type {Lab} from '../types.ts';

const strange = tutorialNodes.n123;

/**
 * A node with an AS number of its own, which is where "Bad peer AS" comes from (calico #2373): the two ends of a session
 * disagree, and only one of them says why.
 */
export const lab: Lab = {
	name: 'as-mismatch',
	order: 10,
	title: 'One node speaks for another AS',
	goal: 'Read from "Bad peer AS" which end is wrong, and put it right without touching the others.',
	minutes: 6,
	start: async control => {
		await control.calicoctl(['patch', 'node', strange, '-p', '{"spec":{"bgp":{"asNumber":64513}}}']);
		await control.wait(60);
	},
	text: [
		'Since last night the pods of one node reach nobody, and nobody reaches them. The node is up, its BIRD runs, and the mesh is on. Somebody had been trying something for the switches, it is said.',
		'Look at the sessions of that node and at those of another (ssh NODE, sudo calicoctl node status; birdcl show protocols all), and compare what the two ends say. calicoctl get nodes -o wide shows what Calico believes.',
		'Bring the node back into the mesh of AS 64512. The other nodes carry traffic: their sessions with each other, and the AS of the cluster, stay as they are. Route reflectors are planned for next week.',
	],
	predict: {
		question: 'What does the table of the lonely node show in the column INFO?',
		options: [
			'Active, and Connection refused: the others turn it away before they know it.',
			'Established, and no routes: BGP allows sessions between two AS.',
			'Idle or Connect most of the time, with BGP Error: Bad peer AS.',
		],
		right: 2,
		// RFC 4271, 6.2 (OPEN message error 2); bgp_rx_open and bgp_error in BIRD; processMeshPeers since v3.32.
		why: 'TCP connects and both send OPEN. A node with an AS of its own takes its mesh peers to be in that same AS (Calico 3.32); they say 64512, so it answers with the notification "Bad peer AS" and waits 5 to 30 seconds before it tries again. It says "BGP Error", because it found the fault; the others say "Received".',
	},
	questions: [{id: 'as', text: 'As which AS does the lonely node speak?'}],
	checks: [
		{
			text: 'You know as which AS the lonely node spoke.',
			judge: look =>
				look.answer('as').replace(/\D/g, '') === '64513' ? null : 'The answer is missing, or it is another number.',
		},
		{
			text: 'Every two nodes have their session of the mesh, and pods reach each other.',
			judge: look => {
				const pairs = look.nodes.flatMap((from, index) => look.nodes.slice(index + 1).map(to => [from, to] as const));
				const down = pairs.filter(([from, to]) => !look.isEstablished(from, to) || !look.reaches(from, to));
				return down.length === 0 && look.meshIsOn ? null : `${down.length} of ${pairs.length} pairs are not there yet.`;
			},
		},
		{
			text: 'All sessions are iBGP in AS 64512, and come from the mesh alone.',
			judge: look => {
				const others = look.nodes.filter(name => (look.node(name)?.spec.bgp?.asNumber ?? 64512) !== 64512);
				if (others.length > 0) return `${others.join(', ')} still has an AS of its own.`;
				if ((look.configuration?.asNumber ?? 64512) !== 64512) return "The cluster's AS is another one now.";
				return look.snapshot.bgpPeers.length === 0 ? null : 'There is a BGPPeer that nobody needs.';
			},
		},
	],
	wrongWays: [
		{
			id: 'everybody-else',
			recognise: look => String(look.configuration?.asNumber ?? '') === '64513',
			text: 'You gave the whole cluster the AS of the one node that was wrong. The sessions meet again, but every session of every node had to end for it, and each router outside still expects 64512 and now answers "Bad peer AS" itself.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  asNumber: 64513
EOF
lab time +60`,
		},
		{
			id: 'ebgp',
			recognise: look => look.snapshot.bgpPeers.length > 0 && look.node(strange)?.spec.bgp?.asNumber !== undefined,
			text: 'You added a BGPPeer, for BGP may well run between two AS. Beside the mesh each such session sits behind the one of the mesh (two protocols, one neighbour: BIRD starts only one). And where it does come up it is eBGP: a route reflector reflects between iBGP sessions only (RFC 4456), so next week this node would be a reflector that reflects nothing, or a client outside.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: to-the-lonely-node
spec:
  nodeSelector: kubernetes.io/hostname != '${strange}'
  peerSelector: kubernetes.io/hostname == '${strange}'
EOF
lab time +60`,
		},
	],
	hints: [
		'"BGP Error" stands at the end that found the fault, "Received" at the end that was told of it. Which AS does each of them expect, and which does it speak as?',
		'calicoctl get nodes -o wide puts an inherited AS in brackets; one node has none. calicoctl patch node takes null for a field that shall go.',
		`lab answer as 64513
calicoctl patch node ${strange} -p '{"spec":{"bgp":{"asNumber":null}}}'
lab time +60`,
	],
	explanation: [
		'The AS of a node is the one in its own spec, or else that of BGPConfiguration default, or else 64512. A session comes up only where each end speaks as the AS that the other expects; otherwise the end that expected something else says "Bad peer AS" and closes.',
		'Sessions within one AS are iBGP, and only those are reflected: a route reflector passes routes from one iBGP session on to another, and treats an eBGP session as any router would. One node with an AS of its own is therefore a reason not to begin a migration; calico-rr-wizard doctor says so beforehand.',
	],
};
