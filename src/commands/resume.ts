import {timestamp} from '../apply/context.ts';
import {decideHolding} from '../apply/holding.ts';
import {planResume} from '../apply/resume.ts';
import type {EarlierRun} from '../apply/resume-find.ts';
import {sanitize} from '../cluster/sanitize.ts';
import type {Plan} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import {exitCodeOf, followRun} from '../plain/follow-run.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {failed, interrupted} from './exit-codes.ts';
import {openJournal, refuseLocked} from './open-journal.ts';
import {outputOf} from './output.ts';
import {presetOf} from './preset.ts';
import {describeRun, earlierRun, takeBack} from './rollback.ts';
import {type Session, settlePlan} from './settle-plan.ts';
import {wizardContext} from './wizard-context.ts';

/**
 * `resume`: goes on with a run that was killed or stopped, from what the cluster really is, in the direction it had: a
 * migration towards its reflectors, a rollback towards what was there before.
 */
export const resume: Command = async ({options}, io) => {
	const connection = await connect(options, io, {changesUnasked: true});
	const {cluster} = connection;
	const {snapshot} = await cluster.read(io.interrupts.signal);
	refuseLocked(cluster.identity, io.env);
	const run = earlierRun(cluster.identity, 'resume', snapshot, {options, io});
	if (!run) {
		throw new UserError('There is no run on this cluster to go on with.', {
			exitCode: failed,
			next: ['Neither a journal here nor a BGPPeer of the cluster tells of one. Name a journal with --journal.'],
		});
	}
	const session: Session = {connection, options, io};
	return run.direction === 'back' ? takeBack(run, snapshot, session) : goOn(run, snapshot, session);
};

async function goOn(run: EarlierRun, snapshot: Snapshot, {connection, options, io}: Session): Promise<number> {
	const {cluster} = connection;
	const output = outputOf(options, io);
	const context = wizardContext(options, connection, io, run);
	const {onSignal} = io.interrupts;
	if (run.isDone) {
		io.progress(`Nothing to go on with: ${describeRun(run)}, is done. Take it back with rollback.`);
		const nothing: Plan = {direction: 'forward', original: snapshot, steps: [], warnings: []};
		return exitCodeOf((await followRun(nothing, {context, output, onSignal})).outcome);
	}
	io.progress(`Going on with ${describeRun(run)}.`);
	const preset = presetOf(options);
	const holding = run.holding?.state === 'off' ? run.holding : await decideHolding(preset, cluster);
	const plan = planResume(run, snapshot, holding, options.probe ? {probe: true} : {});
	for (const warning of plan.warnings) io.progress(`Warning: ${sanitize(warning)}`);
	if (plan.steps.length === 0) {
		close(plan, run, {connection, options, io});
		return exitCodeOf((await followRun(plan, {context, output, onSignal})).outcome);
	}
	if (!(await settlePlan(plan, {connection, options, io}))) return interrupted;
	const {outcome} = await followRun(plan, {context, output, onSignal, held: run.held, canary: run.choice?.canary});
	return exitCodeOf(outcome);
}

/** Writes down that the run is done: it was killed after its last write, before it could say so itself. */
function close(plan: Plan, run: EarlierRun, {connection: {cluster}, io}: Session): void {
	const journal = openJournal(plan, cluster.identity, io.env, run);
	journal.append({type: 'end', at: timestamp(), outcome: 'done'});
	journal.close();
}
