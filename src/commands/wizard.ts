import type {Command} from './command.ts';
import {type Connection, choose, connect, connectChosen} from './connect.ts';
import type {Io} from './io.ts';
import {offered, withCluster} from './offered.ts';
import type {Options} from './table.ts';
import {wizardContext} from './wizard-context.ts';

/** No command: the wizard on a terminal; as prompts in plain mode; without a terminal the migration unattended. */
export const wizard: Command = async ({options}, io) => {
	if (io.canAsk && !io.plain) return onScreens(options, io);
	const {migrate} = await import('./apply.ts');
	return migrate(options, io, {changesUnasked: false});
};

async function onScreens(options: Options, io: Io): Promise<number> {
	const chosen = await choose(options, io);
	const offers = offered(chosen);
	if (offers.length === 0) return onCluster(await connectChosen(chosen, options, io), options, io);
	const {openScreen} = await import('../tui/opening.ts');
	const leave = openScreen('');
	let named: {readonly options: Options; readonly connection: Connection};
	try {
		const {chooseCluster} = await import('../tui/choose-cluster.tsx');
		const choice = await chooseCluster(offers, {signal: io.interrupts.signal, env: io.env});
		if ('exitCode' in choice) return io.interrupts.exitCode() ?? choice.exitCode;
		const complete = withCluster(options, choice.cluster);
		named = {options: complete, connection: await connect(complete, io)};
	} finally {
		leave();
	}
	return onCluster(named.connection, named.options, io);
}

async function onCluster(connection: Connection, options: Options, io: Io): Promise<number> {
	const {openScreen} = await import('../tui/opening.ts');
	const leave = openScreen(connection.cluster.identity.name);
	const {runWizard} = await import('../tui/run-wizard.tsx');
	const {exitCode, summary} = await runWizard(wizardContext(options, connection, io), leave);
	if (summary !== '') io.print(summary);
	return exitCode;
}
