import {migrate} from './apply.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import type {Io} from './io.ts';
import type {Options} from './table.ts';
import {wizardContext} from './wizard-context.ts';

/** No command: the wizard on a terminal; as prompts in plain mode; without a terminal the migration unattended. */
export const wizard: Command = async ({options}, io) => {
	return io.canAsk && !io.plain ? onScreens(options, io) : migrate(options, io, {changesUnasked: false});
};

async function onScreens(options: Options, io: Io): Promise<number> {
	// Ink is large: it loads while the cluster is being set up.
	const [{runWizard}, connection] = await Promise.all([import('../tui/run-wizard.tsx'), connect(options, io)]);
	const {exitCode, summary} = await runWizard(wizardContext(options, connection, io));
	if (summary !== '') io.print(summary);
	return exitCode;
}
