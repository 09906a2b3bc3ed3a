import {type Readiness, type Side, type Simulation, type Speaker, schedule, waiting, wake} from './simulation.ts';

/** A BGP message, as far as it matters here. `code` and `subcode` are RFC 4271's (4.5) and RFC 4486's. */
export type Message =
	| {readonly kind: 'open'; readonly as: string; readonly routerId: number}
	| {readonly kind: 'keepalive'}
	| {readonly kind: 'update'}
	| {readonly kind: 'notification'; readonly code: number; readonly subcode: number};

/** One TCP connection between the two BIRDs, as Linux keeps it for both sides. */
export type Tcp = {
	readonly dialer: Side;
	readonly open: [boolean, boolean];
	/** Arrived and not yet read, by side. */
	readonly unread: [Message[], Message[]];
	/** What the next read() finds after the last message: errno's text, or `Connection closed` for a plain end. */
	readonly ended: [string | undefined, string | undefined];
};

/** Milliseconds on the way: one machine, or one rack. */
const latency = 0.06;
/** Milliseconds until the kernel lets a woken process run, on average. */
const wakeUp = 1.2;
/** Linux gives up asking for a neighbour's hardware address after three requests, a second apart. */
const unreachableAfter = 3000;

/** Dials the other BIRD: its kernel answers for it, whether or not the process has time. */
export function dial(simulation: Simulation, from: Speaker, to: Speaker, port: number | 'unanswered'): Tcp {
	const tcp: Tcp = {dialer: from.side, open: [true, true], unread: [[], []], ended: [undefined, undefined]};
	tcp.open[to.side] = false;
	if (simulation.way === 'dropped' || port === 'unanswered') return tcp;
	if (simulation.way === 'unreachable') {
		schedule(simulation, simulation.now + unreachableAfter, () => {
			if (simulation.way === 'unreachable') makeReady(simulation, from, tcp, 'unreachable');
		});
		return tcp;
	}
	schedule(simulation, simulation.now + latency, () => {
		if (!tcp.open[from.side]) return;
		if (!to.running || to.listenPort !== port) {
			makeReady(simulation, from, tcp, 'refused');
			return;
		}
		tcp.open[to.side] = true;
		makeReady(simulation, to, tcp, 'accept');
		schedule(simulation, simulation.now + latency, () => makeReady(simulation, from, tcp, 'connected'));
	});
	return tcp;
}

/** Sends a message; into a connection that the other side has closed, it brings back a reset. */
export function send(simulation: Simulation, tcp: Tcp, from: Speaker, to: Speaker, message: Message): void {
	if (!tcp.open[from.side]) return;
	carry(simulation, () => {
		if (tcp.open[to.side]) {
			tcp.unread[to.side].push(message);
			makeReady(simulation, to, tcp, 'read');
		} else {
			// In CLOSE_WAIT a reset reads as EPIPE (tcp_reset in net/ipv4/tcp_input.c).
			carry(simulation, () =>
				end(simulation, tcp, from, tcp.ended[from.side] ? 'Broken pipe' : 'Connection reset by peer'),
			);
		}
	});
}

/** Closes one side. Linux sends a reset instead of a plain end when something was left unread (tcp_close). */
export function close(simulation: Simulation, tcp: Tcp, from: Speaker, to: Speaker): void {
	if (!tcp.open[from.side]) return;
	tcp.open[from.side] = false;
	const text = tcp.unread[from.side].length > 0 ? 'Connection reset by peer' : 'Connection closed';
	tcp.unread[from.side].length = 0;
	from.ready.delete(tcp);
	if (tcp.open[to.side]) carry(simulation, () => end(simulation, tcp, to, text));
}

/** Lets everything that waited go on its way; TCP's next repetition comes with a delay that has doubled several times. */
export function reopen(simulation: Simulation): void {
	const held = simulation.held;
	simulation.held = [];
	const at = simulation.now + waiting(simulation, 2000);
	for (const arrive of held) schedule(simulation, at, () => carry(simulation, arrive));
}

function carry(simulation: Simulation, arrive: () => void): void {
	if (simulation.way === 'open') schedule(simulation, simulation.now + latency, arrive);
	else simulation.held.push(arrive);
}

function end(simulation: Simulation, tcp: Tcp, to: Speaker, text: string): void {
	if (!tcp.open[to.side]) return;
	tcp.ended[to.side] = text;
	makeReady(simulation, to, tcp, 'read');
}

function makeReady(simulation: Simulation, speaker: Speaker, tcp: Tcp, readiness: Readiness): void {
	if (!tcp.open[speaker.side]) return;
	// What is not yet accepted, or not yet known to be connected, stays so, and is read afterwards.
	const before = speaker.ready.get(tcp);
	if (before !== 'accept' && before !== 'connected') speaker.ready.set(tcp, readiness);
	wake(simulation, speaker, simulation.now + waiting(simulation, wakeUp));
}
