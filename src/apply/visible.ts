import type {Plan} from '../core/plan/types.ts';
import type {Part, RunContext} from './context.ts';
import type {Failure} from './events.ts';
import {describeFailure} from './settle.ts';

/**
 * Finds out which nodes' BIRD can be looked at, and says so where it is not every one. A run that could see none of the
 * nodes its gates ask would write blindly: that is a failure.
 */
export async function* findVisible(context: RunContext, plan: Plan): Part<Failure | undefined> {
	const step = plan.steps[0]?.id ?? 'before';
	const asked = [...new Set(plan.steps.flatMap(each => [...(each.check?.nodes ?? []), ...(each.gate?.nodes ?? [])]))];
	try {
		const visibility = await context.cluster.visibility(plan.original);
		if (visibility.nodes === 'all') return undefined;
		const {nodes, reason, source} = visibility;
		context.visible = nodes;
		const seen = asked.filter(node => nodes.includes(node));
		if (seen.length === 0 && asked.length > 0) {
			return {
				step,
				message: 'The BGP sessions of no node can be seen from here, so no step could be checked.',
				words: reason,
				next: [
					"Say how to reach the nodes: --node-shell 'ssh {node} sudo {command}'",
					'Or run this program on one of the nodes, as root.',
				],
			};
		}
		const text = `Gates look at ${seen.join(', ')} only (${source}). The other ${asked.length - seen.length} nodes' sessions are unknown: ${reason}`;
		yield {at: context.clock.now(), type: 'notice', text};
		return undefined;
	} catch (error) {
		return {step, ...describeFailure(error)};
	}
}
