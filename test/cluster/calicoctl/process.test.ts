import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type CalicoctlOptions, createCalicoctlCluster} from '../../../src/cluster/calicoctl/cluster.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import {
	createPracticeNodeShell,
	createTemplateNodeShell,
	parseNodeShellTemplate,
} from '../../../src/cluster/node-shell.ts';
import type {Cluster} from '../../../src/cluster/port.ts';
import {createRealExec} from '../../../src/cluster/real-exec.ts';
import type {BgpConfigurationResource, BgpPeerResource, NodeResource} from '../../../src/core/resources.ts';
import {isEstablished, type Observation} from '../../../src/core/session.ts';
import {inverse, type Write} from '../../../src/core/write.ts';
import {type SharedPractice, sharePractice} from '../../support/shared-practice.ts';

/** The adapter over real processes: `calicoctl` and `node-exec` on the PATH, both faces of one practice cluster. */
const apiVersion = 'projectcalico.org/v3';
const peer: BgpPeerResource = {
	apiVersion,
	kind: 'BGPPeer',
	metadata: {name: 'peer-to-rrs'},
	spec: {nodeSelector: '!has(calico-route-reflector)', peerSelector: 'has(calico-route-reflector)'},
};
const createPeer: Write = {verb: 'create', kind: 'BGPPeer', name: 'peer-to-rrs', after: peer};

let shared: SharedPractice;
beforeEach(async () => {
	shared = await sharePractice();
});
afterEach(() => shared.close());

function clusterOf(options: Partial<CalicoctlOptions> = {}): Cluster {
	const exec = createRealExec({env: shared.env, grace: 500});
	return createCalicoctlCluster({
		exec,
		allowVersionMismatch: false,
		practice: false,
		nodeShell: createPracticeNodeShell(exec),
		clock: shared.cluster.clock,
		env: shared.env,
		...options,
	});
}

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
	const error = await promise.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof ClusterError)) throw new Error(`not a ClusterError: ${error}`);
	return error;
}

async function sessionsOf(cluster: Cluster, nodes: readonly string[], routes = false): Promise<readonly Observation[]> {
	const list: Observation[] = [];
	for await (const observation of cluster.observe(nodes, {routes})) list.push(observation);
	return list;
}

/** The addresses of a node's sessions, sorted, or why they are unknown. */
async function addressesOf(cluster: Cluster, node: string): Promise<readonly string[]> {
	const [seen] = await sessionsOf(cluster, [node]);
	if (seen === undefined) return [];
	if (!seen.sessions.known) return [seen.sessions.reason];
	return seen.sessions.value.map(({address}) => address).sort();
}
const neighbours = ['172.31.37.123', '172.31.40.217', '172.31.40.30', '172.31.42.47'];

describe('the adapter over real processes', () => {
	it('reads the whole cluster', async () => {
		const cluster = clusterOf();
		const {snapshot, information} = await cluster.read();
		expect(snapshot).toEqual(shared.cluster.datastore.snapshot());
		expect(cluster.identity.guid).toBe(information?.spec.clusterGUID);
		expect(cluster.identity.name).toBe('etcd at http://127.0.0.1:1');
	});

	it('creates, patches and deletes, and each way back leads to the same datastore', async () => {
		const cluster = clusterOf();
		const before = shared.datastore();
		const [node] = (await cluster.read()).snapshot.nodes;
		if (node === undefined) throw new Error('no nodes');
		const reflector: NodeResource = {
			...node,
			metadata: {...node.metadata, labels: {...node.metadata.labels, 'calico-route-reflector': ''}},
			spec: {...node.spec, bgp: {...node.spec.bgp, routeReflectorClusterID: '224.0.0.1'}},
		};
		const found = await cluster.readResource('BGPConfiguration', 'default');
		const meshOff = {nodeToNodeMeshEnabled: false, asNumber: 64512};
		const configuration: BgpConfigurationResource = {
			apiVersion,
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			...found,
			spec: {...found?.spec, ...meshOff},
		};
		const writes: Write[] = [
			createPeer,
			{verb: 'patch', kind: 'Node', name: node.metadata.name, before: node, after: reflector},
			found === undefined
				? {verb: 'create', kind: 'BGPConfiguration', name: 'default', after: configuration}
				: {verb: 'patch', kind: 'BGPConfiguration', name: 'default', before: found, after: configuration},
		];
		for (const write of writes) await cluster.write(write);
		expect((await cluster.readResource('BGPPeer', 'peer-to-rrs'))?.spec).toEqual(peer.spec);
		expect(await cluster.readResource('Node', node.metadata.name)).toMatchObject({
			metadata: {labels: {'calico-route-reflector': ''}},
			spec: {bgp: {...node.spec.bgp, routeReflectorClusterID: '224.0.0.1'}},
		});
		expect((await cluster.readResource('BGPConfiguration', 'default'))?.spec).toMatchObject(meshOff);
		for (const write of writes.toReversed()) await cluster.write(inverse(write));
		expect(await cluster.readResource('BGPPeer', 'peer-to-rrs')).toBeUndefined();
		expect(shared.datastore()).toBe(before);
	});

	it('tells refusals apart', async () => {
		const cluster = clusterOf();
		await cluster.write(createPeer);
		expect(await failure(cluster.write(createPeer))).toMatchObject({kind: 'exists', detail: {settled: true}});
		const broken = {...peer, metadata: {name: 'broken'}, spec: {...peer.spec, nodeSelector: 'has((x)'}};
		const invalid = await failure(cluster.write({verb: 'create', kind: 'BGPPeer', name: 'broken', after: broken}));
		expect(invalid).toMatchObject({kind: 'invalid', detail: {words: expect.stringContaining('NodeSelector')}});
		const gone = {...peer, metadata: {name: 'gone'}};
		const missing = await failure(cluster.write({verb: 'delete', kind: 'BGPPeer', name: 'gone', before: gone}));
		expect(missing).toMatchObject({kind: 'missing', message: 'There is no BGPPeer gone.'});
		expect((await failure(clusterOf({binary: 'calicoctl-nowhere'}).read())).kind).toBe('tool-not-found');
		const stderr = 'hit error: dial tcp 127.0.0.1:1: connect: connection refused\n';
		shared.cluster.faults.add({match: /^calicoctl create /, kind: 'fail', stderr});
		expect(await failure(cluster.write(createPeer))).toMatchObject({kind: 'unreachable', detail: {settled: true}});
		shared.cluster.faults.add({match: /^calicoctl create /, kind: 'killed'});
		expect(await failure(cluster.write(createPeer))).toMatchObject({kind: 'failed', detail: {settled: false}});
	});

	it('does not know what became of a write that never answered, and can find out', async () => {
		const cluster = clusterOf({timeouts: {write: 3000}});
		shared.cluster.faults.add({match: /^calicoctl create /, kind: 'hang-after-effect'});
		const error = await failure(cluster.write(createPeer));
		expect(error).toMatchObject({kind: 'timeout', detail: {settled: false}});
		expect(await cluster.readResource('BGPPeer', 'peer-to-rrs')).toBeDefined();
	});

	it('looks at every node, with routes', async () => {
		const cluster = clusterOf();
		const names = (await cluster.read()).snapshot.nodes.map(({metadata}) => metadata.name);
		await expect
			.poll(
				async () =>
					(await sessionsOf(cluster, names)).map(
						({sessions}) => sessions.known && sessions.value.filter(isEstablished).length,
					),
				{timeout: 40_000, interval: 200},
			)
			.toEqual([4, 4, 4, 4, 4]);
		await expect
			.poll(
				async () =>
					(await sessionsOf(cluster, names, true)).map(
						({routes}) => routes?.known && routes.value.filter(({via}) => via.length > 0).length,
					),
				{timeout: 40_000, interval: 200},
			)
			.toEqual([4, 4, 4, 4, 4]);
	});

	it("shows the local node's table without a node shell", async () => {
		const cluster = clusterOf({nodeShell: undefined, localNodeName: 'ip-172-31-45-29'});
		const [other] = await addressesOf(cluster, 'ip-172-31-40-30');
		expect(other).toContain('not visible from here');
		await expect.poll(() => addressesOf(cluster, 'ip-172-31-45-29'), {timeout: 40_000}).toEqual(neighbours);
	});

	it('reads through what a shell prints around an answer', async () => {
		const wrapper = join(mkdtempSync(join(tmpdir(), 'node-shell-')), 'enter');
		writeFileSync(
			wrapper,
			'#!/bin/sh\nprintf "\\033[32mWelcome to $1\\033[0m\\r\\n"\nnode-exec "$@" | sed "s/$/\\r/"\n',
		);
		chmodSync(wrapper, 0o755);
		// The wrapper needs a system's own tools beside the practice cluster's.
		const exec = createRealExec({env: {...shared.env, PATH: `${shared.env.PATH}:/usr/bin:/bin`}});
		const nodeShell = createTemplateNodeShell(exec, parseNodeShellTemplate(`${wrapper} {node} {command}`));
		const cluster = clusterOf({nodeShell});
		await expect.poll(() => addressesOf(cluster, 'ip-172-31-45-29'), {timeout: 40_000}).toEqual(neighbours);
	});
});
