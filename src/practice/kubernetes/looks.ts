import {isObject, type JsonObject} from '../../core/json.ts';
import type {Metadata} from '../../core/resources.ts';
import type {NodeSeed} from '../datastore/seed.ts';
import type {Random} from '../random.ts';
import type {KubernetesObject} from './types.ts';

/** How the machines and pods of a cluster look, where that is not Calico's business. */
export type Looks = {
	/** The Node's spec and status, without its addresses. */
	node(seed: NodeSeed, index: number): {readonly spec: JsonObject; readonly status: JsonObject};
	/** The metadata of a node's calico-node pod, without namespace and labels. */
	pod(seed: NodeSeed, index: number): Metadata;
	/** The other pods on a node. */
	workloads(seed: NodeSeed, index: number): readonly KubernetesObject[];
};

/** The machines of a cluster as kubeadm and the kubelet leave them. */
export const usualLooks = (random: Random, kubeletVersion: string, now: string): Looks => ({
	node: ({name, labels}) => {
		const isControlPlane = labels !== undefined && 'node-role.kubernetes.io/control-plane' in labels;
		const taint = {effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane'};
		const resources = {cpu: '2', memory: '3952000Ki', pods: '110'};
		return {
			spec: isControlPlane ? {taints: [taint]} : {},
			status: {
				allocatable: resources,
				capacity: resources,
				conditions: [
					{
						lastHeartbeatTime: now,
						lastTransitionTime: now,
						message: 'kubelet is posting ready status',
						reason: 'KubeletReady',
						status: 'True',
						type: 'Ready',
					},
				],
				daemonEndpoints: {kubeletEndpoint: {Port: 10250}},
				nodeInfo: {
					architecture: 'amd64',
					bootID: random.uuid(),
					containerRuntimeVersion: 'containerd://2.1.4',
					kernelVersion: '6.8.0-1029-aws',
					kubeProxyVersion: kubeletVersion,
					kubeletVersion,
					machineID: random.uuid().replaceAll('-', ''),
					operatingSystem: 'linux',
					osImage: 'Ubuntu 24.04.3 LTS',
					systemUUID: name,
				},
			},
		};
	},
	pod: () => ({name: `calico-node-${suffix(random)}`, ownerReferences: [owner('apps/v1', 'DaemonSet', 'calico-node')]}),
	// Some nodes have none, so that they make good reflectors.
	workloads: ({name}, index) =>
		Array.from({length: index % 4}, () => ({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: {
				name: `web-6f9c7d5b8c-${suffix(random)}`,
				namespace: 'default',
				labels: {app: 'web'},
				ownerReferences: [owner('apps/v1', 'ReplicaSet', 'web-6f9c7d5b8c')],
			},
			spec: {containers: [{image: 'nginx', name: 'web'}], nodeName: name},
			status: {phase: 'Running', qosClass: 'BestEffort'},
		})),
});

function owner(apiVersion: string, kind: string, name: string): JsonObject {
	return {apiVersion, kind, name, controller: true, blockOwnerDeletion: true};
}

/** The five letters and digits that a pod's name ends in; without vowels, so that they make no words. */
function suffix(random: Random): string {
	const letters = 'bcdfghjklmnpqrstvwxz2456789';
	return Array.from({length: 5}, () => letters[random.integer(0, letters.length - 1)]).join('');
}

/** Puts the moment of the kubelet's last report into a Node's status. */
export function withHeartbeat(node: KubernetesObject, now: string): KubernetesObject {
	const status = isObject(node.status) ? node.status : {};
	const conditions = Array.isArray(status.conditions) ? status.conditions : [];
	const beaten = conditions.map(condition =>
		isObject(condition) ? {...condition, lastHeartbeatTime: now} : condition,
	);
	return {...node, status: {...status, conditions: beaten}};
}
