import {countWrites} from '../../diff.ts';
import {block, check, pass, unknown, warn, whenKnown} from '../types.ts';
import {counted, some} from '../words.ts';

/** Whether the chosen nodes can become reflectors now. */
export const choiceChecks = [
	check('plan-possible', 'There is a plan for the chosen reflectors', ({choice, plan, refusal}) => {
		if (!choice) return unknown('Not known: no reflectors are chosen.', 'Name them with --reflectors a,b,c.');
		if (!plan) return block(refusal?.message ?? 'There is no plan.', ...(refusal?.next ?? []));
		const {create, patch, delete: deleted} = countWrites(plan);
		const text =
			plan.steps.length === 0
				? `${choice.reflectors.join(', ')}: the cluster is as asked already.`
				: `${choice.reflectors.join(', ')}: ${create} to create, ${patch} to change, ${deleted} to delete.`;
		return plan.warnings.length > 0 ? warn([text, ...plan.warnings].join(' ')) : pass(text);
	}),
	check('chosen-ready', 'The chosen nodes are ready', ({choice, facts}) => {
		if (!choice) return unknown('Not known: no reflectors are chosen.');
		return whenKnown(facts.nodes, nodes => {
			const missing = choice.reflectors.filter(name => !nodes.has(name));
			const unready = choice.reflectors.filter(name => nodes.get(name)?.ready === false);
			const cordoned = choice.reflectors.filter(name => nodes.get(name)?.schedulable === false);
			if (unready.length > 0) {
				return block(
					`Kubernetes calls ${unready.join(', ')} not ready.`,
					'Choose other nodes, or wait until these are ready.',
				);
			}
			if (missing.length > 0) return unknown(`Not known: Kubernetes said nothing of ${some(missing)}.`);
			return cordoned.length > 0
				? warn(
						`${cordoned.join(', ')}: cordoned. That is good where a node is kept free for this, and bad where it is about to be taken down.`,
					)
				: pass(`${choice.reflectors.join(', ')}: ready, and not cordoned.`);
		});
	}),
	check('reflector-cluster-ids', "The reflectors' cluster IDs agree", ({planned, choice}) => {
		const ids = planned.nodes.flatMap(({metadata, spec}) =>
			spec.bgp?.routeReflectorClusterID ? [{name: metadata.name, id: spec.bgp.routeReflectorClusterID}] : [],
		);
		const different = new Set(ids.map(each => each.id)).size;
		if (ids.length === 0) return pass('No node has a cluster ID.');
		if (different === 1) return pass(`${counted(ids.length, 'reflector')}, all with cluster ID ${ids[0]?.id}.`);
		const listed = some(ids.map(({name, id}) => `${name} ${id}`));
		if (choice?.clusterId.mode === 'per-node' && different === ids.length) {
			return pass(`Each reflector has its own, as chosen: ${listed}.`);
		}
		return warn(
			`The reflectors would have ${different} cluster IDs: ${listed}. Reflectors with different IDs take each other for clients and keep more paths; with the same ID all of them, every client must have a session with each.`,
			'Choose the ID that the reflectors have already: --cluster-id ID. Or --cluster-id per-node, if they are meant to differ.',
		);
	}),
];
