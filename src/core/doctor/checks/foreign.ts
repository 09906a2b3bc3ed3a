import {check, pass, warn, whenKnown} from '../types.ts';
import {counted, some} from '../words.ts';

/** Others who write the same resources, and what this program itself left behind. */
export const foreignChecks = [
	check('gitops-owner', 'No GitOps tool owns what the plan writes', ({facts}) =>
		whenKnown(facts.owners, owners =>
			owners.length === 0
				? pass('BGPConfiguration and BGPPeers carry the mark of no such tool.')
				: warn(
						`${some(owners.map(({kind, name, owner}) => `${kind} ${name} belongs to ${owner}`))}: it may put back what the plan changes, in the middle of a run.`,
						'Pause its synchronisation for the run, and change its source to the same (plan --save writes the files).',
					),
		),
	),
	check('leftovers', 'No status objects of an earlier run are left', ({facts}) =>
		whenKnown(facts.leftovers, leftovers =>
			leftovers.length === 0
				? pass('No CalicoNodeStatus of this program is there.')
				: warn(
						`${counted(leftovers.length, 'thing')} of this program ${leftovers.length === 1 ? 'is' : 'are'} left: ${some(leftovers.map(({kind, name}) => `${kind} ${name}`))}.`,
						'If no other run is under way, take them away:',
						...leftovers.map(each => each.remove),
					),
		),
	),
];
