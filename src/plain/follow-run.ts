import {startRun} from '../apply/engine.ts';
import type {ApplyEvent, Outcome} from '../apply/events.ts';
import type {Plan} from '../core/plan/types.ts';
import type {WizardContext} from '../wizard/context.ts';
import {createRunLines} from './run-lines.ts';

/** Where a run without screens writes to. */
export type Output = {
	/** What was asked for: standard output. */
	readonly result: (text: string) => void;
	/** How it goes: standard error. */
	readonly progress: (line: string) => void;
	/** Set where the events themselves are what was asked for (`--json`). */
	readonly event?: (event: ApplyEvent) => void;
};

/** Calls back at every signal. */
export type OnSignal = (listener: () => void) => void;

/** What a run needs beside its plan. */
export type RunSetup = {
	readonly context: Pick<WizardContext, 'cluster' | 'clock' | 'openJournal' | 'recordRun' | 'gateTimeout'>;
	readonly output: Output;
	readonly onSignal: OnSignal;
	/** Nodes on which an earlier run left routes held. */
	readonly held?: readonly string[];
	/** The node on which an earlier run may have left mesh sessions switched off. */
	readonly canary?: string | undefined;
};

export type Ended = Extract<ApplyEvent, {readonly type: 'run-ended'}>;

/** Runs a plan to its end and presents what happens. The first signal sends it back, the second stops it. */
export async function followRun(plan: Plan, {context, output, onSignal, held = [], canary}: RunSetup): Promise<Ended> {
	const {cluster, clock, gateTimeout} = context;
	const journal = plan.steps.length === 0 ? null : context.openJournal(plan);
	const canaries = canary === undefined ? [] : [canary];
	const started = startRun({
		plan,
		cluster,
		clock,
		journal,
		held,
		canaries,
		...(gateTimeout === undefined ? {} : {gateTimeout}),
	});
	const run = context.recordRun?.(plan, started) ?? started;
	onSignal(() => run.interrupt());
	const linesOf = createRunLines();
	let ended: Ended | undefined;
	for await (const event of run.events) {
		output.event?.(event);
		for (const line of linesOf(event)) output.progress(line);
		if (event.type === 'run-ended') ended = event;
	}
	if (!ended) throw new Error('the run ended without saying how');
	return ended;
}

/** The exit code of a run that no signal ended. */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 130 {
	switch (outcome) {
		case 'done':
		case 'nothing-to-do':
			return 0;
		case 'not-started':
		case 'went-back':
		case 'left':
			return 1;
		case 'stopped':
			return 130;
	}
}
