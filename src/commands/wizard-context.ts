import {createJournal, type Journal, journalFolder} from '../apply/journal.ts';
import type {ClusterIdentity} from '../cluster/port.ts';
import type {Plan} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';
import type {WizardContext} from '../wizard/context.ts';
import type {Connection} from './connect.ts';
import type {Io} from './io.ts';
import {presetOf} from './preset.ts';
import {defaultPlanFolder, savePlan} from './save-plan.ts';
import type {Options} from './table.ts';

/** What the wizard, on screens or as prompts, needs from flags, environment and cluster. */
export function wizardContext(options: Options, {cluster, clock}: Connection, io: Io): WizardContext {
	const gateTimeout = options['gate-timeout'];
	return {
		cluster,
		clock,
		preset: presetOf(options),
		openJournal: plan => openJournal(plan, cluster.identity, io.env),
		savePlan: plan => savePlan(plan, defaultPlanFolder(new Date())),
		...(gateTimeout === undefined ? {} : {gateTimeout: gateTimeout * 1000}),
		signal: codeSignal(io),
		env: io.env,
	};
}

/** Aborts at the first signal with the exit code as its reason. */
function codeSignal({interrupts}: Io): AbortSignal {
	const controller = new AbortController();
	interrupts.onSignal(() => controller.abort(interrupts.exitCode()));
	return controller.signal;
}

function openJournal(plan: Plan, identity: ClusterIdentity, env: NodeJS.ProcessEnv): Journal {
	const folder = journalFolder(env);
	try {
		return createJournal(folder, plan, identity);
	} catch (error) {
		// Without a journal nothing could be taken back after a crash, so nothing is begun.
		throw new UserError(`The journal cannot be written in ${folder}: ${(error as Error).message}.`, {
			exitCode: 1,
			next: ['Nothing was changed. Set XDG_STATE_HOME to a folder that can be written.'],
		});
	}
}
