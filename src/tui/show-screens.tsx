import type {ReadStream} from 'node:tty';
import {render} from 'ink';
import type {ReactNode} from 'react';
import {enterAlternateScreen, guardedStream} from './alternate-screen.ts';
import {dieOfHangup, isHungUp} from './hangup.ts';

/** Frames a second: plenty for numbers that change, and half of what Ink would send over a slow line. */
const maxFps = 15;

const ignore = (): void => undefined;

type Showing = {
	/** Aborted by signals, with the exit code as its reason. */
	readonly signal: AbortSignal;
	/** Where keys come from, unless it is standard input. */
	readonly keyboard?: ReadStream;
	/** The way back to the normal screen, where the alternate one was entered already (opening.ts). */
	readonly leave?: () => void;
};

/**
 * Shows something on the terminal's alternate screen until it leaves by itself; false where the terminal is gone by then.
 * Standard input and output must be terminals; NO_COLOR and CI must have been dealt with before Ink is loaded.
 */
export async function showScreens(
	screens: ReactNode,
	{signal, keyboard, leave = enterAlternateScreen(process.stdout)}: Showing,
): Promise<boolean> {
	const isGone = (): boolean => isHungUp(signal);
	// A terminal that is gone answers EIO to reading and to leaving raw mode; SIGHUP says the same in a way that helps.
	process.stdin.on('error', ignore);
	try {
		const app = render(screens, {
			stdout: guardedStream(process.stdout, isGone),
			...(keyboard && {stdin: keyboard}),
			exitOnCtrlC: false,
			// Ink 6.8 corrupts the screen with it (56 of 150 random frames).
			incrementalRendering: false,
			maxFps,
		});
		await app.waitUntilExit();
		if (isGone()) dieOfHangup();
		return !isGone();
	} finally {
		if (!isGone()) process.stdin.off('error', ignore);
		leave();
	}
}
