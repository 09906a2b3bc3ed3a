import {migrate, tutorialNodes} from '../prepare.ts';
import type {Lab} from '../types.ts';

const {n217, n30, n29, n123, n47} = tutorialNodes;
const reflectors = [n217, n30, n29];

/**
 * A firewall in front of TCP 179: with three reflectors two of them may be out of reach and no pod notices. What is
 * lost is the margin, and only the sessions tell.
 */
export const lab: Lab = {
	name: 'port-179-blocked',
	order: 11,
	title: 'TCP 179 is blocked, and no pod notices',
	goal: 'Find from the session tables between which nodes TCP 179 is blocked, and have no more opened than BGP needs.',
	minutes: 8,
	start: async control => {
		await migrate(control, {reflectors});
		for (const other of [n217, n30, n47]) await control.blockBgp(n123, other);
		// A hold timer runs for 180 to 240 s here (measurements.md).
		await control.wait(300);
	},
	text: [
		`Three route reflectors, ${n217}, ${n30} and ${n29}, and the mesh is off. A new firewall rule went live some minutes ago: it drops TCP 179 for ${n123}, but nobody wrote down towards whom. Every ping still works.`,
		'Ask the nodes (ssh NODE, sudo calicoctl node status, or birdcl show protocols all NAME) which sessions are down, and from both ends. A session needs an open way between its two nodes; where there is no session, none is needed.',
		'The firewall people open one pair of nodes at each request, and each one is reviewed: have every pair opened that BGP needs now, and not one more.',
	],
	predict: {
		question:
			'Suppose a client was cut off from two of its three reflectors five minutes ago. Whose pods can it not reach?',
		options: [
			'Those of the two reflectors; all others go by way of the third.',
			'Nobody is out of reach: the third reflector gives it every route.',
			'All of them: a client needs every reflector that it is configured with.',
		],
		right: 1,
		why: 'Each reflector sends the routes of all nodes, and keeps the next hop: packets go straight from node to node, also to the pods of a reflector whose session is down. A dropped port takes nothing from the data path as long as one reflector is left.',
	},
	actions: [
		{
			name: 'open',
			words: 'NODE NODE',
			text: 'the firewall lets TCP 179 through between these two nodes, both ways',
			run: async (control, [one, other, ...more], look) => {
				if (one === undefined || other === undefined || more.length > 0 || one === other) {
					throw new Error('lab do open takes the names of two nodes.');
				}
				const isBlocked = look.isBlocked(one, other);
				await control.allowBgp(one, other);
				return isBlocked
					? `TCP 179 is open between ${one} and ${other} from now on.`
					: `TCP 179 was open between ${one} and ${other} already.`;
			},
		},
	],
	checks: [
		{
			text: 'Every session that is configured is Established.',
			judge: look => {
				const down = look.nodes.flatMap(node => look.sessions(node).filter(({state}) => state !== 'up'));
				return down.length === 0 ? null : `${down.length} ends of sessions are not Established.`;
			},
		},
		{
			text: 'The firewall was opened for no pair that has no session.',
			judge: look =>
				look.isBlocked(n123, n47) ? null : 'One pair of nodes was opened that has no session with each other.',
		},
		{
			text: 'The cluster is as it was: three reflectors, no mesh, BGP on its own port.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				if (look.configuration?.listenPort !== undefined) return 'BIRD listens on another port now.';
				return reflectors.every(name => look.reflectors.includes(name)) && look.reflectors.length === 3
					? null
					: 'The reflectors are not the same three.';
			},
		},
	],
	wrongWays: [
		{
			id: 'opened-everything',
			recognise: look => !look.isBlocked(n123, n47),
			text: `You had the way between ${n123} and ${n47} opened too. Two clients have no session with each other: on a real cluster this is a hole that nobody needs, and the next review asks who wanted it. What is needed is between each client and each reflector, and between the reflectors. lab reset closes it again.`,
			script: [n217, n30, n47].map(other => `lab do open ${n123} ${other}`).join('\n'),
		},
		{
			id: 'mesh-on',
			recognise: look => look.meshIsOn,
			text: 'You turned the mesh on again, to have more ways. The mesh runs over the same TCP 179: between the two clients it is blocked as well, reflectors are not part of it, and now there is one session more that cannot come up.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
		},
		{
			id: 'another-port',
			recognise: look => look.configuration?.listenPort !== undefined,
			text: 'You moved BGP to another port, around the rule. That ends every session of the cluster at once, the two that were missing do not come back where the firewall allows only what is listed, and every router outside still dials 179.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"listenPort":1790}}'
lab time +60`,
		},
	],
	hints: [
		'A port that is closed answers, and INFO says Connection refused. A firewall that drops says nothing: BIRD waits in Connect, tries again, and keeps the last error it had.',
		`Look at ${n123}: which of its sessions are not up? Those pairs, and no others: lab do open NODE NODE`,
		`lab do open ${n123} ${n217}
lab do open ${n123} ${n30}
lab time +60`,
	],
	explanation: [
		'When a firewall begins to drop, nothing happens at first: both ends stay Established until their hold timers run out, 180 to 240 seconds later. Then the session goes to Connect and Active, and the last error is "Hold timer expired" on one end, perhaps "Received" on the other; a rule that rejects instead gives "Connection refused" at once.',
		`No pod noticed, because ${n29} was left, and that is the point: ${n123} had no reserve any more, and the next reboot of ${n29} would have cut it off. So watch sessions, and not pings. The mesh needs TCP 179 between every two nodes; with reflectors only the pairs with a reflector in them matter.`,
	],
};
