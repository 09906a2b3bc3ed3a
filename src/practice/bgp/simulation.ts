import type {Random} from '../random.ts';
import type {Protocol} from './protocol.ts';
import type {Tcp} from './tcp.ts';

/** Which of the two BIRDs of a pair. */
export type Side = 0 | 1;

/** What a BIRD's poll() tells it about a connection. */
export type Readiness = 'accept' | 'connected' | 'refused' | 'unreachable' | 'read';

/** One node's BIRD, as far as its sessions with one other node go. */
export type Speaker = {
	readonly side: Side;
	/** Compared as a number when two connections collide (RFC 4271, 6.8). */
	readonly routerId: number;
	/** False while the process is dead. */
	running: boolean;
	listenPort: number;
	protocols: Protocol[];
	readonly ready: Map<Tcp, Readiness>;
	/** When the next round of its main loop is due. */
	wakeAt: number | undefined;
	busyUntil: number;
	/** What the present round does when it ends: sending, closing. */
	outbox: (() => void)[];
	/** Protocols whose next move `bgp_decision` has to find. */
	readonly undecided: Set<Protocol>;
	/** One round of the main loop (event-loop.ts). */
	round: () => void;
};

/** How packets fare between the two nodes: `dropped` is a firewall that is silent, `unreachable` a link that is cut. */
export type Way = 'open' | 'dropped' | 'unreachable';

/** A small discrete-event simulation of the sessions between two nodes. */
export type Simulation = {
	now: number;
	/** Where BIRD's whole seconds begin, in milliseconds: its timers count seconds of the monotonic clock (sysdep/unix/io.c). */
	grid: number;
	way: Way;
	/** Segments that wait for the way to open again: TCP repeats them. */
	held: (() => void)[];
	readonly random: Random;
	readonly speakers: readonly [Speaker, Speaker];
	readonly queue: {readonly at: number; readonly run: () => void}[];
};

/** The other BIRD of the pair. */
export function otherOf(simulation: Simulation, speaker: Speaker): Speaker {
	return simulation.speakers[speaker.side === 0 ? 1 : 0];
}

/** Lets something happen at a moment; what is due at the same moment keeps its order. */
export function schedule(simulation: Simulation, at: number, run: () => void): void {
	const {queue} = simulation;
	let index = queue.length;
	while (index > 0 && (queue[index - 1]?.at ?? 0) > at) index -= 1;
	queue.splice(index, 0, {at: Math.max(at, simulation.now), run});
}

/** Runs everything that is due up to and including a moment. Moments only grow. */
export function runUntil(simulation: Simulation, until: number): void {
	for (let next = simulation.queue[0]; next && next.at <= until; next = simulation.queue[0]) {
		simulation.queue.shift();
		simulation.now = Math.max(simulation.now, next.at);
		next.run();
	}
	simulation.now = Math.max(simulation.now, until);
}

/** Wakes a BIRD from its poll(), or lets it go round once more when it is done with what it does. */
export function wake(simulation: Simulation, speaker: Speaker, at: number): void {
	const due = Math.max(at, speaker.busyUntil);
	if (!speaker.running || (speaker.wakeAt !== undefined && speaker.wakeAt <= due)) return;
	speaker.wakeAt = due;
	schedule(simulation, due, () => {
		if (speaker.wakeAt !== due) return;
		speaker.wakeAt = undefined;
		speaker.round();
	});
}

/** The moment at which a timer of so many seconds, set now, is due: on a whole second, so up to one second early. */
export function secondsFromNow(simulation: Simulation, seconds: number): number {
	const {now, grid} = simulation;
	return grid + (Math.floor((now - grid) / 1000) + seconds) * 1000;
}

/** BIRD's jitter: a timer lasts between three quarters of its value and the whole of it (bgp_start_timer). */
export function jittered(simulation: Simulation, seconds: number): number {
	const spread = Math.floor(seconds / 4);
	return seconds - simulation.random.integer(0, spread);
}

/** A waiting time with that mean, in milliseconds, memoryless. */
export function waiting(simulation: Simulation, mean: number): number {
	return -Math.log(1 - simulation.random.next()) * mean;
}

/** Milliseconds into the second at which a BIRD looks at its timers, on average. */
const timerLag = 3;

/** Sees to it that a BIRD looks at its timers when one is due: it wakes from poll() some time into that second. */
export function setTimer(simulation: Simulation, speaker: Speaker, due: number): void {
	schedule(simulation, due + waiting(simulation, timerLag), () => wake(simulation, speaker, simulation.now));
}
