import {everyPairReaches} from '../tutorial.ts';
import type {Lab, LabLook} from '../types.ts';

const chosen = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'];

/** A migration without a hold costs a pair of nodes seconds; below one the meter's own steps of 0.1 s may have their part. */
const nothing = 1;
/** The safe order lost 64 to 77 pair-seconds on real Calico, the tutorial's 277 (measurements.md). */
const lostAny = ({lost}: LabLook): boolean => lost.worstPairSeconds >= nothing;

/**
 * The same migration as by hand, and what a program can do that a guide cannot: hold the routes while sessions move, wait
 * for the sessions of each step, and stop where they do not come.
 */
export const lab: Lab = {
	name: 'with-the-wizard',
	order: 4,
	title: 'The same with the wizard, and nothing lost',
	goal: 'Let calico-rr-wizard make the migration, understand its plan beforehand, and lose no pod traffic.',
	minutes: 6,
	text: [
		`The same five nodes in a full mesh, and this time they earn money: no pair of nodes may lose its routes. Make ${chosen.join(', ')} route reflectors with calico-rr-wizard.`,
		'First let it show what it would write, and what that costs: calico-rr-wizard plan --reflectors A,B,C. Then run it: calico-rr-wizard apply, or calico-rr-wizard alone with its screens. Afterwards look at what came of it: sudo calicoctl node status, ip route show, and calico-rr-wizard status for all nodes at once.',
		'A meter runs in this lab: it looks at every node’s kernel ten times a second and counts how long pairs of nodes are without a route.',
	],
	predict: {
		question:
			'Each session of a node that becomes a reflector ends and comes again some seconds later. What can keep its pods’ traffic going meanwhile?',
		options: [
			'Graceful restart: the peers keep the routes for 120 seconds.',
			'A copy of each route in the kernel, beside BIRD’s, that takes over when BIRD takes its own away.',
			'Nothing: some seconds must be lost, as the documentation says.',
			'The order: if the BGPPeers come first, no session ever ends.',
		],
		right: 1,
		// measurements.md, "The route hold": proto kernel, metric 4096, which BIRD's kernel protocol skips.
		why: 'BIRD owns only the routes it has made itself (proto bird) and deletes those with the session. A copy with a worse metric stays, leads the same way, and takes over in that moment; proto kernel keeps BIRD from learning it and telling others. The wizard calls that a route hold, and removes each copy only when BIRD’s own route is back.',
	},
	checks: [
		{
			text: 'The three nodes are reflectors.',
			judge: look => {
				const without = chosen.filter(name => !look.reflectors.includes(name));
				return without.length === 0 ? null : `No reflectors: ${without.join(', ')}.`;
			},
		},
		{
			text: 'The mesh is off, and every session is Established.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				const down = look.nodes.filter(name => look.sessions(name).some(({state}) => state !== 'up'));
				return down.length === 0 ? null : `Not all sessions are up on ${down.join(', ')}.`;
			},
		},
		everyPairReaches,
		{
			text: 'On the way no pair of nodes lost its routes.',
			judge: look => {
				if (!lostAny(look)) return null;
				const {pairsHit, pairs, worstPairSeconds, pairSeconds} = look.lost;
				return `${pairsHit} of ${pairs} ordered pairs lost ${Math.round(pairSeconds)} seconds in all, one of them ${Math.round(worstPairSeconds)}. lab reset lets you try again.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'without-hold',
			recognise: look => lostAny(look) && chosen.every(name => look.reflectors.includes(name)),
			text: 'It worked, and it cost routes: the kernel forgot them while sessions moved, because nothing held them (--no-hold), or because it was done by hand. The order alone makes the loss smaller and not nothing: on real Calico five nodes lost 64 to 77 seconds over all pairs in the safe order, and 277 in the tutorial’s.',
			script: `calico-rr-wizard apply --reflectors ${chosen.join(',')} --no-hold --yes`,
		},
		{
			id: 'one-reflector',
			recognise: look => look.reflectors.length === 1 && !look.meshIsOn,
			text: 'One reflector carries the whole cluster. Every route between two other nodes goes through its BIRD, so that a restart of this one node, or an upgrade of it, takes the pod routes of all. Two are the least, three let you repair one while another fails.',
			script: `calico-rr-wizard apply --reflectors ${chosen[0]} --yes`,
		},
	],
	hints: [
		'What does the plan say of pod traffic? Compare it with and without --no-hold.',
		'calico-rr-wizard apply takes the reflectors as one list with commas, and asks before it writes; --yes answers beforehand.',
		`calico-rr-wizard apply --reflectors ${chosen.join(',')} --yes`,
	],
	explanation: [
		'Six writes, as by hand: two BGPPeers, three nodes, the BGPConfiguration. What is different is between them. After each write the wizard knows which sessions must be there, looks until they are, and goes back by itself where they do not come.',
		'It patches what exists and creates only what is missing; it remembers what was there before, so that calico-rr-wizard rollback brings back exactly that, also days later.',
		'The hold needs a command on every node: ssh here, kubectl exec on a cluster with Kubernetes. Where that is impossible the wizard says what the migration will cost before it writes anything.',
	],
};
