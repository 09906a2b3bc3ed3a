import type {JsonObject} from './json.ts';
import type {WrittenKind} from './resources.ts';
import type {Seen} from './session.ts';

/** Which API a cluster keeps Calico's resources in (calico.md §2.4). */
export type DatastoreApi =
	| 'etcd'
	| 'crd.projectcalico.org/v1'
	| 'aggregated projectcalico.org/v3'
	| 'native projectcalico.org/v3';

/** What Kubernetes says of a node, beside what Calico says. */
export type NodeFacts = {
	readonly ready: boolean;
	readonly schedulable: boolean;
	readonly taints: readonly string[];
	readonly internalIps: readonly string[];
	readonly os: string;
	readonly createdAt: string;
	/** Pods on it that are not part of a DaemonSet. */
	readonly workloads: number | null;
};

/** One call that the plan or its way back will make, and whether this user may make it. */
export type Permission = {readonly verb: string; readonly resource: string; readonly allowed: boolean};

/** What this program left behind in a cluster and should not have. */
export type Leftover = {readonly kind: string; readonly name: string; readonly remove: string};

/**
 * What the doctor wants to know beside the snapshot. Each fact is known, or there is a reason why not; nothing is ever
 * assumed.
 */
export type ClusterFacts = {
	/** The tool that works for us and its own version. */
	readonly tool: Seen<{readonly name: string; readonly version: string}>;
	/** Calico's version by ClusterInformation, e.g. `v3.32.1`. */
	readonly calicoVersion: Seen<string>;
	readonly api: Seen<DatastoreApi>;
	readonly datastoreReady: Seen<boolean>;
	/** Phase of a DatastoreMigration, or null where there is none. */
	readonly migration: Seen<string | null>;
	/** CALICO_NETWORKING_BACKEND of calico-node: `bird`, `vxlan` or `none`. */
	readonly backend: Seen<string>;
	/** The operator's Installation, spec.calicoNetwork.bgp (its computed value first); null without an operator. */
	readonly installationBgp: Seen<'Enabled' | 'Disabled' | null>;
	/** FelixConfiguration `default`'s spec; null where there is none. */
	readonly felix: Seen<JsonObject | null>;
	readonly nodes: Seen<ReadonlyMap<string, NodeFacts>>;
	readonly permissions: Seen<readonly Permission[]>;
	/** Whether commands can be run in calico-node's pods. */
	readonly exec: Seen<boolean>;
	/** Whether calico-node may read the secret of the mesh password; null where there is no password. */
	readonly passwordReadable: Seen<boolean | null>;
	/** Resources that a GitOps tool says it owns, and which tool. */
	readonly owners: Seen<ReadonlyArray<{readonly kind: WrittenKind; readonly name: string; readonly owner: string}>>;
	readonly leftovers: Seen<readonly Leftover[]>;
};

/** Facts of a cluster about which nothing could be asked, for that reason. */
export function unknownFacts(reason: string): ClusterFacts {
	const unknown = {known: false, reason} as const;
	return {
		tool: unknown,
		calicoVersion: unknown,
		api: unknown,
		datastoreReady: unknown,
		migration: unknown,
		backend: unknown,
		installationBgp: unknown,
		felix: unknown,
		nodes: unknown,
		permissions: unknown,
		exec: unknown,
		passwordReadable: unknown,
		owners: unknown,
		leftovers: unknown,
	};
}
