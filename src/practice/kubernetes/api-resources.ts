import type {ApiShape} from './types.ts';

/** A resource type as discovery shows it. */
export type ApiResource = {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly plural: string;
	readonly singular: string;
	readonly shortNames: readonly string[];
	readonly namespaced: boolean;
	readonly verbs: readonly string[];
	/** Where its objects lie in the store. */
	readonly collection: string;
	/** Who checks what is written: the custom resource's own schema, Calico's API server, or this practice cluster cannot. */
	readonly writes: 'crd' | 'calico' | 'node' | 'none';
};

/** A group with its preferred version, as `/apis` lists them. */
export type ApiGroup = {readonly group: string; readonly version: string};

const readVerbs = ['get', 'list', 'watch'];
const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Custom resources list their verbs in this order. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

type Short = Partial<Pick<ApiResource, 'shortNames' | 'namespaced' | 'verbs' | 'writes'>>;

function resource(groupVersion: string, kind: string, plural: string, more: Short = {}): ApiResource {
	const [version = '', group = ''] = groupVersion.split('/').reverse();
	return {
		group,
		version,
		kind,
		plural,
		singular: kind.toLowerCase(),
		shortNames: more.shortNames ?? [],
		namespaced: more.namespaced ?? false,
		verbs: more.verbs ?? (more.writes === undefined ? readVerbs : allVerbs),
		collection: group === '' ? plural : `${plural}.${group}`,
		writes: more.writes ?? 'none',
	};
}

/** Kubernetes' own types, as far as the practice cluster holds them. */
const builtIn: readonly ApiResource[] = [
	resource('v1', 'ConfigMap', 'configmaps', {shortNames: ['cm'], namespaced: true, verbs: allVerbs}),
	resource('v1', 'Namespace', 'namespaces', {shortNames: ['ns'], verbs: allVerbs}),
	resource('v1', 'Node', 'nodes', {shortNames: ['no'], verbs: allVerbs, writes: 'node'}),
	resource('v1', 'Pod', 'pods', {shortNames: ['po'], namespaced: true, verbs: allVerbs}),
	resource('v1', 'Secret', 'secrets', {namespaced: true, verbs: allVerbs}),
	resource('apiregistration.k8s.io/v1', 'APIService', 'apiservices', {verbs: allVerbs}),
	resource('apps/v1', 'DaemonSet', 'daemonsets', {shortNames: ['ds'], namespaced: true, verbs: allVerbs}),
	resource('authentication.k8s.io/v1', 'SelfSubjectReview', 'selfsubjectreviews', {verbs: ['create']}),
	resource('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', {verbs: ['create']}),
];

/** Calico's kinds, in the order of their names. All are cluster-scoped. */
const calicoKinds: ReadonlyArray<readonly [kind: string, plural: string, shortNames?: readonly string[]]> = [
	['BGPConfiguration', 'bgpconfigurations', ['bgpconfig', 'bgpconfigs']],
	['BGPFilter', 'bgpfilters'],
	['BGPPeer', 'bgppeers'],
	['CalicoNodeStatus', 'caliconodestatuses'],
	['ClusterInformation', 'clusterinformations', ['clusterinfo']],
	['FelixConfiguration', 'felixconfigurations', ['felixconfig', 'felixconfigs']],
	['IPPool', 'ippools'],
];

export const crdGroup = 'crd.projectcalico.org';
export const calicoGroup = 'projectcalico.org';

const storage = calicoKinds.map(([kind, plural]) =>
	resource(`${crdGroup}/v1`, kind, plural, {verbs: customVerbs, writes: 'crd'}),
);
const native = calicoKinds.map(([kind, plural, shortNames = []]) =>
	resource(`${calicoGroup}/v3`, kind, plural, {verbs: customVerbs, shortNames, writes: 'crd'}),
);
const aggregated = calicoKinds.map(
	([kind, plural, shortNames = []]): ApiResource => ({
		...resource(`${calicoGroup}/v3`, kind, plural, {verbs: allVerbs, shortNames, writes: 'calico'}),
		collection: `${plural}.${crdGroup}`,
	}),
);
const operator = resource('operator.tigera.io/v1', 'Installation', 'installations', {verbs: customVerbs});
const migration = resource('migration.projectcalico.org/v1beta1', 'DatastoreMigration', 'datastoremigrations', {
	verbs: customVerbs,
});

export type ApiOptions = {readonly shape: ApiShape; readonly operator: boolean; readonly migration: boolean};

/** All resource types that the API server serves, the preferred first where a plural exists twice. */
export function servedResources({
	shape,
	operator: hasOperator,
	migration: migrates,
}: ApiOptions): readonly ApiResource[] {
	// While a datastore migration is under way both groups exist as custom resources (calico.md §2.4).
	const calico = {
		'kubernetes-v1': migrates ? [...storage, ...native] : storage,
		'kubernetes-aggregated': [...aggregated, ...storage],
		'kubernetes-native': migrates ? [...native, ...storage] : native,
	}[shape];
	return [...builtIn, ...(hasOperator ? [operator] : []), ...calico, ...(migrates ? [migration] : [])];
}

/** Where the objects of a Calico kind lie, and in which API version. */
export function storageOf(shape: ApiShape, kind: string): ApiResource | undefined {
	return (shape === 'kubernetes-native' ? native : storage).find(candidate => candidate.kind === kind);
}

export const nodeResource: ApiResource = resource('v1', 'Node', 'nodes', {
	shortNames: ['no'],
	verbs: allVerbs,
	writes: 'node',
});

/** The groups of a Kubernetes 1.35 API server, in the order of its `/apis`. */
const builtInGroups: readonly ApiGroup[] = [
	['apiregistration.k8s.io', 'v1'],
	['apps', 'v1'],
	['events.k8s.io', 'v1'],
	['authentication.k8s.io', 'v1'],
	['authorization.k8s.io', 'v1'],
	['autoscaling', 'v2', 'v1'],
	['batch', 'v1'],
	['certificates.k8s.io', 'v1'],
	['networking.k8s.io', 'v1'],
	['policy', 'v1'],
	['rbac.authorization.k8s.io', 'v1'],
	['storage.k8s.io', 'v1'],
	['admissionregistration.k8s.io', 'v1'],
	['apiextensions.k8s.io', 'v1'],
	['scheduling.k8s.io', 'v1'],
	['coordination.k8s.io', 'v1'],
	['node.k8s.io', 'v1'],
	['discovery.k8s.io', 'v1'],
	['resource.k8s.io', 'v1'],
	['flowcontrol.apiserver.k8s.io', 'v1'],
].flatMap(([group = '', ...versions]) => versions.map(version => ({group, version})));

/** Every group and version that `/apis` lists; a group's preferred version comes first. */
export function servedGroups(options: ApiOptions): readonly ApiGroup[] {
	const seen = new Set(builtInGroups.map(({group}) => group).concat(''));
	const others = servedResources(options).filter(({group}) => !seen.has(group) && seen.add(group));
	// Calico's v1 manifests bring the policy API of sig-network; the native ones of 3.32 do not (transcripts).
	const policy =
		options.shape === 'kubernetes-native' ? [] : [{group: 'policy.networking.k8s.io', version: 'v1alpha2'}];
	return [...builtInGroups, ...others.map(({group, version}) => ({group, version})), ...policy];
}

/** Whether a Kubernetes 1.35 API server serves a group that the practice cluster does not model. */
export function isBuiltInGroup(group: string): boolean {
	return group === '' || builtInGroups.some(other => other.group === group) || group === 'policy.networking.k8s.io';
}

/** Types of a real cluster that the practice cluster does not hold: asked for, it must say so itself. */
const otherTypes = new Set(
	(
		'bindings componentstatuses endpoints events limitranges persistentvolumeclaims persistentvolumes podtemplates ' +
		'replicationcontrollers resourcequotas serviceaccounts services controllerrevisions deployments replicasets ' +
		'statefulsets customresourcedefinitions localsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews ' +
		'horizontalpodautoscalers cronjobs jobs leases endpointslices ingresses ingressclasses networkpolicies ' +
		'poddisruptionbudgets clusterrolebindings clusterroles rolebindings roles priorityclasses storageclasses ' +
		'all svc deploy rs sts crd crds ing ev ep sa pv pvc netpol ' +
		'blockaffinities globalnetworkpolicies globalnetworksets hostendpoints ipamblocks ipamconfigs ipamhandles ' +
		'ipreservations kubecontrollersconfigurations networksets tiers tigerastatuses apiservers'
	).split(' '),
);

/** Whether the plural, singular or short name is of a type that real clusters have and this one does not model. */
export function isOtherType(name: string): boolean {
	return otherTypes.has(name) || otherTypes.has(`${name}s`) || otherTypes.has(name.replace(/y$/, 'ies'));
}
