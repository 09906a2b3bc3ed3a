import {describe, expect, it} from 'vitest';
import {startRun} from '../../../src/apply/engine.ts';
import {createKubectlCluster, type KubectlClusterOptions} from '../../../src/cluster/kubectl/cluster.ts';
import {makeWayBack} from '../../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {currentReflectors} from '../../../src/core/reflectors.ts';
import type {BgpConfigurationResource, NodeResource} from '../../../src/core/resources.ts';
import {isEstablished} from '../../../src/core/session.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import type {Write} from '../../../src/core/write.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeOptions} from '../../../src/practice/cluster.ts';
import {withoutExecRules} from '../../../src/practice/kubernetes/rbac.ts';
import {endOf, readRun} from '../../support/practice-run.ts';
import {row} from '../transcripts.ts';

/** The adapter on the practice cluster's kubectl: two pieces that know nothing of each other but real transcripts. */
const shapes = [
	{datastore: 'kubernetes-v1', api: 'crd.projectcalico.org/v1'},
	{datastore: 'kubernetes-aggregated', api: 'aggregated projectcalico.org/v3'},
	{datastore: 'kubernetes-native', api: 'native projectcalico.org/v3'},
] as const;
const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
const allNodes = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-42-47', 'ip-172-31-45-29'];

/** Monday noon: no `since` crosses a day's end. */
const start = Date.UTC(2026, 10, 23, 12);

function startPractice(practiceOptions: Omit<PracticeOptions, 'clock'>, options: Partial<KubectlClusterOptions> = {}) {
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({clock, ...practiceOptions});
	const calls: string[] = [];
	const cluster = createKubectlCluster({
		exec: (file, args, execOptions) => {
			calls.push([file, ...args.filter(arg => !arg.startsWith('--request-timeout='))].join(' '));
			return practice.exec(file, args, execOptions);
		},
		clock,
		practice: true,
		...options,
	});
	const kubectl = async (words: string) =>
		JSON.parse((await practice.exec('kubectl', words.split(' '), {timeout: 1000})).stdout);
	return {clock, practice, cluster, calls, kubectl};
}
type World = ReturnType<typeof startPractice>;

/** Without what the server counts; Calico keeps a uid of its own in the older API. */
function masked({nodes, bgpPeers, bgpConfigurations, ipPools}: Snapshot) {
	return [...nodes, ...bgpPeers, ...bgpConfigurations, ...ipPools].map(resource => ({
		...resource,
		metadata: {...resource.metadata, uid: 'U', resourceVersion: 'N', generation: undefined},
	}));
}

async function migrate({cluster, clock}: World) {
	const {snapshot} = await cluster.read();
	const plan = makePlan(snapshot, {...defaultChoice, reflectors});
	const events = await readRun(startRun({plan, cluster, clock, journal: null}));
	return {events, written: plan.steps.flatMap(step => step.writes)};
}

async function goBack({cluster, clock}: World, written: readonly Write[]) {
	const {plan} = makeWayBack(written, (await cluster.read()).snapshot);
	return readRun(startRun({plan, cluster, clock, journal: null}));
}

describe.each(shapes)('$datastore', ({datastore, api}) => {
	it('is read as Calico itself sees it', async () => {
		const {cluster, practice} = startPractice({datastore});
		const {snapshot, information} = await cluster.read();
		expect(masked(snapshot)).toEqual(masked(practice.datastore.snapshot()));
		expect(cluster.identity).toMatchObject({name: 'practice cluster', guid: information?.spec.clusterGUID});
		expect(await cluster.inspect?.()).toMatchObject({
			api: {value: api},
			calicoVersion: {value: 'v3.32.1'},
			datastoreReady: {value: true},
			migration: {value: null},
			backend: {value: 'bird'},
			installationBgp: {value: 'Enabled'},
			exec: {value: true},
			owners: {value: []},
			leftovers: {value: []},
			passwordReadable: {value: null},
		});
	});

	it('goes to three reflectors and back, with kubectl alone', async () => {
		const world = startPractice({datastore});
		const {cluster, practice, kubectl} = world;
		const before = masked(practice.datastore.snapshot());
		const {events, written} = await migrate(world);
		expect(endOf(events)).toMatchObject({outcome: 'done', failure: null, left: []});
		expect(currentReflectors(practice.datastore.snapshot())).toEqual(reflectors);
		for await (const {sessions} of cluster.observe(allNodes, {routes: false})) {
			expect(sessions.known && sessions.value.every(isEstablished)).toBe(true);
		}

		// The same objects as on the real cluster at this point.
		const group = datastore === 'kubernetes-v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
		const real = JSON.parse(row('kdd-v3.32.1/kubectl', 17).argv.at(-1) ?? '').metadata;
		for (const name of reflectors) {
			expect((await kubectl(`get node ${name} -o json`)).metadata).toMatchObject(real);
		}
		expect((await kubectl(`get bgpconfigurations.${group} default -o json`)).spec).toEqual({
			asNumber: 64_512,
			logSeverityScreen: 'Info',
			nodeToNodeMeshEnabled: false,
			serviceLoadBalancerAggregation: 'Enabled',
		});
		const peers = (await kubectl(`get bgppeers.${group} -o json`)).items;
		expect(peers.map(({apiVersion, metadata, spec}: NodeResource) => [apiVersion, metadata.name, spec])).toEqual(
			['peer-to-rrs', 'rrs-to-rrs'].map((name, index) => [
				`${group}/${group === 'projectcalico.org' ? 'v3' : 'v1'}`,
				name,
				{
					nodeSelector: `${index === 0 ? '!' : ''}has(calico-route-reflector)`,
					peerSelector: 'has(calico-route-reflector)',
				},
			]),
		);

		expect(endOf(await goBack(world, written))).toMatchObject({outcome: 'done', failure: null, left: []});
		expect(masked(practice.datastore.snapshot())).toEqual(before);
	});

	it('migrates with CalicoNodeStatus where exec is forbidden, and leaves none behind', async () => {
		const users = [{name: 'kubernetes-admin', rules: withoutExecRules}];
		const world = startPractice({datastore, kubernetes: {users}});
		const {events, written} = await migrate(world);
		expect(endOf(events)).toMatchObject({outcome: 'done', failure: null});
		expect(endOf(await goBack(world, written))).toMatchObject({outcome: 'done', failure: null});
		expect(world.calls.some(call => call.startsWith('kubectl exec'))).toBe(false);
		expect((await world.cluster.inspect?.())?.leftovers).toEqual({known: true, value: []});
	});

	it('lets admission and rules speak before the first real write', async () => {
		const {cluster, practice} = startPractice({datastore});
		const {snapshot} = await cluster.read();
		const plan = makePlan(snapshot, {...defaultChoice, reflectors});
		const before = practice.datastore.snapshot();
		for (const write of plan.steps.flatMap(step => step.writes)) await cluster.dryRun?.(write);
		const bad: Write = {
			verb: 'create',
			kind: 'BGPPeer',
			name: 'bad',
			after: {
				apiVersion: 'projectcalico.org/v3',
				kind: 'BGPPeer',
				metadata: {name: 'bad'},
				spec: {peerSelector: 'all()', asNumber: 64_512},
			},
		};
		await expect(cluster.dryRun?.(bad)).rejects.toMatchObject({kind: 'invalid', detail: {settled: true}});
		expect(practice.datastore.snapshot()).toEqual(before);
	});

	it('does not write over what somebody changes at the same moment', async () => {
		const {cluster, practice} = startPractice({datastore});
		const after: BgpConfigurationResource = {
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			spec: {asNumber: 64_512, nodeToNodeMeshEnabled: true},
		};
		await cluster.write({verb: 'create', kind: 'BGPConfiguration', name: 'default', after});
		const before = await cluster.readResource('BGPConfiguration', 'default');
		if (before === undefined) throw new Error('it was just created');
		const off = {...before, spec: {...before.spec, nodeToNodeMeshEnabled: false}};
		const write: Write = {verb: 'patch', kind: 'BGPConfiguration', name: 'default', before, after: off};
		const group = datastore === 'kubernetes-v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
		const others = [
			'patch',
			`bgpconfigurations.${group}`,
			'default',
			'--type=merge',
			'-p',
			'{"spec":{"listenPort":1790}}',
		];
		await practice.exec('kubectl', others, {timeout: 1000});
		await expect(cluster.write(write)).rejects.toMatchObject({kind: 'conflict', detail: {settled: true}});
		// Read again, it does not matter: the other one changed another field.
		await cluster.readResource('BGPConfiguration', 'default');
		await cluster.write(write);
		expect((await cluster.readResource('BGPConfiguration', 'default'))?.spec).toMatchObject({
			listenPort: 1790,
			nodeToNodeMeshEnabled: false,
		});
	});

	it('tells missing, existing and deleted resources apart', async () => {
		const {cluster} = startPractice({datastore});
		const peer = {
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPPeer',
			metadata: {name: 'x'},
			spec: {nodeSelector: 'all()', peerIP: '192.0.2.1'},
		} as const;
		const create: Write = {verb: 'create', kind: 'BGPPeer', name: 'x', after: peer};
		const remove: Write = {verb: 'delete', kind: 'BGPPeer', name: 'x', before: peer};
		expect(await cluster.readResource('BGPPeer', 'x')).toBeUndefined();
		await cluster.write(create);
		await expect(cluster.write(create)).rejects.toMatchObject({kind: 'exists'});
		expect((await cluster.readResource('BGPPeer', 'x'))?.spec).toMatchObject(peer.spec);
		await cluster.write(remove);
		await expect(cluster.write(remove)).rejects.toMatchObject({kind: 'missing'});
	});
});

describe('who may do what', () => {
	it('gives a viewer the exact list of what is missing, before anything is written', async () => {
		const rules = [{verbs: ['get', 'list', 'watch'], groups: ['*'], resources: ['*']}];
		const {cluster} = startPractice({
			datastore: 'kubernetes-v1',
			kubernetes: {users: [{name: 'kubernetes-admin', rules}]},
		});
		const {snapshot} = await cluster.read();
		const facts = await cluster.inspect?.(makePlan(snapshot, {...defaultChoice, reflectors}));
		const permissions = facts?.permissions.known ? facts.permissions.value : [];
		const missing = permissions.filter(({allowed}) => !allowed).map(({verb, resource}) => `${verb} ${resource}`);
		expect(missing.sort()).toEqual(
			[
				...['create', 'delete', 'patch'].map(verb => `${verb} bgpconfigurations.crd.projectcalico.org`),
				...['create', 'delete'].map(verb => `${verb} bgppeers.crd.projectcalico.org`),
				...['create', 'delete'].map(verb => `${verb} caliconodestatuses.crd.projectcalico.org`),
				'patch nodes',
			].sort(),
		);
		expect(await cluster.visibility(snapshot)).toMatchObject({
			nodes: [],
			reason: expect.stringContaining('kubectl exec is not allowed'),
		});
	});

	it('says that credentials have expired', async () => {
		const users = [{name: 'kubernetes-admin', rules: [], expired: true}];
		const {cluster} = startPractice({datastore: 'kubernetes-v1', kubernetes: {users}});
		await expect(cluster.read()).rejects.toMatchObject({
			kind: 'forbidden',
			message: expect.stringContaining('credentials'),
		});
	});

	it('refuses a cluster in the middle of a migration', async () => {
		const {cluster} = startPractice({datastore: 'kubernetes-v1', kubernetes: {migration: true}});
		await expect(cluster.read()).rejects.toMatchObject({message: expect.stringContaining('being migrated')});
	});
});

describe('how many processes', () => {
	it('reads 1,000 nodes with five at most, then asks each node of a gate once for sessions and once for routes', async () => {
		const {cluster, calls, clock} = startPractice({datastore: 'kubernetes-aggregated', nodes: 1000}, {practice: false});
		const {snapshot} = await cluster.read();
		expect(snapshot.nodes).toHaveLength(1000);
		expect(calls.length).toBeLessThanOrEqual(5);
		const plan = makePlan(snapshot, {...defaultChoice, reflectors});
		const gate = plan.steps.find(step => step.id === `reflector-${reflectors[0]}`)?.gate;
		if (gate === undefined) throw new Error('a reflector has a gate');
		await clock.sleep(20_000);
		await cluster.visibility(snapshot);
		calls.length = 0;
		const established: boolean[] = [];
		for await (const {sessions} of cluster.observe(gate.nodes, {routes: true})) {
			established.push(sessions.known && sessions.value.length === 999 && sessions.value.every(isEstablished));
		}
		expect(established).toEqual(gate.nodes.map(() => true));
		expect(calls.filter(call => call.includes(' birdcl '))).toHaveLength(gate.nodes.length);
		expect(calls).toHaveLength(2 * gate.nodes.length);
	});
});
