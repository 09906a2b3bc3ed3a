import {createRandom, hashText} from '../random.ts';
import type {Protocol} from './protocol.ts';

/** A BIRD that has just started dials two seconds later (connect delay time), and sessions come up at once. */
export function sessionsUpAt(startedAt: number): number {
	return startedAt + 2000;
}

/**
 * Milliseconds from a write to the datastore to a node's BIRD being reconfigured by confd: nodes follow each other
 * within some 50 ms (measured on Calico 3.32.1).
 */
export function confdDelay(seed: number, order: number, node: string): number {
	return 70 + createRandom(hashText(`${seed}/confd/${order}/${node}`)).next() * 50;
}

/**
 * Where the whole seconds of BIRD's clock begin after a write. A delay of two seconds counted in whole seconds lasts
 * between one and two; in most of the measured runs the writes fell at the beginning of a second.
 */
export function gridOf(seed: number, order: number, at: number): number {
	const random = createRandom(hashText(`${seed}/seconds/${order}`));
	const aligned = random.next() < 0.85;
	return at + (aligned ? random.next() * 60 : -random.next() * 800);
}

/** Keepalives come every 60 to 80 s, and each sets the hold timer to 180 to 240 s (bgp_start_timer takes up to a quarter off). */
const keepalivePeriod = 70_000;

/** When the hold timer of an Established session runs out if nothing arrives after that moment. */
export function holdDeadline(seed: number, protocol: Protocol, at: number): number {
	const since = protocol.since;
	const keepalives = Math.max(0, Math.floor((at - since) / keepalivePeriod));
	const random = createRandom(hashText(`${seed}/hold/${protocol.config.peer.protocol}/${since}/${keepalives}`));
	return since + keepalives * keepalivePeriod + 180_000 + Math.floor(random.next() * 61) * 1000;
}

/** When a BIRD sends its next KEEPALIVE on an Established session. */
export function nextKeepalive(protocol: Protocol, at: number): number {
	return protocol.since + (Math.max(0, Math.floor((at - protocol.since) / keepalivePeriod)) + 1) * keepalivePeriod;
}
