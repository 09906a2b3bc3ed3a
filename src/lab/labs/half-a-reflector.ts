import {migrate, reflectorLabel, tutorialNodes} from '../prepare.ts';
import type {Lab, LabLook} from '../types.ts';

const {n217, n30, n29, n123, n47} = tutorialNodes;
const old = n30;
const successor = n123;
const wanted = [n217, n29, successor];

function labelled(look: LabLook): readonly string[] {
	return look.nodes.filter(name => look.node(name)?.metadata.labels?.[reflectorLabel] !== undefined);
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
	return left.length === right.length && left.every(name => right.includes(name));
}

/**
 * A reflector is two marks, the label that the BGPPeers look for and the cluster ID that makes BIRD reflect. Replacing
 * one by hand and stopping halfway leaves two halves, and every session Established.
 */
export const lab: Lab = {
	name: 'half-a-reflector',
	order: 12,
	title: 'Two halves of a reflector',
	goal: 'Find what is left of a replacement that stopped halfway, though every session is Established, and finish it.',
	minutes: 8,
	start: async control => {
		await migrate(control, {reflectors: [n217, old, n29]});
		const label = (node: string, value: string | null) =>
			control.calicoctl(['patch', 'node', node, '-p', JSON.stringify({metadata: {labels: {[reflectorLabel]: value}}})]);
		await label(successor, '');
		await control.wait(30);
		await label(old, null);
		await control.wait(60);
	},
	text: [
		`There were three route reflectors: ${n217}, ${old} and ${n29}. ${old} is to be switched off, ${successor} was reinstalled to take its place, and whoever moved the marks from one to the other was called away in the middle.`,
		'Every session is Established and every pod is reached, so nobody looked again. Look at the marks (calicoctl get nodes -o yaml, or lab peers), and at how many copies of a route a node has: birdcl show route on a client.',
		`Finish it: ${n217}, ${n29} and ${successor} are whole reflectors of one cluster, and ${old} is a node like any other, which can go.`,
	],
	predict: {
		question: `${successor} has the label of a reflector and no cluster ID. What does its BIRD do for the others?`,
		options: [
			'It has no session: Calico wants both marks.',
			'It has a session with every node, and passes no route on.',
			'It reflects: the BGPPeers decide who is a reflector.',
		],
		right: 1,
		// RFC 4271, 9.2.1: a route learned from an internal peer goes to no other internal peer; buildPeerFromData in confd.
		why: 'The BGPPeers look at the label, so every node peers with it. Only the cluster ID makes confd write "rr client" into bird.cfg, and without it a route learned over iBGP is not given to another iBGP peer.',
	},
	checks: [
		{
			text: `${n217}, ${n29} and ${successor} carry both marks, and nobody else carries either.`,
			judge: look => {
				if (!sameNames(look.reflectors, wanted))
					return `A cluster ID is on: ${look.reflectors.join(', ') || 'no node'}.`;
				const found = labelled(look);
				return sameNames(found, wanted) ? null : `The label is on: ${found.join(', ') || 'no node'}.`;
			},
		},
		{
			text: 'The reflectors are of one cluster.',
			judge: look => {
				const ids = new Set(look.reflectors.map(name => look.node(name)?.spec.bgp?.routeReflectorClusterID));
				return ids.size === 1 ? null : `${ids.size} different cluster IDs are in use.`;
			},
		},
		{
			text: 'All sessions are Established, and each client has each other client’s route from all three.',
			judge: look => {
				const down = look.nodes.filter(node => look.sessions(node).some(({state}) => state !== 'up'));
				if (down.length > 0) return `Sessions are down on ${down.join(', ')}.`;
				const copies = Math.min(look.copies(n47, old), look.copies(old, n47));
				return copies === 3 ? null : `Between ${n47} and ${old} a route comes from ${copies} of three reflectors.`;
			},
		},
		{
			text: 'Pods of every two nodes reach each other, without the mesh.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				const pairs = look.unreachable().length;
				return pairs === 0 ? null : `${pairs} pairs of nodes do not reach each other.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'an-id-of-its-own',
			recognise: look =>
				new Set(look.reflectors.map(name => look.node(name)?.spec.bgp?.routeReflectorClusterID)).size > 1,
			text: 'You gave the new reflector another cluster ID than the others have. It works, and that is the trouble: reflectors of different clusters are each other’s clients, pass every route on to each other and keep several copies of it. One ID for all, or one for each: a mixture nobody understands at three in the morning.',
			script: `calicoctl patch node ${successor} -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.2"}}}'
lab time +30`,
		},
		{
			id: 'partial-manifest',
			recognise: look => look.nodes.some(name => !look.node(name)?.spec.bgp?.ipv4Address),
			text: 'You applied a Node manifest with just the marks in it. Apply replaces the whole spec: the node’s own BGP address is gone, and with it every session it had. Until calico-node on it is restarted and writes its address again, its pods are cut off. Change Nodes with patch, or get, edit and apply the whole of it.',
			script: `calicoctl apply -f - <<EOF
apiVersion: projectcalico.org/v3
kind: Node
metadata:
  name: ${successor}
  labels:
    ${reflectorLabel}: ""
spec:
  bgp:
    routeReflectorClusterID: 224.0.0.1
EOF
lab time +30`,
		},
	],
	hints: [
		'A reflector is two marks. Which nodes have just one, and which one is it?',
		`birdcl show route for a block of ${old}, asked on ${n47}, shows two copies instead of three. The cluster ID of the others belongs on ${successor}, and off ${old}: calicoctl patch node.`,
		`calicoctl patch node ${successor} -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
lab time +60
calicoctl patch node ${old} -p '{"spec":{"bgp":{"routeReflectorClusterID":null}}}'
lab time +60`,
	],
	explanation: [
		'With one reflector that only looks like one, the cluster ran on two. Nothing alarms: calico-node is ready, every session is up, every pod answers. Only the copies of a route tell: three reflectors, three copies on every client.',
		'Write both marks in one patch when a node becomes a reflector or ceases to be one, and take the new one in before the old one goes. calicoctl create of a Node after a reinstall starts from nothing, so a reinstalled reflector has lost its cluster ID even where its labels come back by themselves: calico-rr-wizard doctor names such halves.',
	],
};
