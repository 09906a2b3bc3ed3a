import {render} from 'ink';
import {sanitizeLines} from '../cluster/sanitize.ts';
import type {WizardContext, WizardResult} from '../wizard/context.ts';
import {summaryText} from '../wizard/summary.ts';
import {enterAlternateScreen, guardedStream} from './alternate-screen.ts';
import {App, type Ended} from './app.tsx';
import {dieOfHangup, isHungUp} from './hangup.ts';

/** Frames a second: plenty for numbers that change, and half of what Ink would send over a slow line. */
const maxFps = 15;

const ignore = (): void => undefined;

/**
 * Runs the wizard on the terminal's alternate screen and gives what is to be said on the normal one afterwards.
 * Standard input and output must be terminals; NO_COLOR and CI must have been dealt with before Ink is loaded.
 * @param leave the way back to the normal screen, where the alternate one was entered already (opening.ts).
 */
export async function runWizard(
	context: WizardContext,
	leave: () => void = enterAlternateScreen(process.stdout),
): Promise<WizardResult> {
	const isGone = (): boolean => isHungUp(context.signal);
	// A terminal that is gone answers EIO to reading and to leaving raw mode; SIGHUP says the same in a way that helps.
	process.stdin.on('error', ignore);
	try {
		let end: Ended | undefined;
		const onEnd = (ended: Ended): void => {
			end = ended;
		};
		const app = render(<App context={context} onEnd={onEnd} />, {
			stdout: guardedStream(process.stdout, isGone),
			exitOnCtrlC: false,
			// Ink 6.8 corrupts the screen with it (56 of 150 random frames).
			incrementalRendering: false,
			maxFps,
		});
		await app.waitUntilExit();
		const result = resultOf(end);
		if (!isGone()) return result;
		dieOfHangup();
		return {...result, summary: ''};
	} finally {
		if (!isGone()) process.stdin.off('error', ignore);
		leave();
	}
}

function resultOf(end: Ended | undefined): WizardResult {
	if (!end) return {exitCode: 1, summary: ''};
	const {screen, looks} = end;
	return {exitCode: screen.exitCode, summary: sanitizeLines(summaryText(screen, looks))};
}
