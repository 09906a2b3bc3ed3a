import {tryAll, type Verdicts} from '../apply/dry-run.ts';
import {decideHolding} from '../apply/holding.ts';
import {knownNodes} from '../apply/node-facts.ts';
import type {Cluster} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {countWrites} from '../core/diff.ts';
import {estimateLoss} from '../core/loss/estimate.ts';
import {defaultChoice, makePlan} from '../core/plan/make.ts';
import type {Choice, Plan} from '../core/plan/types.ts';
import {probeCommand} from '../core/probe/scope.ts';
import {slimWrite} from '../core/slim-write.ts';
import {planText} from '../plain/plan-text.ts';
import {wrapProse} from '../plain/wrap-prose.ts';
import {plannedSnapshot, totalSessions} from '../wizard/session-math.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done} from './exit-codes.ts';
import {presetOf} from './preset.ts';
import {newStamp} from './run-stamp.ts';
import {savePlan} from './save-plan.ts';

/** Exit code of `--detailed-exitcode` where there is something to change. */
const changes = 2;

/** `plan`: everything a migration would do, and nothing done. */
export const plan: Command = async ({options}, io) => {
	const {cluster} = await connect(options, io);
	const {snapshot} = await cluster.read(io.interrupts.signal);
	const preset = presetOf(options);
	const holding = await decideHolding(preset, cluster);
	const reflectors =
		preset.reflectors ?? proposeReflectors(snapshot, 3, await knownNodes(cluster, io.interrupts.signal));
	const choice: Choice = {...defaultChoice, ...preset, reflectors, holding, ...newStamp(cluster.identity)};
	if (!options.reflectors) io.progress(`Proposed route reflectors: ${choice.reflectors.map(sanitize).join(', ')}.`);
	const made = makePlan(snapshot, choice);
	const verdicts = await tryAll(made, cluster, io.interrupts.signal);
	if (options.json) io.print(JSON.stringify(planJson(made, {choice, cluster, verdicts})));
	else
		io.print(
			made.steps.length === 0
				? 'Nothing to change: the cluster is as asked already.'
				: wrapProse(planText(made, cluster, verdicts), io.columns),
		);
	if (options.save !== undefined) io.progress(`The plan is in ${sanitize(await savePlan(made, options.save))}.`);
	return options['detailed-exitcode'] && made.steps.length > 0 ? changes : done;
};

type Shown = {readonly choice: Choice; readonly cluster: Cluster; readonly verdicts: Verdicts};

/** The plan as one document: the same data that the preview, the engine and the journal are made from. */
function planJson({direction, steps, warnings, original, probe}: Plan, {choice, cluster, verdicts}: Shown) {
	const plan: Plan = {direction, steps, warnings, original};
	return {
		schemaVersion: 1,
		type: 'plan',
		direction,
		choice,
		warnings,
		counts: countWrites(plan),
		/** Of pod traffic; nothing of it where routes are held. */
		loss: {held: steps.some(({hold}) => hold), withoutHold: estimateLoss(plan)},
		sessions: {before: totalSessions(original), after: totalSessions(plannedSnapshot(plan))},
		...(probe && {probe: {...probe, command: probeCommand(probe)}}),
		steps: steps.map(({id, title, why, effect, writes, hold, check, gate}) => ({
			id,
			title,
			why,
			effect,
			writes: writes.map(write => ({
				...slimWrite(write),
				command: cluster.commandFor(write),
				dryRun: verdicts.get(write) ?? null,
			})),
			hold: hold ?? null,
			check: check ?? null,
			gate: gate ?? null,
		})),
	};
}
