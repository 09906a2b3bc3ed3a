import type {Film} from '../../wizard/replay/film.ts';
import {showScreens} from '../show-screens.tsx';
import {ReplayApp} from './app.tsx';

type Setting = {
	readonly speed: number | 'jump';
	/** Aborted by signals, with the exit code as its reason. */
	readonly signal: AbortSignal;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly leave: () => void;
};

/** Shows a recording on the terminal's alternate screen and gives the exit code. */
export async function runReplay(film: Film, {speed, signal, env, leave}: Setting): Promise<number> {
	let exitCode = 0;
	const onEnd = (code: number): void => {
		exitCode = code;
	};
	await showScreens(<ReplayApp film={film} speed={speed} signal={signal} env={env} onEnd={onEnd} />, {signal, leave});
	return exitCode;
}
