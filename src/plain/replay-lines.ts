import type {RecordedCall} from '../cluster/recorder.ts';
import {sanitizeLines} from '../cluster/sanitize.ts';
import type {Clock} from '../core/clock.ts';
import type {Film} from '../wizard/replay/film.ts';
import {commandLine} from './command-line.ts';
import {createRunLines} from './run-lines.ts';

type Telling = {
	/** Real time. */
	readonly clock: Clock;
	readonly speed: number | 'jump';
	readonly signal: AbortSignal;
	/** Whether items are told as JSON, one a line, or in words. */
	readonly json: boolean;
	/** Whether nobody listens any more. */
	readonly closed: () => boolean;
	readonly print: (line: string) => void;
};

/** Tells a recording as lines, each at its time: the same words that the run itself had without screens. */
export async function tellFilm(film: Film, {clock, speed, signal, json, closed, print}: Telling): Promise<void> {
	const linesOf = linesFor(film, json);
	const began = clock.now();
	for (const [index, time] of film.times.entries()) {
		const wait = speed === 'jump' ? 0 : began + time / speed - clock.now();
		if (wait > 0) await clock.sleep(wait, signal).catch(() => undefined);
		if (signal.aborted || closed()) return;
		for (const line of linesOf(index)) print(line);
	}
}

function linesFor({kind, items}: Film, json: boolean): (index: number) => readonly string[] {
	if (json) {
		// The first line of every stream says in which version it is written; events say so themselves.
		const first = kind === 'calls' ? {type: 'call', schemaVersion: 1} : {};
		return index => [JSON.stringify({...(index === 0 ? first : kind === 'calls' && {type: 'call'}), ...items[index]})];
	}
	if (kind === 'calls') return index => callLines(items[index]);
	const present = createRunLines();
	return index => {
		const event = items[index];
		return event ? present(event) : [];
	};
}

function callLines(call: RecordedCall | undefined): readonly string[] {
	if (!call) return [];
	const {argv, stdin, stdout, stderr, exit, failure} = call;
	const [file = '', ...args] = argv;
	const said = [stdout, stderr].map(text => sanitizeLines(text).trimEnd()).filter(text => text !== '');
	return [
		`$ ${commandLine({file, args, ...(stdin !== undefined && {input: stdin})})}`,
		...said,
		...(exit === 0 ? [] : [exit === null ? `(no exit code: ${failure ?? 'unknown why'})` : `(exit code ${exit})`]),
	];
}
