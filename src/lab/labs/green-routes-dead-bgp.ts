import {create, tutorialNodes} from '../prepare.ts';
import type {Lab} from '../types.ts';

const {n217: dead} = tutorialNodes;
const router = '172.31.32.1';

/** Felix programs the routes of VXLAN pools from the datastore (calico.md §8.2): they prove nothing about BGP. */
export const lab: Lab = {
	name: 'green-routes-dead-bgp',
	order: 16,
	title: 'Every route is there, and BGP is dead',
	goal: 'Tell routes of Felix from routes of BIRD, and find the node whose BGP is dead although every route is there.',
	minutes: 7,
	cluster: {vxlanMode: 'Always'},
	start: async control => {
		await create(control, 'BGPPeer', {name: 'tor'}, {nodeSelector: 'all()', peerIP: router, asNumber: 64600});
		await control.wait(60);
		await control.killBird(dead);
		// The neighbours wait 120 s for it to come back (graceful restart).
		await control.wait(600);
	},
	text: [
		`The pods of this cluster talk over VXLAN. The nodes also peer with each other and with the router ${router}, by which the outside world learns where the pods are. The monitoring checks the routes on every node (ip route show, a line for each block), and it is green.`,
		'Still the outside reaches the pods of one node no more. Look at the routes of any node, without and with proto bird, and then at what BGP itself says: sudo calicoctl node status on one node after the other, or lab peers.',
		'Find out which program keeps the pod routes, and bring BGP back where it is dead. What is configured is right, and stays.',
	],
	predict: {
		question:
			'BIRD on a node has been dead for ten minutes. What has become of its pods’ traffic with the pods of other nodes?',
		options: [
			'Nothing: in a VXLAN pool no pod route depends on BGP.',
			'It stopped after 120 seconds, when the graceful restart had run out.',
			'It stopped after 240 seconds, when the hold timers had run out.',
		],
		right: 0,
		why: 'For a VXLAN pool Felix writes the routes, from what the datastore says of blocks and nodes, and BIRD is told to leave them alone. Without encapsulation, and with IPIP up to Calico 3.32, they would be BIRD’s, and gone on the other nodes after 120 seconds.',
	},
	questions: [{id: 'program', text: 'Which program keeps the pod routes of this cluster?'}],
	actions: [
		{
			name: 'restart',
			words: 'NODE',
			text: 'calico-node on this node is restarted, BIRD with it',
			run: async (control, [node, ...more], look) => {
				if (node === undefined || more.length > 0) throw new Error('lab do restart takes the name of a node.');
				if (look.alive.includes(node)) await control.killBird(node);
				await control.wait(5);
				await control.startBird(node);
				return `calico-node on ${node} has been restarted.`;
			},
		},
	],
	checks: [
		{
			text: 'You know which program keeps the pod routes.',
			judge: look =>
				/felix/i.test(look.answer('program')) ? null : 'The answer is missing, or it is another program.',
		},
		{
			text: 'BIRD runs on every node, and every session is Established.',
			judge: look => {
				const silent = look.nodes.filter(name => !look.alive.includes(name));
				if (silent.length > 0) return `On ${silent.length} of ${look.nodes.length} nodes BIRD does not answer.`;
				const down = look.nodes.flatMap(node => look.sessions(node).filter(({state}) => state !== 'up'));
				return down.length === 0 ? null : `${down.length} ends of sessions are not Established yet.`;
			},
		},
		{
			text: 'The router has its session with every node.',
			judge: look => {
				const without = look.nodes.filter(
					node => !look.sessions(node).some(({address, state}) => address === router && state === 'up'),
				);
				return without.length === 0 ? null : `${without.length} nodes have no session with the router.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'believed-the-routes',
			recognise: look => /bird/i.test(look.answer('program')),
			text: 'The routes are not BIRD’s. ip route show says who made each one: proto 80 on vxlan.calico is Felix, proto bird on the node’s own interface would be BIRD. A check that counts routes here would stay green with every BIRD of the cluster dead.',
			script: 'lab answer program BIRD',
		},
		{
			id: 'took-the-alarm-away',
			recognise: look => look.bgpPeer('tor') === undefined,
			text: 'You deleted the BGPPeer whose sessions were not up everywhere. The tables look tidy now, and the outside has lost the way to the pods of every node, where it had lost those of one. A session that is configured and down is an alarm, not the fault.',
			script: `calicoctl delete bgppeer tor
lab time +30`,
		},
	],
	hints: [
		'A route says which program made it. And a session is only what BIRD itself says of it.',
		'ip route show proto bird is empty on every node. sudo calicoctl node status fails on one of them: lab do restart NODE.',
		`lab answer program Felix
lab do restart ${dead}
lab time +60`,
	],
	explanation: [
		'With VXLAN, and from 3.33 on with IPIP too, Felix programs the routes between nodes, and BGP only tells others: routers outside, and whoever learns service addresses from it. Moving such a cluster to route reflectors costs no pod traffic, and for the same reason routes prove nothing about it: look at the sessions.',
		'Even where the routes are BIRD’s own, they may be older than it. Its kernel protocol is set to persist: a BIRD that is killed leaves its routes in the kernel of its own node, and its neighbours keep theirs for the restart time of 120 seconds.',
	],
};
