import type {ApplyEvent} from '../../src/apply/events.ts';

/** Fields of events that hold a time or are named by one: what no two runs have in common. */
const times = new Set(['at', 'elapsed', 'sinceProgress', 'since', 'journal']);

/** Events as plain data without their times. */
export function maskedEvents(events: readonly ApplyEvent[]): readonly unknown[] {
	return JSON.parse(JSON.stringify(events, (key, value) => (times.has(key) ? `(${key})` : value)));
}
