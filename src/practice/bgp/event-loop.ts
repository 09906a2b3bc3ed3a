import {decide, handleReady, handleTimers} from './session-machine.ts';
import {type Simulation, type Speaker, schedule, waiting, wake} from './simulation.ts';

/** Milliseconds that one round of BIRD's main loop takes, on average. */
const roundTime = 0.2;
/**
 * BIRD takes one connection from its listening socket at a time, and serves four sockets a round: with several neighbours
 * dialling in the same second, a connection waits for its turn while others are already Established.
 */
const acceptChance = 0.1;

/**
 * One round of BIRD's main loop (io_loop in sysdep/unix/io.c): what poll() found ready, then timers, then sending.
 * BIRD serves its sockets in turn, from a place that moves on with each round: to one pair of nodes that is chance.
 */
export function runRound(simulation: Simulation, speaker: Speaker): void {
	work(simulation, speaker, () => {
		const ready = shuffled(simulation, [...speaker.ready]);
		speaker.ready.clear();
		for (const [tcp, readiness] of ready) {
			if (readiness === 'accept' && simulation.random.next() >= acceptChance) speaker.ready.set(tcp, readiness);
			else handleReady(simulation, speaker, tcp, readiness);
		}
		for (const protocol of [...speaker.protocols]) handleTimers(simulation, speaker, protocol);
	});
}

/** Lets a BIRD do something; what it sends, closes and decides comes when the round ends. */
export function work(simulation: Simulation, speaker: Speaker, action: () => void): void {
	action();
	const end = simulation.now + waiting(simulation, roundTime);
	speaker.busyUntil = end;
	schedule(simulation, end, () => finishRound(simulation, speaker));
}

function finishRound(simulation: Simulation, speaker: Speaker): void {
	if (!speaker.running) return;
	// What is sent may fail and ask for more to be sent.
	for (let action = speaker.outbox.shift(); action; action = speaker.outbox.shift()) action();
	const undecided = [...speaker.undecided];
	speaker.undecided.clear();
	for (const protocol of undecided) decide(simulation, speaker, protocol);
	if (speaker.ready.size > 0) wake(simulation, speaker, simulation.now);
}

function shuffled<T>(simulation: Simulation, items: T[]): T[] {
	for (let index = items.length - 1; index > 0; index--) {
		const other = simulation.random.integer(0, index);
		const [left, right] = [items[index], items[other]];
		if (left === undefined || right === undefined) continue;
		items[index] = right;
		items[other] = left;
	}
	return items;
}
