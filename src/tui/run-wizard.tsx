import {sanitizeLines} from '../cluster/sanitize.ts';
import type {WizardContext, WizardResult} from '../wizard/context.ts';
import {summaryText} from '../wizard/summary.ts';
import {App, type Ended} from './app.tsx';
import {showScreens} from './show-screens.tsx';

/**
 * Runs the wizard on the terminal's alternate screen and gives what is to be said on the normal one afterwards.
 * @param leave the way back to the normal screen, where the alternate one was entered already (opening.ts).
 */
export async function runWizard(context: WizardContext, leave?: () => void): Promise<WizardResult> {
	let end: Ended | undefined;
	const onEnd = (ended: Ended): void => {
		end = ended;
	};
	const {signal} = context;
	const isThere = await showScreens(<App context={context} onEnd={onEnd} />, {signal, ...(leave && {leave})});
	const result = resultOf(end);
	return isThere ? result : {...result, summary: ''};
}

function resultOf(end: Ended | undefined): WizardResult {
	if (!end) return {exitCode: 1, summary: ''};
	const {screen, looks} = end;
	return {exitCode: screen.exitCode, summary: sanitizeLines(summaryText(screen, looks))};
}
