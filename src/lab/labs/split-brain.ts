import type {NodeSeed} from '../../practice/datastore/seed.ts';
import {create, reflectorLabel} from '../prepare.ts';
import {everyPairReaches, sharedClusterId, turnMeshOff} from '../tutorial.ts';
import type {Lab} from '../types.ts';

const racks = ['a', 'b'] as const;
const reflectors = ['rack-a-1', 'rack-b-1'] as const;

/** Two racks of three nodes; the first of each reflects. */
const nodes: readonly NodeSeed[] = racks.flatMap((rack, row) =>
	[1, 2, 3].map(
		(number): NodeSeed => ({
			name: `rack-${rack}-${number}`,
			ipv4Address: `10.0.${row + 1}.${number}/16`,
			labels: {'kubernetes.io/hostname': `rack-${rack}-${number}`, rack},
			blocks: [`192.168.${row + 1}.${64 * (number - 1)}/26`],
		}),
	),
);

const withinRack = (rack: string) => ({
	nodeSelector: `rack == '${rack}' && !has(${reflectorLabel})`,
	peerSelector: `rack == '${rack}' && has(${reflectorLabel})`,
});

/**
 * Calico #2735, which comes back in every forum: one cluster ID for all reflectors is right only as long as every client
 * peers with all of them.
 */
export const lab: Lab = {
	name: 'split-brain',
	order: 8,
	title: 'One cluster ID, and clients split over the reflectors',
	goal: 'Explain why routes get lost between two reflectors that share a cluster ID, and mend it.',
	minutes: 8,
	cluster: {nodes},
	start: async control => {
		for (const rack of racks) await create(control, 'BGPPeer', {name: `rack-${rack}`}, withinRack(rack));
		const between = {nodeSelector: `has(${reflectorLabel})`, peerSelector: `has(${reflectorLabel})`};
		await create(control, 'BGPPeer', {name: 'rrs-to-rrs'}, between);
		const marks = {
			metadata: {labels: {[reflectorLabel]: ''}},
			spec: {bgp: {routeReflectorClusterID: sharedClusterId}},
		};
		for (const node of reflectors) {
			await control.calicoctl(['patch', 'node', node, '-p', JSON.stringify(marks)]);
			await control.wait(30);
		}
		await turnMeshOff(control);
	},
	text: [
		`Two racks, a and b, of three nodes each. rack-a-1 and rack-b-1 are route reflectors, each for the clients of its own rack, and they peer with each other. The mesh is off, and every session is Established. Yet pods on clients of one rack reach no client of the other.`,
		'Follow one block from rack-a-2 on its way to rack-b-2. Look at each node on the way: ssh NODE, then birdcl show route all, and ip route show proto bird. See what Calico was told: calicoctl get bgppeers -o yaml, calicoctl get nodes -o yaml. Then bring all pods together without the mesh, with both reflectors in work.',
	],
	predict: {
		question: 'Where does the block of rack-a-2 get lost on its way to rack-b-2?',
		options: [
			'rack-a-1 does not send it to rack-b-1: what comes from a client stays in the rack.',
			'rack-b-1 has it, and does not send it on to its clients.',
			'rack-b-2 gets it, and cannot reach its next hop.',
		],
		right: 1,
		// RFC 4456, 8; between reflectors of one ID Calico emits no rr client (calico.md §4.3), so BIRD takes the route in
		// and its cluster list keeps it from the clients (bgp_import_control, proto/bgp/attrs.c).
		why: 'rack-a-1 reflects it to everybody and writes its cluster ID into the cluster list. rack-b-1 keeps it, as its own pods reach it, but its clients are in the cluster with that same ID: to them a route that has been in their cluster already is a loop (RFC 4456, 8).',
	},
	checks: [
		everyPairReaches,
		{
			text: 'Both reflectors are in work.',
			judge: look => {
				const without = reflectors.filter(name => !look.reflectors.includes(name));
				return without.length === 0 ? null : `No reflector any more: ${without.join(', ')}.`;
			},
		},
		{
			text: 'The mesh is still off.',
			judge: look => (look.meshIsOn ? 'The mesh is on.' : null),
		},
		{
			text: 'Every session is Established.',
			judge: look => {
				const down = look.nodes.filter(name => look.sessions(name).some(({state}) => state !== 'up'));
				return down.length === 0 ? null : `Not all sessions are up on ${down.join(', ')}.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'one-reflector-less',
			recognise: look => reflectors.some(name => !look.reflectors.includes(name)),
			text: 'You took the cluster ID from one reflector, so that it is unique now. But a node without one does not reflect: its clients have lost each other and everybody else, and only the reflector knows them.',
			script: `calicoctl patch node rack-b-1 -p '{"spec":{"bgp":{"routeReflectorClusterID":null}}}'
lab time +30`,
		},
		{
			id: 'mesh-on',
			recognise: look => look.meshIsOn,
			text: 'The mesh is on again, and the clients have sessions with each other across the racks. That is right as first aid, and the fault is still there: it waits for the next one who turns the mesh off.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
		},
		{
			id: 'other-id-same-for-both',
			recognise: look => {
				const [one, other] = reflectors.map(name => look.node(name)?.spec.bgp?.routeReflectorClusterID);
				return one !== undefined && one === other && one !== sharedClusterId && look.unreachable().length > 0;
			},
			text: 'Both reflectors have another cluster ID, and again the same one. Its value means nothing: it need not be anybody’s address, and none is better than another. What counts is whether two reflectors share it.',
			script: reflectors
				.map(
					node => `calicoctl patch node ${node} -p '{"spec":{"bgp":{"routeReflectorClusterID":"244.0.0.1"}}}'
lab time +30`,
				)
				.join('\n'),
		},
	],
	hints: [
		'birdcl show route all on rack-b-1 has a line BGP.cluster_list. Whose number is that?',
		'Two ways lead out. Each reflector gets a cluster ID of its own (calicoctl patch node NAME …). Or every client peers with both reflectors (a BGPPeer whose peerSelector does not ask for the rack).',
		`calicoctl patch node rack-b-1 -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.2"}}}'
lab time +30`,
	],
	explanation: [
		// calico #2735; RFC 4456, 7 and 8; peers.md §3.
		'A shared cluster ID tells reflectors: we serve the same clients, so drop what has passed one of us. It saves copies, and it is right as long as every client peers with every reflector, as in the tutorial. Split the clients by rack or zone, and the ID that spared copies now loses routes. A client that merely loses its session with one of the reflectors splits itself in the same way.',
		'With one ID each, a reflector takes what the others reflect, and treats them as clients of its own: routes survive a split, at the cost of more copies on the reflectors. With one shared ID and every client on both reflectors, each route has two ways, and no split by rack is left. Which one to take depends on whether every client can always reach every reflector.',
		'In this lab each client still hangs on one reflector if you only changed the cluster ID. A second reflector in each rack would mend that.',
	],
};
