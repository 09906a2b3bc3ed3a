import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../src/cluster/errors.ts';
import {createKubectlCluster, type KubectlClusterOptions} from '../../../src/cluster/kubectl/cluster.ts';
import type {BgpConfigurationResource} from '../../../src/core/resources.ts';
import {findResource} from '../../../src/core/snapshot.ts';
import type {Write} from '../../../src/core/write.ts';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {row} from '../transcripts.ts';
import {type Answer, apis, createTableExec, itemsOf, list, printed, refused} from './table-exec.ts';

const shapes = [
	{folder: 'kdd-v3.32.1', group: 'crd.projectcalico.org', apiVersion: 'crd.projectcalico.org/v1'},
	{folder: 'kdd-native-v3.32.1', group: 'projectcalico.org', apiVersion: 'projectcalico.org/v3'},
] as const;
const config = JSON.stringify({
	'current-context': 'lab',
	contexts: [
		{name: 'lab', context: {cluster: 'c', user: 'u'}},
		{name: 'other', context: {cluster: 'd'}},
	],
	clusters: [{name: 'c', cluster: {server: 'https://admin:secret@10.0.0.1:6443'}}],
});

/** What a real cluster of five nodes printed, in the form in which it is asked here. */
function tableOf({folder, group}: {folder: string; group: string}): Record<string, Answer> {
	const items = (number: number) => itemsOf(row(`${folder}/kubectl`, number).stdout);
	const information = JSON.parse(row(`${folder}/kubectl`, 8).stdout);
	const kinds = ['bgppeers', 'bgpconfigurations', 'ippools', 'clusterinformations'].map(plural => `${plural}.${group}`);
	const exec = 'kubectl exec -n calico-system calico-node-node-4 -c calico-node --';
	return {
		'kubectl get --raw /apis': row(`${folder}/kubectl`, 2).stdout,
		'kubectl config view -o json': config,
		'kubectl get nodes -o json': row(`${folder}/kubectl`, 3).stdout,
		[`kubectl get nodes,${kinds.join(',')} -o json`]: list(...items(3), ...items(6), ...items(9), information),
		[`kubectl get bgpconfigurations.${group} default -o json`]: printed(`${folder}/kubectl`, 7),
		'kubectl get pods --all-namespaces -l k8s-app=calico-node -o json': row(`${folder}/kubectl`, 4).stdout,
		'kubectl auth can-i create pods --subresource=exec -n calico-system': 'yes\n',
		[`${exec} birdcl -s /var/run/calico/bird.ctl show protocols`]: row(`${folder}/kubectl`, 11).stdout,
		[`${exec} ip route show proto bird`]: '10.65.0.0/26 via 172.31.40.1 dev eth0 metric 1024 \n',
	};
}

function clusterOn(table: Record<string, Answer>, options: Partial<KubectlClusterOptions> = {}) {
	const {exec, calls} = createTableExec(table);
	const cluster = createKubectlCluster({exec, clock: createSteppedClock(), practice: false, ...options});
	return {cluster, calls};
}

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof ClusterError) return error;
		throw error;
	}
	throw new Error('it did not fail');
}

describe.each(shapes)('a real cluster with $apiVersion', shape => {
	const {folder, group, apiVersion} = shape;

	it('is read in three calls, in the form that calicoctl gives', async () => {
		const {cluster, calls} = clusterOn(tableOf(shape));
		const {snapshot, information} = await cluster.read();
		expect(calls).toHaveLength(3);
		expect(snapshot.nodes.map(({metadata}) => metadata.name)).toEqual([
			'node-0',
			'node-1',
			'node-2',
			'node-3',
			'node-4',
		]);
		expect(snapshot.nodes.map(({spec}) => spec.bgp)).toEqual(
			[1, 2, 3, 4, 5].map(number => ({ipv4Address: `172.31.40.${number}/16`})),
		);
		expect(snapshot).toMatchObject({bgpPeers: [], bgpConfigurations: []});
		expect(snapshot.ipPools).toMatchObject([{apiVersion: 'projectcalico.org/v3', spec: {cidr: '10.65.0.0/16'}}]);
		expect(snapshot.ipPools[0]?.metadata).not.toHaveProperty('annotations');
		expect(information).toMatchObject({metadata: {name: 'default'}, spec: {calicoVersion: 'v3.32.1'}});
		expect(cluster.identity).toEqual({
			via: 'kubectl',
			practice: false,
			name: 'context lab at https://10.0.0.1:6443',
			guid: '0a1b2c',
		});
	});

	it('has no default BGPConfiguration', async () => {
		const {cluster} = clusterOn(tableOf(shape));
		expect(await cluster.readResource('BGPConfiguration', 'default')).toBeUndefined();
	});

	it('creates, patches, dry-runs and deletes; the preview shows the command that runs', async () => {
		const stored = JSON.stringify({
			apiVersion,
			kind: 'BGPConfiguration',
			metadata: {name: 'default', resourceVersion: '308', generation: 1},
			spec: {nodeToNodeMeshEnabled: true, asNumber: 64_512},
		});
		const patch = `kubectl patch bgpconfigurations.${group} default --type=merge -p {"metadata":{"resourceVersion":"308"},"spec":{"nodeToNodeMeshEnabled":false}}`;
		const inputs: string[] = [];
		const table = {
			...tableOf(shape),
			[`kubectl get bgpconfigurations.${group} default -o json`]: stored,
			'kubectl create -f -': (input: string) => {
				inputs.push(input);
				return printed(`${folder}/kubectl`, 21);
			},
			'kubectl create -f - --dry-run=server': `bgpconfiguration.${group}/default created (server dry run)\n`,
			[patch]: row(`${folder}/kubectl`, 22).stdout,
			[`${patch} --dry-run=server`]: `bgpconfiguration.${group}/default patched (server dry run)\n`,
			[`kubectl delete bgpconfigurations.${group} default`]: `bgpconfiguration.${group} "default" deleted\n`,
		};
		const {cluster, calls} = clusterOn(table);
		await cluster.read();
		const after: BgpConfigurationResource = {
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			spec: {nodeToNodeMeshEnabled: true, asNumber: 64_512},
		};
		const create: Write = {verb: 'create', kind: 'BGPConfiguration', name: 'default', after};
		await cluster.dryRun?.(create);
		await cluster.write(create);
		expect(inputs).toEqual([expect.stringContaining(`apiVersion: ${apiVersion}\nkind: BGPConfiguration\n`)]);

		const before = await cluster.readResource('BGPConfiguration', 'default');
		if (before === undefined) throw new Error('it was just created');
		const off = {...before, spec: {...before.spec, nodeToNodeMeshEnabled: false}};
		const write: Write = {verb: 'patch', kind: 'BGPConfiguration', name: 'default', before, after: off};
		const {file, args} = cluster.commandFor(write);
		await cluster.dryRun?.(write);
		await cluster.write(write);
		expect([file, ...args].join(' ')).toBe(`${patch} --request-timeout=25s`);
		await cluster.write({verb: 'delete', kind: 'BGPConfiguration', name: 'default', before: off});
		expect(calls.slice(-6)).toEqual([
			'kubectl create -f - --dry-run=server',
			'kubectl create -f -',
			`kubectl get bgpconfigurations.${group} default -o json`,
			`${patch} --dry-run=server`,
			patch,
			`kubectl delete bgpconfigurations.${group} default`,
		]);
	});

	it('marks a reflector in one write, without a version', async () => {
		const argv = row(`${folder}/kubectl`, 17).argv;
		const body = JSON.stringify(JSON.parse(argv.at(-1) ?? ''));
		const {cluster} = clusterOn({
			...tableOf(shape),
			[[...argv.slice(0, -1), body].join(' ')]: 'node/node-0 patched (no change)\n',
		});
		const {snapshot} = await cluster.read();
		const before = findResource(snapshot, 'Node', 'node-0');
		if (before === undefined) throw new Error('there is node-0');
		const after = {
			...before,
			metadata: {...before.metadata, labels: {...before.metadata.labels, 'calico-route-reflector': ''}},
			spec: {...before.spec, bgp: {...before.spec.bgp, routeReflectorClusterID: '224.0.0.1'}},
		};
		await cluster.write({verb: 'patch', kind: 'Node', name: 'node-0', before, after});
	});

	it('is looked at through the calico-node pods', async () => {
		const {cluster} = clusterOn(tableOf(shape));
		const {snapshot} = await cluster.read();
		expect(await cluster.visibility(snapshot)).toEqual({
			nodes: 'all',
			source: 'BIRD on the nodes, through "kubectl exec"',
		});
		const seen = [];
		for await (const observation of cluster.observe(['node-4', 'nowhere'], {routes: true})) seen.push(observation);
		expect(seen).toMatchObject([
			{node: 'nowhere', sessions: {known: false, reason: 'there is no such node'}},
			{
				node: 'node-4',
				sessions: {
					known: true,
					value: [1, 2, 3, 4].map(number => ({
						protocol: `Mesh_172_31_40_${number}`,
						address: `172.31.40.${number}`,
						state: 'up',
						info: 'Established',
					})),
				},
				routes: {known: true, value: [{destination: '10.65.0.0/26', via: ['172.31.40.1']}]},
			},
		]);
	});
});

describe('which API', () => {
	const [plain, native] = shapes;
	const service = 'kubectl get apiservices.apiregistration.k8s.io v3.projectcalico.org -o json';
	const migrations = 'kubectl get datastoremigrations.migration.projectcalico.org -o json';
	const both = apis('crd.projectcalico.org', 'projectcalico.org');
	const migrating = apis('crd.projectcalico.org', 'projectcalico.org', 'migration.projectcalico.org');
	const migration = (phase?: string) =>
		list({
			apiVersion: 'migration.projectcalico.org/v1',
			kind: 'DatastoreMigration',
			metadata: {name: 'v1-to-v3'},
			status: {phase},
		});
	const local = '{"kind":"APIService","spec":{"group":"projectcalico.org"}}';
	const remote = '{"kind":"APIService","spec":{"service":{"name":"calico-api"}}}';

	it.each([
		['an API server of Calico', {'kubectl get --raw /apis': both, [service]: remote}, native, 4],
		[
			'an API service that may not be read',
			{'kubectl get --raw /apis': both, [service]: refused('Error from server (Forbidden): x')},
			native,
			4,
		],
		['CRDs of both, not migrated', {'kubectl get --raw /apis': both, [service]: local}, plain, 4],
		[
			'CRDs of both, migrated',
			{'kubectl get --raw /apis': migrating, [service]: local, [migrations]: migration('Complete')},
			native,
			5,
		],
		[
			'an operator that could migrate',
			{'kubectl get --raw /apis': migrating, [service]: remote, [migrations]: list()},
			native,
			5,
		],
	] as const)('%s', async (_name, table, shape, count) => {
		const {cluster, calls} = clusterOn({...tableOf(shape), ...table});
		await cluster.read();
		expect(calls).toHaveLength(count);
		expect(calls.at(-1) ?? '').toContain(`clusterinformations.${shape.group}`);
	});

	it.each(['Pending', 'Migrating', 'WaitingForConflictResolution', 'Converged', 'Failed'])(
		'refuses a migration that is %s',
		async phase => {
			const {cluster} = clusterOn({
				...tableOf(plain),
				'kubectl get --raw /apis': migrating,
				[service]: local,
				[migrations]: migration(phase),
			});
			const error = await failure(cluster.read());
			expect(error.message).toBe(`Calico's datastore is being migrated (${phase}); nothing is touched.`);
		},
	);

	it('refuses where a migration cannot be excluded: the datastore is locked', async () => {
		const table = tableOf(plain);
		const [key = ''] = Object.keys(table).filter(each => each.startsWith('kubectl get nodes,'));
		const locked = String(table[key]).replace('"datastoreReady": true', '"datastoreReady": false');
		const {cluster} = clusterOn({
			...table,
			[key]: locked,
			'kubectl get --raw /apis': migrating,
			[service]: local,
			[migrations]: refused('Error from server (Forbidden): x'),
		});
		expect((await failure(cluster.read())).message).toContain('being migrated');
		const {cluster: unlocked} = clusterOn({
			...table,
			'kubectl get --raw /apis': migrating,
			[service]: local,
			[migrations]: refused('Error from server (Forbidden): x'),
		});
		await unlocked.read();
	});

	it('says where there is no Calico', async () => {
		const {cluster} = clusterOn({...tableOf(plain), 'kubectl get --raw /apis': apis('apps')});
		const error = await failure(cluster.read());
		expect(error.message).toContain('no Calico resources');
		expect(error.detail.next.join(' ')).toContain('--via calicoctl');
	});
});

describe('what fails', () => {
	const [shape] = shapes;
	const everything = Object.keys(tableOf(shape)).find(each => each.startsWith('kubectl get nodes,')) ?? '';

	it.each([
		['no JSON', 'hello\n'],
		['no list', '{"kind":"Node"}'],
		['an item of another kind', list({apiVersion: 'v1', kind: 'Pod', metadata: {name: 'x'}})],
		['an item of another API', list({apiVersion: 'example.org/v1', kind: 'BGPPeer', metadata: {name: 'x'}, spec: {}})],
		['an item without a name', list({apiVersion: 'v1', kind: 'Node', metadata: {}})],
	])('is an answer that holds %s', async (_name, text) => {
		const {cluster} = clusterOn({...tableOf(shape), [everything]: text});
		expect((await failure(cluster.read())).kind).toBe('unreadable-answer');
	});

	it('is a viewer that may not read nodes, in the words of the cluster', async () => {
		const {cluster} = clusterOn({...tableOf(shape), [everything]: printed('kdd-v3.32.1/kubectl', 32)});
		const error = await failure(cluster.read());
		expect(error.kind).toBe('forbidden');
		expect(error.detail.words).toContain('cannot list resource "nodes"');
	});

	it('is an unknown context; its name is shown all the same', async () => {
		const {cluster} = clusterOn(
			{},
			{
				context: 'nope',
				exec: createTableExec({
					'kubectl config view -o json --context=nope': config,
					'kubectl get --raw /apis --context=nope': refused('error: context "nope" does not exist'),
				}).exec,
			},
		);
		expect((await failure(cluster.read())).kind).toBe('unreachable');
		expect(cluster.identity.name).toBe('context nope');
	});

	it('is a deletion that kubectl wanted to be asked about first', async () => {
		const answer =
			'You are about to delete the following 1 resource(s):\nbgppeer/x\nDo you want to continue? (y/N): deletion is cancelled\n';
		const {cluster} = clusterOn({...tableOf(shape), [`kubectl delete bgppeers.${shape.group} x`]: answer});
		const before = {apiVersion: 'projectcalico.org/v3', kind: 'BGPPeer', metadata: {name: 'x'}, spec: {}} as const;
		const error = await failure(cluster.write({verb: 'delete', kind: 'BGPPeer', name: 'x', before}));
		expect([error.kind, error.detail.settled]).toEqual(['failed', false]);
	});

	it('is a Node that shall be created or deleted', async () => {
		const {cluster, calls} = clusterOn(tableOf(shape));
		const {snapshot} = await cluster.read();
		const [node] = snapshot.nodes;
		if (node === undefined) throw new Error('there are five');
		const before = calls.length;
		await failure(cluster.write({verb: 'delete', kind: 'Node', name: 'node-0', before: node}));
		await failure(cluster.write({verb: 'create', kind: 'Node', name: 'node-0', after: node}));
		expect(calls).toHaveLength(before);
	});
});
