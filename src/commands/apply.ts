import {chooseCluster} from '../plain/choose-cluster.ts';
import {Cancelled, type Prompts} from '../plain/questions.ts';
import {left, runPlain} from '../plain/run-plain.ts';
import type {Chosen} from './choose-tool.ts';
import type {Command} from './command.ts';
import {choose, connectChosen} from './connect.ts';
import type {Io} from './io.ts';
import {offered, withCluster} from './offered.ts';
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
	given: Options,
	io: Io,
	{changesUnasked}: {readonly changesUnasked: boolean},
): Promise<number> {
	const prompts = await promptsFor(given, io);
	const named = await nameCluster(given, io, prompts);
	if (named === null) {
		io.progress(left.summary);
		return left.exitCode;
	}
	const {options, chosen} = named;
	const connection = await connectChosen(chosen, options, io, {changesUnasked});
	const {practice} = connection.cluster.identity;
	const context = wizardContext(options, connection, io);
	const {exitCode, summary} = await runPlain({
		context,
		output: outputOf(options, io),
		onSignal: io.interrupts.onSignal,
		prompts,
		yes: options.yes === true || (practice && !io.canAsk),
		propose: practice && (!io.canAsk || options.yes === true),
	});
	if (summary !== '') io.progress(summary);
	return exitCode;
}

type Named = {readonly options: Options; readonly chosen: Chosen | 'practice'};

/** Asks for the cluster where none is named and somebody can be asked; null where they leave. */
async function nameCluster(options: Options, io: Io, prompts: Prompts | null): Promise<Named | null> {
	const chosen = await choose(options, io);
	const offers = offered(chosen);
	if (!prompts || offers.length === 0) return {options, chosen};
	try {
		const complete = withCluster(options, await chooseCluster(prompts, offers));
		return {options: complete, chosen: await choose(complete, io)};
	} catch (error) {
		if (error instanceof Cancelled) return null;
		throw error;
	}
}

/** Where nobody can be asked, nothing is loaded for it. Events on a terminal leave no room for questions. */
async function promptsFor({json, yes, reflectors}: Options, io: Io): Promise<Prompts | null> {
	if (!io.canAsk || json || (yes && reflectors)) return null;
	const {createPrompts} = await import('../plain/prompts.ts');
	return createPrompts(io.interrupts.signal);
}
