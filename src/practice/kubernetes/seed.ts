import type {JsonObject} from '../../core/json.ts';
import type {Seed} from '../datastore/datastore.ts';
import {type ClusterSeed, informationSeed, type NodeSeed, poolSeeds} from '../datastore/seed.ts';
import type {StoredResource} from '../datastore/types.ts';
import type {Random} from '../random.ts';
import {type ApiOptions, crdGroup, storageOf} from './api-resources.ts';
import {storedMetadata} from './calico-metadata.ts';
import type {Looks} from './looks.ts';
import type {KubernetesObject} from './types.ts';

export type ClusterOptions = ClusterSeed & {
	readonly nodes: readonly NodeSeed[];
	/** Where calico-node runs. */
	readonly namespace: string;
	/** `CALICO_NETWORKING_BACKEND` of calico-node. */
	readonly backend: string;
	readonly looks: Looks;
	/** More objects, as far as the API serves their types. */
	readonly objects: readonly KubernetesObject[];
};

type Entry = readonly [collection: string, object: KubernetesObject];

/** Everything that a cluster on the Kubernetes datastore holds when a user first looks. */
export function seedObjects(api: ApiOptions, cluster: ClusterOptions, random: Random, now: string): readonly Entry[] {
	const {namespace} = cluster;
	return [
		...[...new Set(['default', 'kube-system', namespace])].map(namespaceObject),
		...(api.operator ? [installation(cluster.backend)] : [calicoConfig(cluster.backend)]),
		daemonSet(cluster),
		...cluster.nodes.flatMap((seed, index): readonly Entry[] => [
			node(seed, index, cluster),
			pod(seed, index, cluster),
			...cluster.looks.workloads(seed, index).map((object): Entry => ['pods', object]),
		]),
		...calicoResources(api, cluster, random, now),
		...(api.shape === 'kubernetes-v1' ? [] : [apiService(api)]),
		...(api.migration ? [datastoreMigration()] : []),
		...cluster.objects.map((object): Entry => [collectionOf(object), object]),
	];
}

function node(seed: NodeSeed, index: number, {looks}: ClusterOptions): Entry {
	const {name, ipv4Address, ipv6Address, asNumber, labels, annotations} = seed;
	const {spec, status} = looks.node(seed, index);
	const addresses = [ipv4Address, ipv6Address].flatMap(address =>
		address === undefined ? [] : [{address: address.replace(/\/.*$/, ''), type: 'InternalIP'}],
	);
	const metadata = {
		name,
		labels: {'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels},
		annotations: {
			...annotations,
			...(ipv4Address !== undefined && {'projectcalico.org/IPv4Address': ipv4Address}),
			...(ipv6Address !== undefined && {'projectcalico.org/IPv6Address': ipv6Address}),
			...(asNumber !== undefined && {'projectcalico.org/ASNumber': String(asNumber)}),
		},
	};
	return ['nodes', {apiVersion: 'v1', kind: 'Node', metadata, spec, status: {addresses, ...status}}];
}

/** calico-node's container, as far as it matters, with what the API server fills in. */
function container(version: string, env: readonly JsonObject[]): JsonObject {
	return {
		...(env.length > 0 && {env}),
		image: `calico/node:${version}`,
		imagePullPolicy: 'IfNotPresent',
		name: 'calico-node',
		resources: {},
		terminationMessagePath: '/dev/termination-log',
		terminationMessagePolicy: 'File',
	};
}

const podDefaults = {
	dnsPolicy: 'ClusterFirst',
	hostNetwork: true,
	restartPolicy: 'Always',
	schedulerName: 'default-scheduler',
	securityContext: {},
	terminationGracePeriodSeconds: 30,
};

const tolerations = ['not-ready', 'unreachable'].map(condition => ({
	effect: 'NoExecute',
	key: `node.kubernetes.io/${condition}`,
	operator: 'Exists',
	tolerationSeconds: 300,
}));

function pod(seed: NodeSeed, index: number, {looks, version, namespace}: ClusterOptions): Entry {
	const address = (seed.ipv4Address ?? seed.ipv6Address ?? '').replace(/\/.*$/, '');
	const zone = seed.labels?.['topology.kubernetes.io/zone'];
	const object: KubernetesObject = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			...looks.pod(seed, index),
			namespace,
			generation: 1,
			labels: {'k8s-app': 'calico-node', ...(zone !== undefined && {'topology.kubernetes.io/zone': zone})},
		},
		spec: {
			...podDefaults,
			containers: [container(version, [])],
			enableServiceLinks: true,
			nodeName: seed.name,
			preemptionPolicy: 'PreemptLowerPriority',
			priority: 0,
			tolerations,
		},
		status: {
			conditions: [{lastProbeTime: null, lastTransitionTime: null, status: 'True', type: 'Ready'}],
			containerStatuses: [
				{
					image: 'calico/node',
					imageID: 'x',
					lastState: {},
					name: 'calico-node',
					ready: true,
					restartCount: 0,
					state: {running: {startedAt: '2026-01-01T00:00:00Z'}},
				},
			],
			hostIP: address,
			phase: 'Running',
			podIP: address,
			podIPs: [{ip: address}],
			qosClass: 'BestEffort',
		},
	};
	return ['pods', object];
}

function daemonSet({version, backend, namespace}: ClusterOptions): Entry {
	const labels = {'k8s-app': 'calico-node'};
	const env = [
		{name: 'CALICO_NETWORKING_BACKEND', value: backend},
		{name: 'DATASTORE_TYPE', value: 'kubernetes'},
	];
	const object: KubernetesObject = {
		apiVersion: 'apps/v1',
		kind: 'DaemonSet',
		metadata: {
			name: 'calico-node',
			namespace,
			annotations: {'deprecated.daemonset.template.generation': '1'},
			generation: 1,
			labels,
		},
		spec: {
			revisionHistoryLimit: 10,
			selector: {matchLabels: labels},
			template: {metadata: {labels}, spec: {...podDefaults, containers: [container(version, env)]}},
			updateStrategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}, type: 'RollingUpdate'},
		},
		status: {currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0},
	};
	return ['daemonsets.apps', object];
}

function calicoResources(api: ApiOptions, cluster: ClusterOptions, random: Random, now: string): readonly Entry[] {
	const seeds = [...poolSeeds(cluster.nodes, cluster), informationSeed(cluster, random), felixConfiguration];
	return seeds.map(seed => customResource(api, seed, now));
}

/** What calico-node writes when it starts for the first time. */
const felixConfiguration: Seed = {
	kind: 'FelixConfiguration',
	metadata: {name: 'default'},
	spec: {
		bpfConnectTimeLoadBalancing: 'TCP',
		bpfHostNetworkedNATWithoutCTLB: 'Enabled',
		floatingIPs: 'Disabled',
		logSeverityScreen: 'Info',
		reportingInterval: '0s',
	},
};

/** A Calico resource as calicoctl, or Calico itself, leaves it in its custom resource. */
function customResource(api: ApiOptions, seed: Seed, now: string): Entry {
	const storage = storageOf(api.shape, seed.kind);
	if (!storage) throw new Error(`no storage for ${seed.kind}`);
	const resource: StoredResource = {...seed, apiVersion: ''};
	const object = {
		apiVersion: `${storage.group}/${storage.version}`,
		kind: seed.kind,
		metadata: {...storedMetadata(resource, storage, undefined, now), generation: 1},
		spec: seed.spec,
	};
	return [storage.collection, seed.kind === 'ClusterInformation' ? clusterInformation(object, api, now) : object];
}

/** Applied by hand and then completed by Calico, which keeps what it saw of the metadata (transcripts). */
function clusterInformation(object: KubernetesObject, api: ApiOptions, now: string): KubernetesObject {
	const spec = {...object.spec, clusterType: 'k8s,bgp,kdd', ...(api.migration && {datastoreReady: false})};
	const metadata = {name: object.metadata.name, generation: 2};
	if (api.shape === 'kubernetes-native') return {...object, metadata, spec};
	const fields = Object.keys(spec).sort();
	const managed = {
		manager: 'kubectl-create',
		operation: 'Update',
		apiVersion: `${crdGroup}/v1`,
		time: now,
		fieldsType: 'FieldsV1',
		fieldsV1: {'f:spec': {'.': {}, ...Object.fromEntries(fields.map(field => [`f:${field}`, {}]))}},
	};
	const kept = JSON.stringify({generation: 1, creationTimestamp: now, managedFields: [managed]});
	return {...object, metadata: {...metadata, annotations: {'projectcalico.org/metadata': kept}}, spec};
}

function namespaceObject(name: string): Entry {
	const labels = {'kubernetes.io/metadata.name': name};
	const spec = {finalizers: ['kubernetes']};
	return [
		'namespaces',
		{apiVersion: 'v1', kind: 'Namespace', metadata: {name, labels}, spec, status: {phase: 'Active'}},
	];
}

function installation(backend: string): Entry {
	const calicoNetwork = {bgp: backend === 'bird' ? 'Enabled' : 'Disabled', linuxDataplane: 'Iptables'};
	const spec = {calicoNetwork, cni: {type: 'Calico'}, variant: 'Calico'};
	const object: KubernetesObject = {
		apiVersion: 'operator.tigera.io/v1',
		kind: 'Installation',
		metadata: {name: 'default', generation: 1},
		spec,
		status: {computed: spec},
	};
	return ['installations.operator.tigera.io', object];
}

function calicoConfig(backend: string): Entry {
	const metadata = {name: 'calico-config', namespace: 'kube-system'};
	return ['configmaps', {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {calico_backend: backend}}];
}

/** Of the aggregated API it names the service that answers; of custom resources it is local (calico.md §2.4). */
function apiService({shape}: ApiOptions): Entry {
	const service = shape === 'kubernetes-aggregated' && {
		service: {name: 'calico-api', namespace: 'calico-apiserver', port: 443},
	};
	const object: KubernetesObject = {
		apiVersion: 'apiregistration.k8s.io/v1',
		kind: 'APIService',
		metadata: {name: 'v3.projectcalico.org'},
		spec: {
			group: 'projectcalico.org',
			version: 'v3',
			groupPriorityMinimum: service ? 1500 : 1000,
			versionPriority: 100,
			...service,
		},
		status: {conditions: [{type: 'Available', status: 'True', reason: service ? 'Passed' : 'Local'}]},
	};
	return ['apiservices.apiregistration.k8s.io', object];
}

function datastoreMigration(): Entry {
	const object: KubernetesObject = {
		apiVersion: 'migration.projectcalico.org/v1beta1',
		kind: 'DatastoreMigration',
		metadata: {name: 'v1-to-v3', generation: 1},
		spec: {type: 'APIServerToCRDs'},
		status: {phase: 'Migrating'},
	};
	return ['datastoremigrations.migration.projectcalico.org', object];
}

/** Where an object that a test or a lab brings along lies. */
function collectionOf({apiVersion, kind}: KubernetesObject): string {
	const [version = '', group] = apiVersion.split('/').reverse();
	const plural = kind === 'CalicoNodeStatus' ? 'caliconodestatuses' : `${kind.toLowerCase()}s`;
	return group === undefined || version === '' ? plural : `${plural}.${group}`;
}
