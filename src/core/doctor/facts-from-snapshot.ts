import {type ClusterFacts, unknownFacts} from '../facts.ts';
import type {ClusterInformationResource} from '../resources.ts';
import type {Seen} from '../session.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import {findOwners} from './owners.ts';

export type Sources = {
	readonly snapshot: Snapshot;
	readonly information: ClusterInformationResource | undefined;
	readonly tool: ClusterFacts['tool'];
	/** The datastore's API where the tool's configuration says it. */
	readonly api?: ClusterFacts['api'];
};

/** What can be known of a cluster from its resources alone, through calicoctl; the rest is unknown, each with its reason. */
export function factsFromSnapshot({snapshot, information, tool, api}: Sources): ClusterFacts {
	const isEtcd = api?.known === true && api.value === 'etcd';
	const password = findResource(snapshot, 'BGPConfiguration', 'default')?.spec.nodeMeshPassword;
	return {
		...unknownFacts(isEtcd ? 'calicoctl cannot show it.' : 'calicoctl cannot show it; kubectl can (--via kubectl).'),
		tool,
		calicoVersion: field(information, 'calicoVersion', value =>
			typeof value === 'string' && value !== '' ? value : undefined,
		),
		api: api ?? apiOf(information),
		datastoreReady: field(information, 'datastoreReady', value => (typeof value === 'boolean' ? value : undefined)),
		// The migration moves resources between two Kubernetes API groups; etcd has none.
		migration: isEtcd ? known(null) : unknown('calicoctl cannot show a DatastoreMigration.'),
		...(isEtcd && {
			permissions: unknown('etcd cannot be asked beforehand what a user may do.'),
			nodes: unknown("etcd does not hold Kubernetes' view of a node."),
		}),
		felix: unknown('FelixConfiguration was not read.'),
		leftovers: unknown('nobody looked for any.'),
		passwordReadable: password ? unknown("calicoctl cannot show Kubernetes' secrets.") : known(null),
		owners: known(findOwners(snapshot)),
	};
}

function known<T>(value: T): Seen<T> {
	return {known: true, value};
}

function unknown(reason: string) {
	return {known: false, reason} as const;
}

function field<T>(
	information: ClusterInformationResource | undefined,
	name: string,
	read: (value: unknown) => T | undefined,
): Seen<T> {
	if (!information) return unknown('there is no ClusterInformation default.');
	const value = read(information.spec[name]);
	return value === undefined ? unknown(`ClusterInformation default has no ${name}.`) : known(value);
}

/** `kdd` in clusterType tells Kubernetes from etcd, but not which of its API groups; values are only ever added to it. */
function apiOf(information: ClusterInformationResource | undefined): ClusterFacts['api'] {
	const types = String(information?.spec.clusterType ?? '').split(',');
	return unknown(
		types.includes('kdd')
			? 'the datastore is Kubernetes, but calicoctl does not say by which API.'
			: 'calicoctl does not say which datastore it uses.',
	);
}
