import type {DatastoreApi} from '../facts.ts';
import type {Plan} from '../plan/types.ts';
import type {WrittenKind} from '../resources.ts';
import {inverse, type Write} from '../write.ts';

/** A call that must be allowed; `inPods` where it counts in calico-node's namespace only. */
export type NeededPermission = {readonly verb: string; readonly resource: string; readonly inPods: boolean};

const plurals: Readonly<Record<WrittenKind, string>> = {
	Node: 'nodes',
	BGPPeer: 'bgppeers',
	BGPConfiguration: 'bgpconfigurations',
};

/**
 * Exactly the calls that kubectl makes to read the cluster, to walk this plan and to walk its way back, and to look at
 * the nodes by commands in their pods or by CalicoNodeStatus objects; each once, in the words of `kubectl auth can-i`.
 */
export function neededPermissions(
	plan: Plan | null,
	api: Exclude<DatastoreApi, 'etcd'>,
	look: 'exec' | 'node-status',
): readonly NeededPermission[] {
	const group = api === 'crd.projectcalico.org/v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
	const nameOf = (plural: string) => (plural === 'nodes' ? plural : `${plural}.${group}`);
	const reads = ['nodes', 'bgppeers', 'bgpconfigurations', 'ippools', 'clusterinformations'].flatMap(plural =>
		['get', 'list'].map(verb => ({verb, resource: nameOf(plural), inPods: false})),
	);
	const writes = (plan?.steps ?? [])
		.flatMap(step => step.writes)
		.flatMap(write => [...verbsOf(write), ...verbsOf(inverse(write))].map(verb => [write.kind, verb] as const))
		.map(([kind, verb]) => ({verb, resource: nameOf(plurals[kind]), inPods: false}));
	const looks =
		look === 'exec'
			? [
					{verb: 'list', resource: 'pods', inPods: true},
					{verb: 'create', resource: 'pods/exec', inPods: true},
				]
			: ['create', 'get', 'list', 'delete'].map(verb => ({
					verb,
					resource: nameOf('caliconodestatuses'),
					inPods: false,
				}));
	const all = [...reads, ...writes, ...looks];
	return [...new Map(all.map(each => [`${each.verb} ${each.resource}`, each])).values()];
}

/** Before a BGPConfiguration that the plan created is deleted, the way back turns the mesh on in it. */
function verbsOf({verb, kind}: Write): readonly string[] {
	return verb === 'delete' && kind === 'BGPConfiguration' ? ['patch', 'delete'] : [verb];
}
