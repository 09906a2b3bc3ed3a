import {describe, expect, it} from 'vitest';
import {createKubectlCluster} from '../../../src/cluster/kubectl/cluster.ts';
import {makePlan} from '../../../src/core/plan/make.ts';
import type {Choice} from '../../../src/core/plan/types.ts';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {row} from '../transcripts.ts';
import {type Answer, apis, createTableExec, itemsOf, list, printed, refused} from './table-exec.ts';

const file = 'kdd-v3.32.1/kubectl';
const group = 'crd.projectcalico.org';
const kinds = `kubectl get clusterinformations.${group},felixconfigurations.${group},bgpconfigurations.${group},bgppeers.${group} -o json --show-managed-fields`;
const statuses = `kubectl get caliconodestatuses.${group} -o json`;
const columns = 'NODE:.spec.nodeName,OWNER:.metadata.ownerReferences[0].kind,PHASE:.status.phase';
const workloads = `kubectl get pods --all-namespaces --no-headers -o custom-columns=${columns}`;
const daemonSet = 'kubectl get daemonset calico-node -n calico-system -o json';
const installation = 'kubectl get installations.operator.tigera.io default -o json';
const mayExec = 'kubectl auth can-i create pods --subresource=exec -n calico-system';
const no: Answer = {stdout: 'no\n', stderr: "Warning: resource 'nodes' is not namespace scoped\n\n", exitCode: 1};
const information = JSON.parse(row(file, 8).stdout);
const can = (...calls: readonly string[]) =>
	Object.fromEntries(calls.map(call => [`kubectl auth can-i ${call}`, 'yes\n']));
const reading = [
	'nodes',
	...['bgppeers', 'bgpconfigurations', 'ippools', 'clusterinformations'].map(each => `${each}.${group}`),
];

/** A real cluster's answers, and those that the transcripts lack as Kubernetes gives them. */
const table: Readonly<Record<string, Answer>> = {
	'kubectl version -o json': printed(file, 1),
	'kubectl get --raw /apis': row(file, 2).stdout,
	'kubectl get nodes -o json': row(file, 3).stdout,
	'kubectl get pods --all-namespaces -l k8s-app=calico-node -o json': row(file, 4).stdout,
	[daemonSet]: row(file, 5).stdout,
	[kinds]: list(information),
	[statuses]: list(),
	[workloads]:
		'node-0   DaemonSet    Running\nnode-0   ReplicaSet   Running\nnode-0   <none>       Running\nnode-0   Node         Running\nnode-1   Job          Succeeded\n',
	...can(...reading.flatMap(each => [`get ${each}`, `list ${each}`])),
	...can('list pods -n calico-system', 'create pods --subresource=exec -n calico-system'),
};

function clusterOn(changes: Readonly<Record<string, Answer>> = {}) {
	const {exec, calls} = createTableExec({...table, ...changes});
	return {cluster: createKubectlCluster({exec, clock: createSteppedClock(), practice: false}), calls};
}

async function inspect(changes: Readonly<Record<string, Answer>> = {}) {
	const facts = await clusterOn(changes).cluster.inspect?.();
	if (facts === undefined) throw new Error('kubectl can inspect');
	return facts;
}

describe('inspect', () => {
	it('knows everything of a real cluster', async () => {
		const facts = await inspect();
		expect(facts).toMatchObject({
			tool: {value: {name: 'kubectl', version: 'v1.32.4-dispatcher'}},
			calicoVersion: {value: 'v3.32.1'},
			api: {value: 'crd.projectcalico.org/v1'},
			datastoreReady: {value: true},
			migration: {value: null},
			backend: {value: 'bird'},
			installationBgp: {value: null},
			felix: {value: null},
			exec: {value: true},
			passwordReadable: {value: null},
			owners: {value: []},
			leftovers: {value: []},
		});
		expect(facts.permissions.known && facts.permissions.value).toHaveLength(12);
		expect(facts.permissions.known && facts.permissions.value.every(({allowed}) => allowed)).toBe(true);
		const nodes = facts.nodes.known ? [...facts.nodes.value] : [];
		expect(nodes.map(([name, {workloads: count}]) => [name, count])).toEqual([
			['node-0', 2],
			['node-1', 0],
			['node-2', 0],
			['node-3', 0],
			['node-4', 0],
		]);
		expect(nodes[0]?.[1]).toMatchObject({
			ready: true,
			schedulable: true,
			taints: ['node.kubernetes.io/not-ready:NoSchedule'],
			internalIps: ['172.31.40.1'],
			os: 'linux',
			createdAt: '2026-11-23T16:34:28Z',
		});
	});

	it('asks for exactly the calls of the plan and its way back', async () => {
		const choice: Choice = {
			reflectors: ['node-0', 'node-1', 'node-2'],
			order: 'safe',
			clusterId: {mode: 'shared', id: '224.0.0.1'},
			label: 'calico-route-reflector',
		};
		const all = [information, ...itemsOf(row(file, 3).stdout)];
		const everything = `kubectl get ${['nodes', ...reading.slice(1)].join(',')} -o json`;
		const writes = [
			'patch nodes',
			`create bgppeers.${group}`,
			`delete bgppeers.${group}`,
			`create bgpconfigurations.${group}`,
			`delete bgpconfigurations.${group}`,
			`patch bgpconfigurations.${group}`,
		];
		const {cluster, calls} = clusterOn({
			[everything]: list(...all),
			'kubectl config view -o json': '{}',
			...can(...writes),
			'kubectl auth can-i patch nodes': no,
		});
		const {snapshot} = await cluster.read();
		const facts = await cluster.inspect?.(makePlan(snapshot, choice));
		expect(calls.filter(call => call.includes(' can-i ') && !/ can-i (?:get|list) /.test(call)).sort()).toEqual(
			[...writes.map(call => `kubectl auth can-i ${call}`), mayExec, mayExec].sort(),
		);
		const missing = facts?.permissions.known ? facts.permissions.value.filter(({allowed}) => !allowed) : [];
		expect(missing).toEqual([{verb: 'patch', resource: 'nodes', allowed: false}]);
	});

	it('asks about CalicoNodeStatus where exec is not allowed', async () => {
		const calls = ['create', 'get', 'list', 'delete'].map(verb => `${verb} caliconodestatuses.${group}`);
		const facts = await inspect({[mayExec]: no, ...can(...calls)});
		expect(facts.exec).toEqual({known: true, value: false});
		const asked = facts.permissions.known
			? facts.permissions.value.map(({verb, resource}) => `${verb} ${resource}`)
			: [];
		expect(asked).toEqual(expect.arrayContaining(calls));
	});

	it.each([
		['no variable', {env: undefined}, 'bird'],
		['vxlan', {env: [{name: 'CALICO_NETWORKING_BACKEND', value: 'vxlan'}]}, 'vxlan'],
		[
			"the manifests' ConfigMap",
			{
				env: [
					{
						name: 'CALICO_NETWORKING_BACKEND',
						valueFrom: {configMapKeyRef: {name: 'calico-config', key: 'calico_backend'}},
					},
				],
			},
			'none',
		],
	])('reads the backend from %s', async (_name, {env}, backend) => {
		const spec = {template: {spec: {containers: [{name: 'other'}, {name: 'calico-node', env}]}}};
		const facts = await inspect({
			[daemonSet]: JSON.stringify({kind: 'DaemonSet', spec}),
			'kubectl get configmap calico-config -n calico-system -o json': JSON.stringify({data: {calico_backend: 'none'}}),
		});
		expect(facts.backend).toEqual({known: true, value: backend});
	});

	it.each([
		[{spec: {calicoNetwork: {bgp: 'Enabled'}}, status: {computed: {calicoNetwork: {bgp: 'Disabled'}}}}, 'Disabled'],
		[{spec: {calicoNetwork: {bgp: 'Enabled'}}}, 'Enabled'],
		[{spec: {}}, 'Enabled'],
		[{spec: {kubernetesProvider: 'EKS'}}, 'Disabled'],
		[{spec: {cni: {type: 'AmazonVPC'}}}, 'Disabled'],
	])("reads the operator's %j", async (object, value) => {
		const facts = await inspect({
			'kubectl get --raw /apis': apis(group, 'operator.tigera.io'),
			[installation]: JSON.stringify(object),
		});
		expect(facts.installationBgp).toEqual({known: true, value});
	});

	it('knows that an operator without an Installation installed nothing', async () => {
		const facts = await inspect({
			'kubectl get --raw /apis': apis(group, 'operator.tigera.io'),
			[installation]: refused('Error from server (NotFound): installations.operator.tigera.io "default" not found'),
		});
		expect(facts.installationBgp).toEqual({known: true, value: null});
	});

	it('names who keeps a resource, by managed fields and by labels', async () => {
		const managedFields = [{manager: 'argocd-controller', operation: 'Update'}];
		const facts = await inspect({
			[kinds]: list(
				information,
				{apiVersion: `${group}/v1`, kind: 'BGPConfiguration', metadata: {name: 'default', managedFields}, spec: {}},
				{
					apiVersion: `${group}/v1`,
					kind: 'BGPPeer',
					metadata: {name: 'tor', labels: {'kustomize.toolkit.fluxcd.io/name': 'x'}},
					spec: {},
				},
				{
					apiVersion: `${group}/v1`,
					kind: 'FelixConfiguration',
					metadata: {name: 'default'},
					spec: {programClusterRoutes: 'Enabled'},
				},
			),
		});
		expect(facts.owners).toEqual({
			known: true,
			value: [
				{kind: 'BGPConfiguration', name: 'default', owner: 'Argo CD'},
				{kind: 'BGPPeer', name: 'tor', owner: 'Flux'},
			],
		});
		expect(facts.felix).toEqual({known: true, value: {programClusterRoutes: 'Enabled'}});
	});

	it('lists what an earlier run left, and how to remove it', async () => {
		const object = (name: string, labels = {}) => ({kind: 'CalicoNodeStatus', metadata: {name, labels}});
		const facts = await inspect({
			[statuses]: list(
				object('calico-rr-wizard-1a2b3c4d-1'),
				object('mine'),
				object('x', {'app.kubernetes.io/managed-by': 'calico-rr-wizard'}),
			),
		});
		expect(facts.leftovers.known && facts.leftovers.value.map(({name}) => name)).toEqual([
			'calico-rr-wizard-1a2b3c4d-1',
			'x',
		]);
		expect(facts.leftovers.known && facts.leftovers.value[0]?.remove).toBe(
			`kubectl delete caliconodestatuses.${group} calico-rr-wizard-1a2b3c4d-1`,
		);
	});

	it('finds no leftovers where the kind does not exist', async () => {
		const facts = await inspect({
			[statuses]: refused('error: the server doesn\'t have a resource type "caliconodestatuses"'),
		});
		expect(facts.leftovers).toEqual({known: true, value: []});
	});

	const withPassword = list(information, {
		apiVersion: `${group}/v1`,
		kind: 'BGPConfiguration',
		metadata: {name: 'default'},
		spec: {nodeMeshPassword: {secretKeyRef: {name: 'bgp', key: 'pw'}}},
	});
	const secret = 'kubectl get secret bgp -n calico-system -o name';
	const asNode =
		'kubectl auth can-i get secrets/bgp -n calico-system --as=system:serviceaccount:calico-system:calico-node';

	it.each([
		['there, and readable', 'secret/bgp\n', 'yes\n', true],
		['there, and not readable', 'secret/bgp\n', no, false],
		['missing', refused('Error from server (NotFound): secrets "bgp" not found'), 'yes\n', false],
		['hidden from us', refused('Error from server (Forbidden): secrets "bgp" is forbidden'), 'yes\n', true],
	] as const)('asks about the secret of the mesh password, which is %s', async (_name, answer, may, value) => {
		const facts = await inspect({[kinds]: withPassword, [secret]: answer, [asNode]: may});
		expect(facts.passwordReadable).toEqual({known: true, value});
	});

	it('does not know about the secret where it may not ask for calico-node', async () => {
		const facts = await inspect({
			[kinds]: withPassword,
			[secret]: 'secret/bgp\n',
			[asNode]: refused(
				'Error from server (Forbidden): users "system:serviceaccount:calico-system:calico-node" is forbidden: User "v" cannot impersonate resource "users"',
			),
		});
		expect(facts.passwordReadable).toEqual({known: false, reason: expect.stringContaining('cannot impersonate')});
	});
});

describe('what cannot be asked', () => {
	const forbidden = refused('Error from server (Forbidden): x is forbidden: User "viewer" cannot list resource "x"');

	it.each([
		['nodes', 'kubectl get nodes -o json'],
		['backend', daemonSet],
		['leftovers', statuses],
		['exec', mayExec],
		['tool', 'kubectl version -o json'],
		['api', 'kubectl get --raw /apis'],
	] as const)('makes %s unknown, with the reason', async (fact, command) => {
		const facts = await inspect({[command]: forbidden});
		expect(facts[fact]).toEqual({known: false, reason: expect.stringContaining('viewer')});
	});

	it('leaves the other kinds of one call known', async () => {
		const line = `Error from server (Forbidden): felixconfigurations.${group} is forbidden: User "viewer" cannot list resource "felixconfigurations"`;
		const facts = await inspect({[kinds]: refused(line, list(information))});
		expect(facts.felix).toEqual({known: false, reason: line});
		expect(facts).toMatchObject({
			calicoVersion: {value: 'v3.32.1'},
			datastoreReady: {value: true},
			owners: {value: []},
		});
	});

	it('leaves the workloads out where pods cannot be listed', async () => {
		const facts = await inspect({[workloads]: forbidden});
		expect(facts.nodes.known && facts.nodes.value.get('node-0')).toMatchObject({ready: true, workloads: null});
	});

	it('ends when it is stopped', async () => {
		const stopped = async () => ({stdout: '', stderr: '', exitCode: null, failure: 'aborted' as const});
		const cluster = createKubectlCluster({exec: stopped, clock: createSteppedClock(), practice: false});
		await expect(cluster.inspect?.(undefined, AbortSignal.abort())).rejects.toMatchObject({kind: 'aborted'});
	});
});
