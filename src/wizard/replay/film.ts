import type {ApplyEvent} from '../../apply/events.ts';
import type {Recorded} from '../../apply/recording-read.ts';
import type {ClusterIdentity} from '../../cluster/port.ts';
import type {RecordedCall} from '../../cluster/recorder.ts';
import type {Plan} from '../../core/plan/types.ts';

/** When something happened, and what is spoken of as one step of it. */
type Timeline = {
	/** What was recorded, in words: the command and when. Null in a transcript that says neither. */
	readonly title: {readonly command: readonly string[]; readonly at: string} | null;
	readonly isTorn: boolean;
	/** Milliseconds from the first item to each item; they never go back. */
	readonly times: readonly number[];
	/** For each step how many items there are up to and with its first. */
	readonly marks: readonly number[];
};

/** A run: its events, a step each time one begins. */
export type RunFilm = Timeline & {
	readonly kind: 'run';
	readonly plan: Plan;
	readonly cluster: ClusterIdentity;
	readonly items: readonly ApplyEvent[];
};

/** Tool calls alone: a step each. */
export type CallFilm = Timeline & {
	readonly kind: 'calls';
	readonly cluster: ClusterIdentity | null;
	readonly items: readonly RecordedCall[];
};

/** A recording made ready to be shown again. */
export type Film = RunFilm | CallFilm;

const unknownCluster: ClusterIdentity = {via: 'calicoctl', practice: false, name: 'unknown cluster', guid: 'unknown'};

/** A run where there was one, else the calls. */
export function filmOf({header, cluster, plan, events, calls, isTorn}: Recorded): Film {
	const title = header && {command: header.command, at: header.at};
	if (plan && events.length > 0) {
		return {
			kind: 'run',
			title,
			isTorn,
			plan,
			cluster: cluster ?? unknownCluster,
			items: events,
			times: passed(events.map(event => event.at)),
			marks: events.flatMap((event, index) => (event.type === 'step-started' ? [index + 1] : [])),
		};
	}
	// They stand in the order in which they ended, and are followed in the order in which they began.
	const begun = calls.toSorted((left, right) => left.at - right.at);
	return {
		kind: 'calls',
		title,
		isTorn,
		cluster,
		items: begun,
		times: passed(begun.map(call => 1000 * call.at)),
		marks: begun.map((_, index) => index + 1),
	};
}

/** Milliseconds that the whole takes. */
export function lengthOf({times}: Film): number {
	return times.at(-1) ?? 0;
}

function passed(moments: readonly number[]): readonly number[] {
	const [first = 0] = moments;
	let latest = 0;
	return moments.map(moment => {
		latest = Math.max(latest, moment - first);
		return latest;
	});
}
