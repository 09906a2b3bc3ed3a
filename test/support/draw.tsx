import {renderToString} from 'ink';
import {Frame} from '../../src/tui/frame.tsx';
import {bodyArea, bodyOf} from '../../src/tui/view.ts';
import type {WizardState} from '../../src/wizard/state.ts';

/** The screen of a state at an exact size, without colours, as lines. */
export function draw(
	state: WizardState,
	columns: number,
	rows: number,
	{now = 5000, ascii = false}: {readonly now?: number; readonly ascii?: boolean} = {},
): readonly string[] {
	const size = {columns, rows};
	const tools = {now, commandLine: () => `calicoctl patch node ip-172-31-37-123 -p '{"spec":{}}'`};
	const body = bodyOf(state, bodyArea(size), tools);
	const text = renderToString(<Frame state={state} body={body} size={size} now={now} ascii={ascii} />, {columns});
	// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out.
	return text.replaceAll(/\u001B\[[\d;]*m/g, '').split('\n');
}
