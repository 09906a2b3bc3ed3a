import {answered, numberIn} from '../answers.ts';
import type {Lab, LabLook} from '../types.ts';

/** Sessions of a full mesh: each of n nodes with each other one, a session having two ends. */
const mesh = (nodes: number): number => (nodes * (nodes - 1)) / 2;
/** Sessions of n nodes with three reflectors, every client with each of them, and the reflectors with each other. */
const reflected = (nodes: number): number => 3 * (nodes - 3) + 3;

type Count = {readonly id: string; readonly text: string; readonly number: number; readonly missing: string};

const counts: readonly Count[] = [
	...[12, 100, 1000].map(nodes => ({
		id: `mesh-${nodes}`,
		text: `Sessions of the full mesh of ${nodes.toLocaleString('en')} nodes${nodes === 12 ? ', this cluster' : ''}.`,
		number: mesh(nodes),
		missing: 'That is not the number of sessions of the full mesh.',
	})),
	...[5, 100, 1000].map(nodes => ({
		id: `reflectors-${nodes}`,
		text: `Sessions of ${nodes.toLocaleString('en')} nodes, three of them reflectors, without the mesh.`,
		number: reflected(nodes),
		missing: 'That is not the number of sessions with three reflectors.',
	})),
	{
		id: 'busiest',
		text: 'Of those 1,000 nodes with three reflectors: the most sessions that one node has.',
		number: 999,
		missing: 'Think of the node that has the most sessions.',
	},
];

const answers = (look: LabLook, prefix: string, wrong: (nodes: number) => number): boolean =>
	counts.some(({id}) => {
		const nodes = Number(/\d+$/.exec(id)?.[0]);
		return id.startsWith(prefix) && numberIn(look.answer(id)) === wrong(nodes);
	});

/**
 * Whether reflectors are worth it is a matter of numbers, and the usual mistakes with them (both ends counted, the
 * sessions between the reflectors forgotten) hide what reflectors do not save: a reflector still has n − 1 sessions.
 */
export const lab: Lab = {
	name: 'count-sessions',
	order: 2,
	title: 'Count sessions: mesh against reflectors',
	goal: 'Say how many BGP sessions a cluster has, with the mesh and with reflectors, and who carries them.',
	minutes: 6,
	cluster: {nodes: 12},
	text: [
		'This cluster has twelve nodes in a full mesh. Its owner means to grow, and asks what route reflectors would save: at 12 nodes, at 100, at 1,000.',
		'Begin with what is there: sudo calicoctl node status shows the sessions of one node, and ssh NODE brings you to another. With three reflectors every other node, a client, peers with all three, and the reflectors peer with each other. A session has two ends and counts once. IPv4 only.',
	],
	predict: {
		question: 'Five nodes, three of them reflectors: how many sessions fewer than in the mesh?',
		options: ['One.', 'Four.', 'Seven.', 'None: there are more.'],
		right: 0,
		// The tutorial says the same of its five nodes: only one session is not needed (peers.md §3).
		why: 'The mesh of five has 10 sessions. With reflectors the two clients have three each, and the three reflectors have three among themselves: 9. Only the one between the two clients is gone.',
	},
	questions: counts.map(({id, text}) => ({id, text})),
	checks: counts.map(({id, text, number, missing}) =>
		answered(id, `Counted: ${text}`, answer => numberIn(answer) === number, missing),
	),
	wrongWays: [
		{
			id: 'both-ends',
			recognise: look => answers(look, 'mesh-', nodes => 2 * mesh(nodes)),
			text: 'You counted ends. Twelve tables with eleven rows each have 132 rows, and each session stands in two of them. Who plans with that number expects twice the connections, and distrusts the right one when monitoring shows it.',
			script: 'lab answer mesh-12 132\nlab answer mesh-100 9900',
		},
		{
			id: 'reflectors-alone',
			recognise: look => answers(look, 'reflectors-', nodes => 3 * (nodes - 3)),
			text: 'You forgot the sessions between the reflectors. Clients do not pass on what they learned from one reflector to another, so without these three sessions the pods on the reflectors themselves do not reach each other: that is what the second BGPPeer, rrs-to-rrs, is for.',
			script: 'lab answer reflectors-100 291',
		},
		{
			id: 'three-each',
			recognise: look => numberIn(look.answer('busiest')) === 3,
			text: 'Three is what a client has. A reflector peers with all clients and with the other reflectors: with everybody, as every node did in the mesh. Reflectors take the load from the many and leave it with a few, so choose nodes that can bear it.',
			script: 'lab answer busiest 3',
		},
	],
	hints: [
		'Count for one node first, then for all, and then ask how often you have counted each session.',
		'Mesh: every node has n - 1 sessions, and each belongs to two nodes. Reflectors: three for each of the n - 3 clients, and what three nodes have among themselves.',
		counts.map(({id, number}) => `lab answer ${id} ${number}`).join('\n'),
	],
	explanation: [
		// calico.md §4.7, session math; peers.md §3.
		'Mesh: n(n - 1)/2. Three reflectors: 3(n - 3) + 3. At 5 nodes 10 against 9, at 100 nodes 4,950 against 294, at 1,000 nodes 499,500 against 2,994. One grows with the square of n, the other with n.',
		// docs: mesh fine for 100 nodes or less (calico.md §8.5); calico #1579: the mesh failed at some 700 nodes.
		'Calico’s documentation calls the mesh fine up to some 100 nodes, and one user’s stopped working at about 700. Below a hundred, reflectors save little and add nodes that matter more than others.',
		'With IPv6 all numbers double: BIRD runs once for each family and has its own sessions.',
	],
};
