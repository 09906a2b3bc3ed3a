import type {Peering} from '../../core/peering/prepare.ts';
import type {Family} from '../../core/session.ts';

/** What happens to a cluster's BGP, in the order in which it happens. */
export type NetworkEvent =
	| {readonly kind: 'configuration'; readonly at: number; readonly order: number; readonly peering: Peering}
	/** The node's packets are lost, or arrive again. */
	| {readonly kind: 'link'; readonly at: number; readonly node: string; readonly cut: boolean}
	/** A firewall drops BGP's segments between two nodes, or lets them through again. */
	| {
			readonly kind: 'firewall';
			readonly at: number;
			readonly nodes: readonly [string, string];
			readonly blocked: boolean;
	  }
	/** A node's BIRD, of both families, is killed, or started. */
	| {readonly kind: 'bird'; readonly at: number; readonly node: string; readonly running: boolean}
	/** Protocols of a node's BIRD are disabled or enabled over its control socket. */
	| {
			readonly kind: 'switch';
			readonly at: number;
			readonly node: string;
			readonly family: Family;
			readonly protocols: readonly string[];
			readonly enabled: boolean;
	  };

/** The events of a network. `first` is the number of the oldest that is kept. */
export type History = {
	startedAt: number;
	readonly seed: number;
	first: number;
	readonly events: NetworkEvent[];
};

/** So many events are kept; a pair of nodes that nobody looked at for longer is taken as settled since the oldest. */
const keptEvents = 200;

/** Adds an event; time never goes back. */
export function addEvent(history: History, event: NetworkEvent): void {
	history.events.push(event);
	while (history.events.length > keptEvents) {
		history.events.shift();
		history.first += 1;
	}
}

/** The number of events there have been. */
export function countEvents(history: History): number {
	return history.first + history.events.length;
}

/** The event of that number, or undefined when it is forgotten or has not come yet. */
export function eventAt(history: History, number: number): NetworkEvent | undefined {
	return history.events[number - history.first];
}

/** The configurations that a look at that moment may still see: the newest, and those it replaced a short while ago. */
export function recentPeerings(history: History, at: number): readonly Peering[] {
	const peerings: Peering[] = [];
	for (let index = history.events.length - 1; index >= 0; index--) {
		const event = history.events[index];
		if (event?.kind !== 'configuration' || event.at > at) continue;
		peerings.push(event.peering);
		// What was replaced longer ago than this is gone from every BIRD (reconfiguration takes some tenths of a second).
		if (event.at < at - 5000) break;
	}
	return peerings;
}

/** The configuration that the one of that number replaced; undefined where there was none, or it is forgotten. */
export function replacedPeering(history: History, number: number): Peering | undefined {
	for (let index = number - 1 - history.first; index >= 0; index--) {
		const event = history.events[index];
		if (event?.kind === 'configuration') return event.peering;
	}
	return undefined;
}

/** The number of the newest configuration before an event. */
export function newestOrder(history: History, number: number): number {
	for (let index = number - history.first; index >= 0; index--) {
		const event = history.events[index];
		if (event?.kind === 'configuration') return event.order;
	}
	return 0;
}
