import {answered, wordsIn} from '../answers.ts';
import {create, reflectorLabel} from '../prepare.ts';
import {sharedClusterId, tutorialPeers} from '../tutorial.ts';
import type {Lab} from '../types.ts';

const here = 'ip-172-31-45-29';
const reflector = 'ip-172-31-40-30';
const killed = {node: 'ip-172-31-40-217', address: '172.31.40.217'};
const walledOff = {node: 'ip-172-31-42-47', address: '172.31.42.47'};

const isAddress = (address: string, node: string) => (answer: string) => [address, node].includes(wordsIn(answer));

/**
 * BIRD keeps times in whole seconds of its own clock, and works out the time of day anew each time it prints them: the same
 * moment may read a second earlier or later (sysdep/unix/io.c, tm_format_datetime; seen with real BIRD).
 */
function isSameTime(answer: string, since: string): boolean {
	const [one, other] = [secondsOf(answer), secondsOf(since)];
	return one === undefined || other === undefined ? answer === since : Math.abs(one - other) <= 1;
}

function secondsOf(time: string): number | undefined {
	const [, hours, minutes, seconds] = /^(\d\d):(\d\d):(\d\d)$/.exec(time) ?? [];
	return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/**
 * The table of `calicoctl node status` is where everybody looks first, and few can say what its columns mean. Two sessions
 * that are down for different reasons show that INFO is the column to read.
 */
export const lab: Lab = {
	name: 'read-a-peer-table',
	order: 1,
	title: 'Read a peer table',
	goal: 'Say which session is down, why, and since when, from the table of one node.',
	minutes: 5,
	start: async control => {
		for (const {name, ...spec} of tutorialPeers) await create(control, 'BGPPeer', {name}, spec);
		const marks = {
			metadata: {labels: {[reflectorLabel]: ''}},
			spec: {bgp: {routeReflectorClusterID: sharedClusterId}},
		};
		await control.calicoctl(['patch', 'node', reflector, '-p', JSON.stringify(marks)]);
		await control.wait(60);
		await control.killBird(killed.node);
		await control.blockBgp(here, walledOff.node);
		// Longer than the hold time of 240 s: what is silent must have been given up.
		await control.wait(300);
	},
	text: [
		`You are on ${here}, one node of five. Somebody has begun to build route reflectors, and now two sessions of this node are down, each for a reason of its own.`,
		'Look at the table: sudo calicoctl node status. BIRD itself says more: birdcl show protocols, and birdcl show protocols all NAME for one session. Change nothing, only read; then answer the questions.',
	],
	predict: {
		question: 'One column of the table tells why a session is down. Which one?',
		options: [
			'STATE: start means that the other side is starting.',
			'SINCE: it shows when the other side failed.',
			'INFO: it has BGP’s own state and the last error.',
			'PEER TYPE: only the node-to-node mesh can fail.',
		],
		right: 2,
		// calico.md §6: calicoctl prints birdcl's columns; bgp_get_status in BIRD 1.6 fills INFO.
		why: 'STATE is the state of BIRD’s protocol and has few values: start is everything that tries and is not there yet. SINCE is when that state last changed, and a session that tries again and again may begin anew every few minutes. INFO has the state of RFC 4271 and the last error, and the error is what you act on.',
	},
	questions: [
		{id: 'refused', text: 'The address of the peer whose machine answers, and says that nobody listens on TCP 179.'},
		{id: 'silent', text: 'The address of the peer from which nothing comes back at all.'},
		{id: 'since', text: 'Since when is the session with 172.31.40.30 up? As the table prints it.'},
		{id: 'type', text: 'That session has another PEER TYPE than the rest. Which one?'},
	],
	checks: [
		answered(
			'refused',
			'You know which peer refuses.',
			isAddress(killed.address, killed.node),
			'A refusal is an answer of the other machine, and INFO quotes it.',
		),
		answered(
			'silent',
			'You know which peer is silent.',
			isAddress(walledOff.address, walledOff.node),
			'Where nothing comes back, INFO has no word from the other side.',
		),
		answered(
			'since',
			'You know since when the session with 172.31.40.30 is up.',
			(answer, look) => isSameTime(wordsIn(answer), look.session(here, reflector)?.since ?? ''),
			'SINCE stands in the row of that address.',
		),
		answered(
			'type',
			'You know what made that session.',
			answer => /^(?:it is )?node[ -]specific/.test(wordsIn(answer)),
			'PEER TYPE stands in the row of 172.31.40.30.',
		),
	],
	wrongWays: [
		{
			id: 'swapped',
			recognise: look =>
				isAddress(walledOff.address, walledOff.node)(look.answer('refused')) ||
				isAddress(killed.address, killed.node)(look.answer('silent')),
			text: 'You have the two peers the wrong way round. Refused is good news about the network: packets go there and back, and the process is missing. Silence is a firewall, a cable or a dead machine. Who mixes them up restarts BIRD on a node where it runs well, and ends that node’s other sessions with it.',
			script: `lab answer refused ${walledOff.address}
lab answer silent ${killed.address}`,
		},
		{
			id: 'changed-the-cluster',
			recognise: look => !look.meshIsOn || look.reflectors.length !== 1 || look.bgpPeer('peer-to-rrs') === undefined,
			text: 'You changed the cluster instead of reading. Neither a missing process nor a firewall is mended by other resources, and on a real cluster each such change moves sessions that were up.',
			script: `calicoctl patch node ${reflector} -p '{"spec":{"bgp":{"routeReflectorClusterID":null}}}'
lab time +30`,
		},
	],
	hints: [
		'Two rows have the state start. Compare their INFO, then ask BIRD about each of them by name.',
		'birdcl show protocols lists the names; birdcl show protocols all Mesh_172_31_40_217 has the line Last error. lab answer since takes what stands in the column SINCE.',
		`lab answer refused ${killed.address}
lab answer silent ${walledOff.address}
lab answer since "$(sudo calicoctl node status | awk '$2 == "172.31.40.30" {print $(NF - 3)}')"
lab answer type node specific`,
	],
	explanation: [
		// Names: calico.md §4.3 (buildPeerFromData).
		'A session has its type from what made it: the mesh (BIRD calls it Mesh_…), a BGPPeer that selects this node (Node_…), or a BGPPeer for all nodes (Global_…). A node with a cluster ID is in no mesh, so 172.31.40.30 has a node specific session with everybody.',
		// RFC 4271, 8.2.2; hold time: measurements.md, "Seen on the way".
		'A process that dies is noticed at once, because its kernel closes the connection. Silence is noticed only when the hold timer has run out: 240 seconds in Calico’s BIRD. Until then the table says Established, and no packet gets through. Established is what BIRD last heard, and no proof of traffic.',
		'SINCE of a session that is down is when its last attempt changed its state, and not when the trouble began.',
	],
};
