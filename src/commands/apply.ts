import type {Prompts} from '../plain/questions.ts';
import {runPlain} from '../plain/run-plain.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import type {Io} from './io.ts';
import {outputOf} from './output.ts';
import type {Options} from './table.ts';
import {wizardContext} from './wizard-context.ts';

/** `apply`: the migration without screens, asked for by flags as far as they go. */
export const apply: Command = async ({options}, io) => migrate(options, io, {changesUnasked: true});

/**
 * Migrates without screens. On a terminal it asks what is missing; without one everything must be said, except that
 * on the practice cluster the reflectors are proposed and nobody needs to say yes.
 */
export async function migrate(
	options: Options,
	io: Io,
	{changesUnasked}: {readonly changesUnasked: boolean},
): Promise<number> {
	const connection = await connect(options, io, {changesUnasked});
	const {practice} = connection.cluster.identity;
	const context = wizardContext(options, connection, io);
	const {exitCode, summary} = await runPlain({
		context,
		output: outputOf(options, io),
		onSignal: io.interrupts.onSignal,
		prompts: await promptsFor(options, io),
		yes: options.yes === true || (practice && !io.canAsk),
		propose: practice && (!io.canAsk || options.yes === true),
	});
	if (summary !== '') io.progress(summary);
	return exitCode;
}

/** Where nobody can be asked, nothing is loaded for it. Events on a terminal leave no room for questions. */
async function promptsFor({json, yes, reflectors}: Options, io: Io): Promise<Prompts | null> {
	if (!io.canAsk || json || (yes && reflectors)) return null;
	const {createPrompts} = await import('../plain/prompts.ts');
	return createPrompts(io.interrupts.signal);
}
