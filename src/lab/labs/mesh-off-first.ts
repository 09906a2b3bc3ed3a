import type {Lab} from '../types.ts';

/** The order of a tutorial that many have followed: mesh off, and then everything else. */
export const lab: Lab = {
	name: 'mesh-off-first',
	order: 5,
	title: 'The mesh is off, and nothing else is there',
	goal: 'Bring the pods of every two nodes together again, and know what to do first when this happens.',
	minutes: 6,
	start: async control => {
		await control.calicoctl(
			['create', '-f', '-'],
			JSON.stringify({
				apiVersion: 'projectcalico.org/v3',
				kind: 'BGPConfiguration',
				metadata: {name: 'default'},
				spec: {asNumber: 64512, nodeToNodeMeshEnabled: false},
			}),
		);
		await control.wait(5);
	},
	text: [
		'A colleague wanted route reflectors and began at the end: he turned the node-to-node mesh off. No BGPPeer exists yet. The phones ring: services answer from one node in five.',
		'Look at the peers (sudo calicoctl node status), at the routes (ip route show proto bird), and at the picture (lab peers). Then bring every two nodes together again, as fast as you can. Route reflectors can wait.',
	],
	predict: {
		question: 'What has happened to the pod routes on the nodes, five seconds after the mesh was turned off?',
		options: [
			'They stay for 240 seconds, until the hold timers run out.',
			'They are gone, all of them, within a second.',
			'They stay: graceful restart keeps them for 120 seconds.',
		],
		right: 1,
		why: 'confd takes the sessions out of the configuration, BIRD ends them with a notification, and a notification is no graceful restart: the other side withdraws the routes at once.',
	},
	checks: [
		{
			text: 'Pods of every two nodes reach each other.',
			judge: look => {
				const pairs = look.unreachable().length;
				return pairs === 0 ? null : `${pairs} pairs of nodes do not reach each other.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'reflectors-first',
			recognise: look => look.reflectors.length > 0 && look.unreachable().length > 0,
			text: 'You went on towards route reflectors while nothing worked. A cluster ID alone gives a node no session; each further step is made, and each of its mistakes, while every pod is cut off. First bring back what worked, then plan.',
			script: `calicoctl patch node ip-172-31-40-30 -p '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}'
lab time +10`,
		},
		{
			id: 'waiting',
			recognise: look => look.seconds > 240 && look.unreachable().length > 0,
			text: 'You waited. No timer brings these sessions back: they are not down, they are not configured any more.',
			script: 'lab time +300',
		},
	],
	hints: [
		'What did the nodes have before that they do not have now? Nothing has to be built anew.',
		'BGPConfiguration default says nodeToNodeMeshEnabled: false. calicoctl patch bgpconfiguration default -p … changes one field and leaves the others.',
		`calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
	],
	explanation: [
		'With the mesh off and no BGPPeer there is no session that Calico could configure, so BIRD on every node forgets every route it had learned. calico-node stays ready all the while: a node without configured peers counts as healthy.',
		'The way out is the way in: one patch turns the mesh on, and after BIRD’s connect delay of 2 seconds the routes are back. In the right order the mesh goes last, once every node has its sessions with the reflectors; then turning it off costs nothing.',
	],
};
