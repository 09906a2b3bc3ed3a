import type {Output} from '../plain/follow-run.ts';
import type {Io} from './io.ts';
import type {Options} from './table.ts';

/** Results to standard output and progress to standard error; with `--json` only the events, one a line. */
export function outputOf({json}: Options, io: Io): Output {
	const {progress, print} = io;
	return json
		? {result: () => undefined, progress, event: event => print(JSON.stringify(event))}
		: {result: print, progress};
}
