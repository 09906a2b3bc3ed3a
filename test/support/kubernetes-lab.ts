import type {NodeSeed} from '../../src/practice/datastore/seed.ts';
import type {KubernetesOptions} from '../../src/practice/kubernetes/cluster.ts';

/** The five nodes that the Kubernetes transcripts were made with: one /26 block each, no encapsulation. */
export const labNodes: readonly NodeSeed[] = ['zone-a', 'zone-b', 'zone-c', 'zone-a', 'zone-b'].map((zone, index) => ({
	name: `node-${index}`,
	ipv4Address: `172.31.40.${index + 1}/16`,
	labels: {
		...(index === 0 && {'node-role.kubernetes.io/control-plane': ''}),
		'topology.kubernetes.io/zone': zone,
	},
	blocks: [`10.65.${Math.floor(index / 4)}.${(index % 4) * 64}/26`],
}));

const unknownCommit = '$Format:%H$';

/**
 * The API server of the transcripts: built from source without a version, no operator, Nodes that no kubelet reports
 * for, and status reporters that reached no BIRD for IPv4 and one without peers for IPv6.
 */
export const labKubernetes: KubernetesOptions = {
	operator: false,
	namespace: 'calico-system',
	version: {
		major: '1',
		minor: '35',
		gitVersion: `v0.0.0-master+${unknownCommit}`,
		gitCommit: unknownCommit,
		gitTreeState: '',
		buildDate: '1970-01-01T00:00:00Z',
		goVersion: 'go1.26.8',
		compiler: 'gc',
		platform: 'linux/amd64',
	},
	kubeconfigs: {
		'kubeconfig-viewer': {contexts: [{name: 'viewer', cluster: 'lab', user: 'viewer'}], current: 'viewer'},
	},
	heartbeats: false,
	sockets: () => ({bird: false, bird6: true}),
	looks: {
		node: () => ({
			spec: {taints: [{effect: 'NoSchedule', key: 'node.kubernetes.io/not-ready'}]},
			status: {
				conditions: [
					{
						lastHeartbeatTime: null,
						lastTransitionTime: null,
						reason: 'KubeletReady',
						status: 'True',
						type: 'Ready',
					},
				],
				daemonEndpoints: {kubeletEndpoint: {Port: 0}},
				nodeInfo: {
					architecture: 'amd64',
					bootID: 'b',
					containerRuntimeVersion: 'containerd://2',
					kernelVersion: '6',
					kubeProxyVersion: 'v1.35.6',
					kubeletVersion: 'v1.35.6',
					machineID: 'm',
					operatingSystem: 'linux',
					osImage: 'lab',
					systemUUID: 's',
				},
			},
		}),
		pod: ({name}) => ({name: `calico-node-${name}`}),
		workloads: () => [],
	},
};
