import {describe, expect, it} from 'vitest';
import {createKubectlCluster} from '../../../src/cluster/kubectl/cluster.ts';
import {readContexts} from '../../../src/cluster/kubectl/contexts.ts';
import {portsOf} from '../../../src/cluster/kubectl/ports.ts';
import {createKubectl} from '../../../src/cluster/kubectl/run.ts';
import type {BgpConfigurationResource, BgpPeerResource, NodeResource} from '../../../src/core/resources.ts';
import {emptySnapshot} from '../../../src/core/snapshot.ts';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {row} from '../transcripts.ts';
import {type Answer, createTableExec, refused} from './table-exec.ts';

const apiVersion = 'projectcalico.org/v3';
const mayExec = 'kubectl auth can-i create pods --subresource=exec -n calico-system';
const may = (verb: string) => `kubectl auth can-i ${verb} caliconodestatuses.crd.projectcalico.org`;
const no: Answer = {stdout: 'no\n', stderr: '', exitCode: 1};
const file = 'kdd-v3.32.1/kubectl';
const table: Readonly<Record<string, Answer>> = {
	'kubectl get --raw /apis': row(file, 2).stdout,
	'kubectl get nodes -o json': row(file, 3).stdout,
	'kubectl get pods --all-namespaces -l k8s-app=calico-node -o json': row(file, 4).stdout,
};

function clusterOn(answers: Readonly<Record<string, Answer>>) {
	const {exec, calls} = createTableExec({...table, ...answers});
	return {cluster: createKubectlCluster({exec, clock: createSteppedClock(), practice: false}), calls};
}

describe('visibility', () => {
	it('is by exec where that is allowed, asked once', async () => {
		const {cluster, calls} = clusterOn({[mayExec]: 'yes\n'});
		for (let number = 0; number < 2; number++) {
			expect(await cluster.visibility(emptySnapshot)).toEqual({
				nodes: 'all',
				source: 'BIRD on the nodes, through "kubectl exec"',
			});
		}
		expect(calls.filter(call => call === mayExec)).toHaveLength(1);
	});

	it('is by CalicoNodeStatus where exec is not allowed', async () => {
		const {cluster} = clusterOn({
			[mayExec]: no,
			[may('create')]: 'yes\n',
			[may('get')]: 'yes\n',
			[may('delete')]: 'yes\n',
		});
		expect(await cluster.visibility(emptySnapshot)).toEqual({
			nodes: 'all',
			source: 'CalicoNodeStatus objects, which calico-node fills (kubectl exec is not allowed in calico-system)',
		});
	});

	it('is nothing where neither is allowed, with both reasons', async () => {
		const {cluster} = clusterOn({[mayExec]: no, [may('create')]: no, [may('get')]: 'yes\n', [may('delete')]: no});
		const reason =
			'kubectl exec is not allowed in calico-system, and you may not create, delete caliconodestatuses.crd.projectcalico.org either';
		expect(await cluster.visibility(emptySnapshot)).toEqual({nodes: [], source: 'nothing', reason});
		const seen = [];
		for await (const look of cluster.observe(['node-0'], {routes: false})) seen.push(look.sessions);
		expect(seen).toEqual([{known: false, reason}]);
	});

	it('asks again where the cluster could not answer', async () => {
		let answers = 0;
		const {cluster} = clusterOn({
			[mayExec]: () =>
				answers++ === 0 ? refused('Unable to connect to the server: EOF') : {stdout: 'yes\n', stderr: '', exitCode: 0},
		});
		await expect(cluster.visibility(emptySnapshot)).rejects.toMatchObject({kind: 'unreachable'});
		expect(await cluster.visibility(emptySnapshot)).toMatchObject({nodes: 'all'});
	});
});

describe('portsOf', () => {
	const node = (name: string, ipv4Address: string): NodeResource => ({
		apiVersion,
		kind: 'Node',
		metadata: {name},
		spec: {bgp: {ipv4Address}},
	});
	const configuration = (name: string, listenPort: number): BgpConfigurationResource => ({
		apiVersion,
		kind: 'BGPConfiguration',
		metadata: {name},
		spec: {listenPort},
	});
	const tor: BgpPeerResource = {apiVersion, kind: 'BGPPeer', metadata: {name: 'tor'}, spec: {peerIP: '192.0.2.1:1791'}};

	it("knows a node's own port, the cluster's, and a router's", () => {
		const portOf = portsOf({
			...emptySnapshot,
			nodes: [node('a', '10.0.0.1/8'), node('b', '10.0.0.2/8')],
			bgpPeers: [tor],
			bgpConfigurations: [configuration('default', 1790), configuration('node.b', 1792)],
		});
		const ports = ['10.0.0.1', '10.0.0.2', '192.0.2.1', '192.0.2.2'].map(address => portOf(address, 'node'));
		expect(ports).toEqual([1790, 1792, 1791, null]);
	});
});

describe('readContexts', () => {
	const contexts = (text: string) =>
		readContexts(
			createKubectl({
				exec: createTableExec({'kubectl config view -o json': text}).exec,
				binary: 'kubectl',
				timeouts: {read: 1000, write: 1000},
			}),
		);

	it('lists every context with its server, without passwords', async () => {
		const config = {
			'current-context': 'b',
			contexts: [
				{name: 'a', context: {cluster: 'c'}},
				{name: 'b', context: {cluster: 'gone'}},
			],
			clusters: [{name: 'c', cluster: {server: 'https://u:p@10.0.0.1:6443'}}],
		};
		expect(await contexts(JSON.stringify(config))).toEqual([
			{name: 'a', server: 'https://10.0.0.1:6443', current: false},
			{name: 'b', server: null, current: true},
		]);
	});

	it('knows that there are none', async () => {
		// What kubectl prints without any configuration.
		expect(
			await contexts(
				'{"kind":"Config","apiVersion":"v1","preferences":{},"clusters":null,"users":null,"contexts":null,"current-context":""}',
			),
		).toEqual([]);
	});
});
