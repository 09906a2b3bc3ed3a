import {readFileSync} from 'node:fs';
import {parseRecording} from '../apply/recording-read.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {UserError} from '../core/user-error.ts';
import {type Film, filmOf} from '../wizard/replay/film.ts';
import type {Command} from './command.ts';
import {done} from './exit-codes.ts';
import {codeSignal} from './wizard-context.ts';

/** Speed of a replay that nobody watches. */
const unwatchedSpeed = 10;

/** `replay FILE`: a recording on the wizard's screens, or told line by line where there are none. */
export const replay: Command = async ({positionals, options}, io) => {
	const [path, ...more] = positionals;
	if (path === undefined || more.length > 0) {
		throw new UserError('replay needs one file.', {next: ['Make one with: calico-rr-wizard record -- COMMAND']});
	}
	const film = readFilm(path);
	const {json = false} = options;
	if (io.canAsk && !io.plain && !json) {
		const {openScreen} = await import('../tui/opening.ts');
		const leave = openScreen('replay');
		const {runReplay} = await import('../tui/replay/run-replay.tsx');
		return runReplay(film, {speed: options.speed ?? 1, signal: codeSignal(io), env: io.env, leave});
	}
	const [{tellFilm}, {recordedText}, {createRealClock}] = await Promise.all([
		import('../plain/replay-lines.ts'),
		import('../wizard/replay/words.ts'),
		import('../cluster/real-clock.ts'),
	]);
	io.progress(sanitize(`Replay: ${recordedText(film)}.`));
	if (film.isTorn) io.progress('Its last line is cut off: the recording was stopped while it was written.');
	await tellFilm(film, {
		clock: createRealClock(),
		speed: options.speed ?? (json ? 'jump' : io.onTerminal ? 1 : unwatchedSpeed),
		signal: io.interrupts.signal,
		json,
		closed: io.closed,
		print: io.print,
	});
	return done;
};

function readFilm(path: string): Film {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		throw new UserError(`The recording cannot be read: ${error instanceof Error ? error.message : String(error)}.`, {
			next: ['Make one with: calico-rr-wizard record -- COMMAND'],
		});
	}
	return filmOf(parseRecording(text, path));
}
