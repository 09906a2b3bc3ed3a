import {releaseStep} from '../core/plan/hold-steps.ts';
import {makePlan} from '../core/plan/make.ts';
import {foreignFields} from '../core/plan/merge-writes.ts';
import type {Choice, Holding, Plan} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import type {EarlierRun} from './resume-find.ts';

/**
 * Makes the plan that goes on with a run from what the cluster is now towards what was chosen then: steps that are done
 * vanish, and routes that it left held are released at the end. Whether it holds and pings is chosen anew.
 * @throws UserError (exit code 1) where somebody changed a field of the run since, or the journal does not say what was
 * chosen; (exit code 2) where the choice cannot be planned any more.
 */
export function planResume(
	run: EarlierRun,
	snapshot: Snapshot,
	holding: Holding,
	probe: Pick<Choice, 'probe'> = {},
): Plan {
	const {choice, planned, stamp, held} = run;
	if (!choice) {
		throw new UserError('The journal does not say what was chosen, so there is nothing to go on towards.', {
			exitCode: 1,
			next: ['Take the run back with rollback, or ask for it anew with apply.'],
		});
	}
	refuseForeign(run, snapshot);
	const complete: Choice = {...choice, ...probe, holding, ...(stamp && {stamp})};
	return withRelease(makePlan(snapshot, complete, planned), held);
}

function refuseForeign({planned}: EarlierRun, snapshot: Snapshot): void {
	const foreign = foreignFields(planned, snapshot);
	if (foreign.length === 0) return;
	const says = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
	const [first, ...more] = foreign.map(
		({kind, name, path, value}) => `${kind} ${name}: ${path.join('.')} is ${says(value)} now`,
	);
	throw new UserError(`Somebody changed what this run was to change: ${first}; it is left as it is.`, {
		exitCode: 1,
		next: [...more, 'See what a new plan would change: plan. Take back what nobody else changed: rollback.'],
	});
}

/** The plan with the nodes on which routes are still held among those on which they are released at the end. */
function withRelease(plan: Plan, held: readonly string[]): Plan {
	if (held.length === 0) return plan;
	const there = plan.steps.find(step => step.hold?.action === 'release');
	if (!there?.hold) return {...plan, steps: [...plan.steps, releaseStep({action: 'release', nodes: held})]};
	const {hold} = there;
	const nodes = [...new Set([...hold.nodes, ...held])];
	return {...plan, steps: plan.steps.map(step => (step === there ? {...step, hold: {...hold, nodes}} : step))};
}
