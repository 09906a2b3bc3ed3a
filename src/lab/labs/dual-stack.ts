import {generateNodes} from '../../practice/datastore/seed.ts';
import {create, tutorialNodes} from '../prepare.ts';
import type {Lab, LabLook} from '../types.ts';

const {n217, n30} = tutorialNodes;
const reflectors: readonly string[] = [n217, n30];

/** The tutorial's nodes with an IPv6 address and an IPv6 block each: 172.31.40.217 is fd00:172:31::217 too. */
const nodes = generateNodes(5).map((node, index) => ({
	...node,
	ipv6Address: `fd00:172:31::${node.ipv4Address?.split(/[./]/)[3]}/64`,
	blocks: [...(node.blocks ?? []), `fd00:10:244:${index + 1}::/122`],
}));

/** The reflectors that a node has an Established IPv6 session with. */
function overIpv6(look: LabLook, node: string): readonly string[] {
	return reflectors.filter(name => name !== node && look.isEstablished(node, name, 6));
}

/** BGPPeers by address are of one family. Two BIRDs on each node, and only one of them has peers. */
export const lab: Lab = {
	name: 'dual-stack',
	order: 18,
	title: 'Dual stack, and IPv6 is half up',
	goal: 'Find a family that has no BGP while the other looks perfect, and give it its sessions with every reflector.',
	minutes: 8,
	cluster: {nodes},
	start: async control => {
		for (const [name, peerIP] of [
			['to-rr-217', '172.31.40.217'],
			['to-rr-30', '172.31.40.30'],
		] as const) {
			await create(control, 'BGPPeer', {name}, {nodeSelector: 'all()', peerIP, asNumber: 64512});
			// confd may write changes close together in one, and BIRD's list shows it: the start shall be the same each time.
			await control.wait(5);
		}
		for (const node of reflectors) {
			const patch = '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}';
			await control.calicoctl(['patch', 'node', node, '-p', patch]);
			await control.wait(60);
		}
		await create(control, 'BGPConfiguration', {name: 'default'}, {nodeToNodeMeshEnabled: false});
		await control.wait(30);
	},
	text: [
		`Pods here have IPv4 and IPv6. Yesterday the cluster moved from the mesh to two route reflectors, ${reflectors.join(' and ')}, with two BGPPeers, and everything that was tried afterwards worked. This morning one team says that half of its calls take three seconds: those are the ones that try IPv6 first.`,
		'Look at both families: sudo calicoctl node status to its end, birdcl and birdcl6 show protocols, ip route and ip -6 route show proto bird. calicoctl get bgppeers -o yaml shows where the sessions come from.',
		'In the end every node has its IPv4 and its IPv6 session with both reflectors, pods reach each other in both families, and the mesh stays off.',
	],
	predict: {
		question: 'What does calicoctl node status on a client show of IPv6?',
		options: [
			'The same sessions: one BGP session carries the routes of both families.',
			'Two sessions that stay in Connect, because nobody answers.',
			'No IPv6 peers found; and calico-node is ready.',
		],
		right: 2,
		// node/pkg/health/health.go: a BIRD without configured peers is healthy. calico.md §4.3: v4 in bird, v6 in bird6.
		why: 'Calico runs two BIRDs on a node, bird and bird6, each with sessions of its own family. A BGPPeer with an IPv4 peerIP makes sessions in bird alone. bird6 has no peer to wait for, and a BIRD without peers counts as healthy.',
	},
	checks: [
		{
			text: 'Every node has both its sessions with each reflector.',
			judge: look => {
				const missing = look.nodes.flatMap(node =>
					reflectors
						.filter(name => name !== node)
						.flatMap(name => ([4, 6] as const).filter(family => !look.isEstablished(node, name, family))),
				);
				const [v4, v6] = ([4, 6] as const).map(family => missing.filter(each => each === family).length);
				return missing.length === 0 ? null : `Not Established: ${v4} ends of IPv4 and ${v6} of IPv6.`;
			},
		},
		{
			text: 'Pods of every two nodes reach each other, in both families.',
			judge: look => {
				const [v4, v6] = [look.unreachable(4).length, look.unreachable(6).length];
				return v4 + v6 === 0 ? null : `Pairs of nodes without a way: ${v4} over IPv4, ${v6} over IPv6.`;
			},
		},
		{
			text: 'The two reflectors carry it, and the mesh is off.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				const isRight = look.reflectors.length === 2 && reflectors.every(name => look.reflectors.includes(name));
				return isRight ? null : `The reflectors are: ${look.reflectors.join(', ') || 'none'}.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'mesh-on',
			recognise: look => look.meshIsOn,
			text: 'You turned the mesh on. It gives the clients sessions with each other, in both families; the reflectors are not part of any mesh, so the pods on them stay cut off over IPv6. What is missing is not the mesh but peers of the second family.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
		},
		{
			id: 'one-reflector',
			recognise: look =>
				look.nodes.some(
					node => !reflectors.includes(node) && overIpv6(look, node).length > 0 && overIpv6(look, node).length < 2,
				),
			text: 'The clients have IPv6 now, by way of one reflector. The pods on the other reflector do not: the two share a cluster ID, so it drops what the first one reflects (RFC 4456), and needs sessions of its own with the clients. And over IPv4 the cluster survives the loss of either, over IPv6 a reboot of that one node cuts off everybody.',
			script: `calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: to-rr-217-v6
spec:
  nodeSelector: all()
  peerIP: fd00:172:31::217
  asNumber: 64512
EOF
lab time +60`,
		},
	],
	hints: [
		'bird and bird6 are two programs, and a session of one says nothing about the other. What do the BGPPeers name?',
		'peerIP is one address of one family. Either add BGPPeers with the reflectors’ IPv6 addresses (calicoctl get nodes -o wide), or go by label with peerSelector, which makes a session for each family that a node has.',
		`calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: to-rr-217-v6
spec:
  nodeSelector: all()
  peerIP: fd00:172:31::217
  asNumber: 64512
---
apiVersion: projectcalico.org/v3
kind: BGPPeer
metadata:
  name: to-rr-30-v6
spec:
  nodeSelector: all()
  peerIP: fd00:172:31::30
  asNumber: 64512
EOF
lab time +60`,
	],
	explanation: [
		'The cluster ID needs no twin: it has the form of an IPv4 address, and bird6 uses the same one. The sessions do: peers by address must be written once for each family, peers by selector come in every family that both nodes have an address of.',
		'Nothing warned. The mesh had made both families by itself, readiness looks at configured peers only, and applications fall back to IPv4 after some seconds. Check a migration in both families, sessions and routes, before the mesh goes: after it the missing half is simply gone.',
	],
};
