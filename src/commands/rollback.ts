import {decideHolding} from '../apply/holding.ts';
import {type EarlierRun, earlierRunAt, findEarlierRun, type Purpose} from '../apply/resume-find.ts';
import type {ClusterIdentity} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {makeWayBack, type WayBack} from '../core/plan/back.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import {exitCodeOf, followRun} from '../plain/follow-run.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {failed, interrupted} from './exit-codes.ts';
import {refuseLocked} from './open-journal.ts';
import {outputOf} from './output.ts';
import {presetOf} from './preset.ts';
import {type Session, settlePlan} from './settle-plan.ts';
import {wizardContext} from './wizard-context.ts';

/**
 * `rollback`: takes an earlier run back, as its journal or the cluster's own note says and as far as nobody changed the
 * same things since.
 */
export const rollback: Command = async ({options}, io) => {
	const connection = await connect(options, io, {changesUnasked: true});
	const {cluster} = connection;
	// The cluster says who it is only once it was read.
	const {snapshot} = await cluster.read(io.interrupts.signal);
	refuseLocked(cluster.identity, io.env);
	const run = earlierRun(cluster.identity, 'rollback', snapshot, {options, io});
	if (!run) {
		throw new UserError('There is no run on this cluster to take back.', {
			next: ['Neither a journal here nor a BGPPeer of the cluster tells of one. Name a journal with --journal.'],
		});
	}
	return takeBack(run, snapshot, {connection, options, io});
};

/** The run that was named with --journal, or the newest. */
export function earlierRun(
	identity: ClusterIdentity,
	purpose: Purpose,
	snapshot: Snapshot,
	{options: {journal}, io}: Pick<Session, 'options' | 'io'>,
): EarlierRun | undefined {
	return journal === undefined
		? findEarlierRun(identity, io.env, snapshot, purpose)
		: earlierRunAt(journal, identity, snapshot);
}

/** How a run is spoken of: when, by whom, and from where it is known. */
export function describeRun({at, by, journal}: EarlierRun): string {
	const from = journal === null ? "from the note on the cluster's BGPPeers" : `from ${journal}`;
	return sanitize(`the run of ${at}${by === null ? '' : ` by ${by}`}, ${from}`);
}

/** Takes a run back, after asking. */
export async function takeBack(
	run: EarlierRun,
	snapshot: Snapshot,
	{connection, options, io}: Session,
): Promise<number> {
	const {cluster} = connection;
	io.progress(`Taking back ${describeRun(run)}.`);
	const way = makeWayBack(run.written, snapshot, {
		holding: await decideHolding(presetOf(options), cluster),
		held: run.held,
		probe: options.probe === true,
	});
	for (const {kind, name, reason} of way.conflicts) io.progress(sanitize(`Stays: ${kind} ${name}: ${reason}.`));
	const output = outputOf(options, io);
	if (way.plan.steps.length > 0 && !(await settlePlan(way.plan, {connection, options, io}))) return interrupted;
	const context = wizardContext(options, connection, io, run);
	const {onSignal} = io.interrupts;
	const ended = await followRun(way.plan, {context, output, onSignal, held: run.held, canary: run.choice?.canary});
	return exitCode(way, exitCodeOf(ended.outcome));
}

function exitCode({conflicts}: WayBack, code: number): number {
	return code === 0 && conflicts.length > 0 ? failed : code;
}
