import {create, reflectorLabel} from '../prepare.ts';
import {everyPairReaches, settling, turnMeshOff, tutorialPeers} from '../tutorial.ts';
import type {Lab} from '../types.ts';

const labelled = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'];
const clients = ['ip-172-31-37-123', 'ip-172-31-42-47'] as const;

/**
 * Every session Established, and the clients do not know each other: the half that a label does, without the half that a
 * cluster ID does. The table of peers cannot show it.
 */
export const lab: Lab = {
	name: 'label-without-id',
	order: 7,
	title: 'A label without a cluster ID: Established, and not reflecting',
	goal: 'Tell a peer from a reflector, and make the three labelled nodes reflect.',
	minutes: 7,
	start: async control => {
		for (const {name, ...spec} of tutorialPeers) await create(control, 'BGPPeer', {name}, spec);
		for (const node of labelled) {
			await control.calicoctl(['label', 'nodes', node, `${reflectorLabel}=`]);
			await control.wait(settling);
		}
		// With the mesh session gone its lock on the neighbour is free, and the BGPPeer's session starts.
		await turnMeshOff(control);
		await control.wait(30);
	},
	text: [
		`Three nodes are labelled ${reflectorLabel}, both BGPPeers are there, the mesh is off, and every session in every table is Established. Still, pods on ${clients.join(' do not reach pods on ')}. All other pairs work.`,
		`Compare what a client knows (ssh ${clients[0]}, then birdcl show route and ip route show proto bird) with what a labelled node knows. Ask BIRD on a labelled node about its session: birdcl show protocols all Node_172_31_37_123. Then make all three of them reflect; the mesh stays off.`,
	],
	predict: {
		question: `${clients[0]} sends its block to all three labelled nodes. What do they do with it?`,
		options: [
			'They put it in their kernel, and pass it on to the other client.',
			'They put it in their kernel, and pass it on to nobody.',
			'They drop it: a route from a node without a cluster ID is not accepted.',
		],
		right: 1,
		// RFC 4271, 9.2 (internal update process), and RFC 4456, 1; bird: rr client is emitted with a cluster ID only (calico.md §4.3).
		why: 'What a BGP speaker has learned from an internal peer it passes on to no other internal peer (RFC 4271, 9.2); a full mesh has no need of it. Only a route reflector may (RFC 4456), and Calico configures rr client only on a node that has a cluster ID. The label merely makes BGPPeers select it.',
	},
	checks: [
		{
			text: `All three nodes labelled ${reflectorLabel} are reflectors.`,
			judge: look => {
				const without = labelled.filter(name => !look.reflectors.includes(name));
				return without.length === 0 ? null : `Without a cluster ID: ${without.join(', ')}.`;
			},
		},
		everyPairReaches,
		{
			text: 'Each client knows the other one’s block from three reflectors.',
			judge: look => {
				const [one, other] = clients;
				const copies = Math.min(look.copies(one, other), look.copies(other, one));
				return copies >= labelled.length ? null : `It has ${copies} ${copies === 1 ? 'copy' : 'copies'} of the route.`;
			},
		},
		{
			text: 'The mesh is still off.',
			judge: look => (look.meshIsOn ? 'The mesh is on.' : null),
		},
	],
	wrongWays: [
		{
			id: 'mesh-on',
			recognise: look => look.meshIsOn,
			text: 'The mesh is on again. That is right as first aid and wrong as an end: the clients now have a session with each other, the labelled nodes still reflect nothing, and whoever turns the mesh off next time meets the same fault. Besides, each pair with a labelled node now has two sessions, of which one stays Idle for good.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
		},
		{
			id: 'one-reflector',
			recognise: look => look.reflectors.length > 0 && labelled.some(name => !look.reflectors.includes(name)),
			text: 'Not every labelled node has a cluster ID. The pods may well reach each other already, for one reflector is enough to pass routes on, and the others look like reflectors in every table. When that one goes, the clients lose each other, and nobody will know why three were not enough.',
			script: `calicoctl patch node ${labelled[0]} -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
lab time +30`,
		},
		{
			id: 'all-with-all',
			recognise: look => !look.meshIsOn && look.reflectors.length === 0 && look.isEstablished(clients[0], clients[1]),
			text: 'You gave the clients a session with each other. A BGPPeer for all() and all() is a full mesh under another name: it works, it has as many sessions as before, and nothing reflects.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: everybody
spec:
  nodeSelector: all()
  peerSelector: all()
EOF
lab time +30`,
		},
	],
	hints: [
		'What makes a node a reflector is not what makes others peer with it. Which of the two do these nodes lack?',
		`BIRD names a session with a client: Session: internal multihop route-reflector. Calico configures it so where spec.bgp.routeReflectorClusterID of the node is set; the tutorial takes 224.0.0.1 on all three.`,
		`${labelled
			.map(
				node => `calicoctl patch node ${node} -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
lab time +30`,
			)
			.join('\n')}`,
	],
	explanation: [
		'Two marks make a reflector, and each does one thing: the label decides who peers with whom, through the selectors of the BGPPeers; the cluster ID decides whether routes are passed on, and takes the node out of the mesh. Established says that two BIRDs talk. It does not say that one of them passes on what it hears.',
		// calico.md §4.4: any change of a session's configuration restarts it, with a NOTIFICATION.
		'A cluster ID changes the session with every client (rr client), and BIRD restarts a session whose configuration changes, so do it on one node at a time and wait for its sessions. To see whether a cluster reflects, count the copies of a route on a client, and not the sessions.',
	],
};
