import type {Continued} from '../apply/journal.ts';
import type {WizardContext} from '../wizard/context.ts';
import type {Connection} from './connect.ts';
import type {Io} from './io.ts';
import {openJournal} from './open-journal.ts';
import {presetOf} from './preset.ts';
import {newStamp} from './run-stamp.ts';
import type {Options} from './table.ts';

/**
 * What the wizard, on screens or as prompts, needs from flags, environment and cluster.
 * @param continues the run that this one goes on with or takes back.
 */
export function wizardContext(
	options: Options,
	{cluster, clock}: Connection,
	io: Io,
	continues?: Continued,
): WizardContext {
	const gateTimeout = options['gate-timeout'];
	const {recording} = io;
	return {
		cluster,
		clock,
		preset: {...presetOf(options), ...newStamp(cluster.identity)},
		openJournal: plan => openJournal(plan, cluster.identity, io.env, continues),
		...(recording && {recordRun: recording.follow}),
		savePlan: async plan => {
			const {savePlan, defaultPlanFolder} = await import('./save-plan.ts');
			return savePlan(plan, defaultPlanFolder(new Date()));
		},
		...(gateTimeout === undefined ? {} : {gateTimeout: gateTimeout * 1000}),
		allowVersionMismatch: options['allow-version-mismatch'] === true,
		signal: codeSignal(io),
		env: io.env,
	};
}

/** Aborts at the first signal with the exit code as its reason. */
export function codeSignal({interrupts}: Io): AbortSignal {
	const controller = new AbortController();
	interrupts.onSignal(() => controller.abort(interrupts.exitCode()));
	return controller.signal;
}
