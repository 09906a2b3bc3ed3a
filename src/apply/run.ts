import type {ApplyEvent} from './events.ts';

/** A run under way: its one stream of events, and the way to interrupt it. */
export type Run = {
	/** Everything that happens, ending in `run-ended`. To be read once; the run goes on only while it is read. */
	readonly events: AsyncIterable<ApplyEvent>;
	/** Once: finish the write under way and go back. Twice: stop at once and say how to go on. */
	interrupt(): void;
};
