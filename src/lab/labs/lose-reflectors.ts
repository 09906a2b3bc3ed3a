import {answered, numberIn, wordsIn} from '../answers.ts';
import {migrate} from '../prepare.ts';
import {everyPairReaches} from '../tutorial.ts';
import type {Lab, LabAction, LabControl} from '../types.ts';

const reflectors = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'];
const clients = ['ip-172-31-37-123', 'ip-172-31-42-47'] as const;

/** An action on one or more nodes, done to each in turn. */
function toNodes(
	name: 'stop' | 'kill' | 'off' | 'on',
	text: string,
	what: string,
	run: (control: LabControl, node: string) => unknown,
): LabAction {
	return {
		name,
		words: 'NODE …',
		text,
		run: async (control, words, {nodes, alive}) => {
			if (words.length === 0) throw new Error(`lab do ${name} takes a node: ${nodes.join(', ')}`);
			const unknown = words.find(word => !nodes.includes(word));
			if (unknown !== undefined) throw new Error(`There is no node ${unknown}: ${nodes.join(', ')}`);
			const gone = words.find(word => name !== 'on' && !alive.includes(word));
			if (gone !== undefined) throw new Error(`${gone} is gone already; lab do on ${gone} brings it back.`);
			for (const node of words) await run(control, node);
			return `${words.join(', ')}: ${what}`;
		},
	};
}

const isAtOnce = (answer: string): boolean =>
	/^(?:at once|immediately|instantly|none|now)/.test(wordsIn(answer)) || (numberIn(answer) ?? 9) <= 2;

/**
 * Three reflectors are there so that some may fail. How many, and for how long nobody notices, depends on how they fail:
 * Calico #9259 is an outage because all of them were shut down in order.
 */
export const lab: Lab = {
	name: 'lose-reflectors',
	order: 9,
	title: 'Lose one, two, three reflectors',
	goal: 'Say how many reflectors may fail, and how much time each way of failing leaves you.',
	minutes: 9,
	start: async control => {
		await migrate(control, {reflectors});
		await control.wait(60);
	},
	text: [
		`The migration is done: ${reflectors.join(', ')} reflect, ${clients.join(' and ')} are clients, the mesh is off. Before it goes to production its owner wants to know what it bears. Take reflectors away, one after the other, in each of three ways, and watch the routes between the two clients.`,
		`Watch from a client: ssh ${clients[0]}, then ip route show proto bird, sudo calicoctl node status, and birdcl show protocols all NAME, which shows the hold timer and the restart timer. lab peers shows who still reaches whom, lab time +60 saves you waiting, and lab do on NODE … brings nodes back: give them a minute before the next way. In the end all reflectors must be back.`,
	],
	predict: {
		question:
			'The BIRDs of all three reflectors are killed in the same second. When do the clients lose the routes to each other?',
		options: [
			'At once: without a reflector there is no route.',
			'After 120 seconds: they keep the routes for a graceful restart.',
			'After 240 seconds: when the hold timer has run out.',
			'Never: what is in the kernel stays there.',
		],
		right: 1,
		// RFC 4724, 4.2; bird.cfg.template has graceful restart on, its time is 120 s by default (calico.md §4.4).
		why: 'A killed process cannot say goodbye. Its kernel closes the connection, and to BGP that is a restart: the client keeps the routes that it had from there for the graceful restart time (RFC 4724), 120 seconds in Calico’s BIRD unless maxRestartTime says otherwise. If nobody has come back by then, they go.',
	},
	questions: [
		{id: 'may-fail', text: 'How many of the three may be gone for good, and all other pods still reach each other?'},
		{
			id: 'stopped',
			text: 'The last reflector that is left is stopped in order. After how many seconds do the clients lose each other?',
		},
		{id: 'killed', text: 'The same where its BIRD is killed.'},
		{id: 'silent', text: 'The same where its power fails: the most that it can be.'},
	],
	actions: [
		// #9259: SIGTERM ends each session with Administrative shutdown (RFC 4486), and that is no graceful restart.
		toNodes(
			'stop',
			'shut its BIRD down in order, as a node’s shutdown does',
			'stopped in order',
			async (control, node) => {
				await control.onNode(node, ['birdcl', 'disable', '"Node_*"']);
				await control.wait(1);
				await control.killBird(node);
			},
		),
		toNodes('kill', 'kill its BIRD (SIGKILL); the node itself goes on', 'BIRD is killed', (control, node) =>
			control.killBird(node),
		),
		// The link first: a machine without power closes no connection.
		toNodes('off', 'its power fails: nothing comes from it any more', 'the power is off', async (control, node) => {
			await control.cutLink(node);
			await control.killBird(node);
		}),
		toNodes('on', 'bring it back, whatever happened to it', 'is back', async (control, node) => {
			await control.restoreLink(node);
			await control.startBird(node);
		}),
	],
	checks: [
		{
			text: 'You have gone further than the cluster bears: for a while the clients lost each other.',
			judge: ({lost}) =>
				lost.byPair.has(clients.join(' '))
					? null
					: 'The clients have never lost each other. Take more away, or wait longer.',
		},
		answered(
			'may-fail',
			'You know how many may fail.',
			answer => numberIn(answer) === 2 || /^two\b/.test(wordsIn(answer)),
			'Take one more away, and wait for longer than any timer.',
		),
		answered('stopped', 'You know what an orderly stop leaves.', isAtOnce, 'Stop all three, and look without waiting.'),
		answered(
			'killed',
			'You know what a killed BIRD leaves.',
			answer => numberIn(answer) === 120,
			'BIRD on a client counts it down: the restart timer in birdcl show protocols all NAME.',
		),
		answered(
			'silent',
			'You know what a power failure leaves.',
			answer => numberIn(answer) === 240,
			'BIRD on a client counts it down: the hold timer in birdcl show protocols all NAME, with its whole length.',
		),
		{
			text: 'All reflectors are back, and every session is Established.',
			judge: look => {
				const dead = look.nodes.filter(name => !look.alive.includes(name));
				if (dead.length > 0) return `Still gone: ${dead.join(', ')}.`;
				const down = look.nodes.filter(name => look.sessions(name).some(({state}) => state !== 'up'));
				return down.length === 0 ? null : `Not all sessions are up on ${down.join(', ')}.`;
			},
		},
		everyPairReaches,
		{
			text: 'The mesh is off, as it was.',
			judge: look => (look.meshIsOn ? 'The mesh is on.' : null),
		},
	],
	wrongWays: [
		{
			id: 'quorum',
			recognise: look => numberIn(look.answer('may-fail')) === 1 || /^one\b/.test(wordsIn(look.answer('may-fail'))),
			text: 'One of three would be a majority’s rule, as in etcd. Reflectors vote on nothing: each passes on all routes by itself, so the last one carries the cluster alone. Who plans with a quorum keeps reflectors that nobody needs, or switches the mesh on in an emergency that was none.',
			script: 'lab answer may-fail 1',
		},
		{
			id: 'timers-swapped',
			recognise: look => numberIn(look.answer('killed')) === 240 || numberIn(look.answer('silent')) === 120,
			text: 'You took one timer for the other. The hold timer (240 s) measures silence on a connection that still seems to be there. The restart time (120 s) begins when a connection is seen to end. After a crash you have two minutes, and not four.',
			script: 'lab answer killed 240\nlab answer silent 120',
		},
		{
			id: 'mesh-left-on',
			recognise: look => look.meshIsOn,
			text: 'You turned the mesh on when the reflectors were gone. As first aid that is right: it brings the clients together again, for reflectors are no part of it. But it is still on. Turn it off when the reflectors’ sessions are Established, or the cluster has both and nobody notices the next failure of a reflector.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30`,
		},
	],
	hints: [
		'lab do kill takes several nodes at once. Take all three away, and look at a client’s kernel every 30 seconds; bring them back, and then the next way.',
		`With a reflector killed, birdcl show protocols all Node_172_31_40_217 on a client shows Restart timer; with one that is only silent, Hold timer and its length. lab do on ${reflectors.join(' ')} brings all back; give them lab time +60.`,
		`lab do kill ${reflectors.join(' ')}
lab time +150
lab do on ${reflectors.join(' ')}
lab time +60
lab answer may-fail 2
lab answer stopped 0
lab answer killed 120
lab answer silent 240`,
	],
	explanation: [
		'One reflector is enough to carry all routes, so two of three may go. Only the last one counts, and what it leaves depends on how it goes.',
		// proto/bgp/bgp.c: bgp_shutdown sends Administrative shutdown; RFC 4724, 4 excludes a NOTIFICATION; #9259.
		'Stopped in order, it says so with a notification (Administrative shutdown), and a notification is no graceful restart: the clients drop its routes in the same second. That is the outage of Calico #9259, where all reflectors were powered off together: the polite way is the worst one.',
		// measurements.md, "Seen on the way"; bgp_start_timer takes up to a quarter off.
		'Killed, it leaves 120 seconds. Without power it leaves whatever was left of the hold timer, 180 to 240 seconds after the last keepalive, and all that time every table says Established. Afterwards BIRD on the clients withdraws the routes, and pods on different clients are cut off though both nodes are well.',
		// RFC 4724, 4.2: stale routes of a consecutive restart must go.
		'So: never two reflectors in one failure domain; never restart the same reflector twice within two minutes, as the second restart ends the grace of the first; roll nodes with reflectors one at a time, and wait for their sessions. If all are gone, turning the mesh on brings the clients together.',
	],
};
