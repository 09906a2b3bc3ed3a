import {decideHolding} from '../apply/holding.ts';
import type {Cluster} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {countWrites} from '../core/diff.ts';
import {defaultChoice, makePlan} from '../core/plan/make.ts';
import type {Choice, Plan} from '../core/plan/types.ts';
import {planText} from '../plain/plan-text.ts';
import {plannedSnapshot, totalSessions} from '../wizard/session-math.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done} from './exit-codes.ts';
import {presetOf} from './preset.ts';
import {savePlan} from './save-plan.ts';

/** Exit code of `--detailed-exitcode` where there is something to change. */
const changes = 2;

/** `plan`: everything a migration would do, and nothing done. */
export const plan: Command = async ({options}, io) => {
	const {cluster} = await connect(options, io);
	const {snapshot} = await cluster.read(io.interrupts.signal);
	const preset = presetOf(options);
	const holding = await decideHolding(preset, cluster);
	const choice: Choice = {...defaultChoice, reflectors: proposeReflectors(snapshot), ...preset, holding};
	if (!options.reflectors) io.progress(`Proposed route reflectors: ${choice.reflectors.map(sanitize).join(', ')}.`);
	const made = makePlan(snapshot, choice);
	if (options.json) io.print(JSON.stringify(planJson(made, choice, cluster)));
	else
		io.print(made.steps.length === 0 ? 'Nothing to change: the cluster is as asked already.' : planText(made, cluster));
	if (options.save !== undefined) io.progress(`The plan is in ${sanitize(await savePlan(made, options.save))}.`);
	return options['detailed-exitcode'] && made.steps.length > 0 ? changes : done;
};

/** The plan as one document: the same data that the preview, the engine and the journal are made from. */
function planJson({direction, steps, warnings, original}: Plan, choice: Choice, cluster: Cluster) {
	const plan: Plan = {direction, steps, warnings, original};
	return {
		schemaVersion: 1,
		type: 'plan',
		direction,
		choice,
		warnings,
		counts: countWrites(plan),
		sessions: {before: totalSessions(original), after: totalSessions(plannedSnapshot(plan))},
		steps: steps.map(({id, title, why, effect, writes, hold, gate}) => ({
			id,
			title,
			why,
			effect,
			writes: writes.map(write => ({...write, command: cluster.commandFor(write)})),
			hold: hold ?? null,
			gate: gate ?? null,
		})),
	};
}
