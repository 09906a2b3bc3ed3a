import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {proposeReflectors} from '../../../src/core/candidates.ts';
import {countWrites, writeDiff} from '../../../src/core/diff.ts';
import {peersOf} from '../../../src/core/peering/peers.ts';
import {preparePeering} from '../../../src/core/peering/prepare.ts';
import {countSessions} from '../../../src/core/peering/totals.ts';
import {makeWayBack, snapshotAfter} from '../../../src/core/plan/back.ts';
import {planFiles} from '../../../src/core/plan/files.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import type {Choice} from '../../../src/core/plan/types.ts';
import type {NodeResource} from '../../../src/core/resources.ts';
import {findResource, type Snapshot, withResource} from '../../../src/core/snapshot.ts';
import {UserError} from '../../../src/core/user-error.ts';
import {applyWrite} from '../../../src/core/write.ts';
import {arbitraryChoice} from '../../support/arbitrary-cluster.ts';
import {tutorialAddresses} from '../../support/tutorial-snapshot.ts';

const apiVersion = 'projectcalico.org/v3';

function node(address: string, extra: Partial<NodeResource['metadata']> = {}): NodeResource {
	return {
		apiVersion,
		kind: 'Node',
		metadata: {name: `ip-${address.replaceAll('.', '-')}`, ...extra},
		spec: {bgp: {ipv4Address: `${address}/20`}},
		status: {},
	};
}

const tutorial: Snapshot = {
	nodes: tutorialAddresses.map(address => node(address)),
	bgpPeers: [],
	bgpConfigurations: [],
	ipPools: [],
};
const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
const choice: Choice = {...defaultChoice, reflectors};

describe('the tutorial’s cluster', () => {
	const plan = makePlan(tutorial, choice);
	const after = snapshotAfter(plan, plan.steps.length);

	test('has its steps in the safe order', () => {
		expect(plan.steps.map(step => step.id)).toEqual([
			'before',
			'bgp-peers',
			...reflectors.map(name => `reflector-${name}`),
			'mesh-off',
		]);
		expect(countWrites(plan)).toEqual({create: 3, patch: 3, delete: 0});
		expect(plan.warnings).toEqual([
			'3 reflectors of 5 nodes is more than a third: each holds a session with every node, so little is saved.',
		]);
	});

	test('leaves a non-reflector with exactly the three reflectors', () => {
		expect(peersOf(preparePeering(after), 'ip-172-31-45-29').map(peer => [peer.address, peer.kind])).toEqual([
			['172.31.37.123', 'node'],
			['172.31.40.217', 'node'],
			['172.31.42.47', 'node'],
		]);
		expect(countSessions(preparePeering(tutorial)).sessions).toBe(10);
		expect(countSessions(preparePeering(after)).sessions).toBe(9);
	});

	test('shows each write as a diff of YAML', () => {
		const [mark] = plan.steps[2]?.writes ?? [];
		expect(
			mark && writeDiff(mark).map(({kind, text}) => `${{same: ' ', added: '+', removed: '-', gap: '…'}[kind]}${text}`),
		).toEqual([
			' apiVersion: projectcalico.org/v3',
			' kind: Node',
			' metadata:',
			'+  labels:',
			'+    calico-route-reflector: ""',
			'   name: ip-172-31-37-123',
			' spec:',
			'   bgp:',
			'     ipv4Address: 172.31.37.123/20',
			'+    routeReflectorClusterID: 224.0.0.1',
			' status: {}',
		]);
	});

	test('is saved as files in the order of the writes', () => {
		expect(planFiles(plan).map(file => file.name)).toEqual([
			'01-create-bgppeer-peer-to-rrs.yaml',
			'02-create-bgppeer-rrs-to-rrs.yaml',
			'03-patch-node-ip-172-31-37-123.yaml',
			'before/node-ip-172-31-37-123.yaml',
			'04-patch-node-ip-172-31-40-217.yaml',
			'before/node-ip-172-31-40-217.yaml',
			'05-patch-node-ip-172-31-42-47.yaml',
			'before/node-ip-172-31-42-47.yaml',
			'06-create-bgpconfiguration-default.yaml',
		]);
	});

	test('planned again when it is done, has nothing to do', () => {
		expect(makePlan(after, choice).steps).toEqual([]);
	});

	test('in the tutorial’s order puts the reflectors first and warns', () => {
		const other = makePlan(tutorial, {...choice, order: 'tutorial'});
		expect(other.steps.map(step => step.id)).toEqual([
			'before',
			...reflectors.map(name => `reflector-${name}`),
			'bgp-peer-peer-to-rrs',
			'bgp-peer-rrs-to-rrs',
			'mesh-off',
		]);
		expect(other.warnings.join()).toContain('up to 23 s');
		expect(snapshotAfter(other, other.steps.length)).toEqual(after);
	});

	test('goes back in the order mesh, reflectors, default, BGPPeers', () => {
		const written = plan.steps.flatMap(step => step.writes);
		const {plan: back, conflicts} = makeWayBack(written, after);
		expect(conflicts).toEqual([]);
		expect(back.steps.map(step => step.id)).toEqual([
			'mesh-on',
			...[...reflectors].reverse().map(name => `reflector-${name}`),
			'bgp-configuration',
			'bgp-peers',
		]);
		expect(snapshotAfter(back, back.steps.length)).toEqual(tutorial);
	});
});

test('every step on the way keeps each pair of nodes in one session network', () => {
	const plan = makePlan(tutorial, choice);
	const back = makeWayBack(
		plan.steps.flatMap(step => step.writes),
		snapshotAfter(plan, plan.steps.length),
	).plan;
	for (const walked of [plan, back]) {
		for (let count = 0; count <= walked.steps.length; count++) {
			const peering = preparePeering(snapshotAfter(walked, count));
			for (const {name} of peering.nodes) expect(peersOf(peering, name).length).toBeGreaterThan(0);
		}
	}
});

describe('on any cluster', () => {
	const planned = (input: {snapshot: Snapshot} & Choice) => makePlan(input.snapshot, input);
	const sorted = (snapshot: Snapshot) => ({
		...snapshot,
		bgpPeers: [...snapshot.bgpPeers].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1)),
	});

	test('plan then undo is the identity, from every place in between', () => {
		fc.assert(
			fc.property(arbitraryChoice, fc.nat(20), (input, stop) => {
				const plan = planned(input);
				const written = plan.steps.flatMap(step => step.writes);
				const done = written.slice(0, stop);
				const current = done.reduce(applyWrite, input.snapshot);
				// The journal may hold one intent that never happened: the one after the last.
				const {plan: back, conflicts} = makeWayBack(written.slice(0, stop + 1), current);
				expect(conflicts).toEqual([]);
				expect(sorted(snapshotAfter(back, back.steps.length))).toEqual(sorted(input.snapshot));
			}),
		);
	});

	test('the plan ends with every chosen node reflecting, the mesh off, and all other resources as they were', () => {
		fc.assert(
			fc.property(arbitraryChoice, input => {
				const plan = planned(input);
				const after = snapshotAfter(plan, plan.steps.length);
				expect(preparePeering(after).meshEnabled).toBe(false);
				for (const name of input.reflectors)
					expect(findResource(after, 'Node', name)?.spec.bgp?.routeReflectorClusterID).toBe('224.0.0.1');
				expect(after.nodes.filter(each => !input.reflectors.includes(each.metadata.name))).toEqual(
					input.snapshot.nodes.filter(each => !input.reflectors.includes(each.metadata.name)),
				);
				expect(after.bgpPeers.slice(0, input.snapshot.bgpPeers.length)).toEqual(input.snapshot.bgpPeers);
				expect(makePlan(after, input).steps).toEqual([]);
			}),
		);
	});

	test('a change that somebody made in between stays, is named, and everything else goes back', () => {
		const plan = makePlan(tutorial, choice);
		const done = snapshotAfter(plan, plan.steps.length);
		const [name = ''] = reflectors;
		const touched = findResource(done, 'Node', name);
		if (!touched) throw new Error('no such node');
		const theirs = withResource(done, 'Node', name, {
			...touched,
			metadata: {...touched.metadata, labels: {...touched.metadata.labels, theirs: 'yes'}},
			spec: {bgp: {...touched.spec.bgp, routeReflectorClusterID: '1.1.1.1'}},
		});
		const {plan: back, conflicts} = makeWayBack(
			plan.steps.flatMap(step => step.writes),
			theirs,
		);
		const kept = `kept: without it ${name} would have no BGP session at all`;
		expect(conflicts).toEqual([
			{kind: 'Node', name, reason: 'spec.bgp.routeReflectorClusterID is "1.1.1.1" now: somebody changed it since'},
			{kind: 'BGPPeer', name: 'rrs-to-rrs', reason: kept},
			{kind: 'BGPPeer', name: 'peer-to-rrs', reason: kept},
		]);
		const end = snapshotAfter(back, back.steps.length);
		expect(findResource(end, 'Node', name)).toEqual(findResource(theirs, 'Node', name));
		expect(end.bgpConfigurations).toEqual([]);
		expect(end.nodes.filter(each => each.spec.bgp?.routeReflectorClusterID).map(each => each.metadata.name)).toEqual([
			name,
		]);
		// Nobody is cut off: their reflector keeps a session with every other node.
		expect(peersOf(preparePeering(end), name).length).toBe(4);
	});

	test('a `default` that somebody added to is kept with the mesh on', () => {
		const plan = makePlan(tutorial, choice);
		const done = snapshotAfter(plan, plan.steps.length);
		const created = findResource(done, 'BGPConfiguration', 'default');
		if (!created) throw new Error('no default');
		const withDefaults = {...created.spec, logSeverityScreen: 'Info', serviceLoadBalancerAggregation: 'Enabled'};
		const written = plan.steps.flatMap(step => step.writes);
		const untouched = makeWayBack(
			written,
			withResource(done, 'BGPConfiguration', 'default', {...created, spec: withDefaults}),
		);
		expect(untouched.conflicts).toEqual([]);
		expect(snapshotAfter(untouched.plan, 9).bgpConfigurations).toEqual([]);
		const added = makeWayBack(
			written,
			withResource(done, 'BGPConfiguration', 'default', {...created, spec: {...withDefaults, listenPort: 1790}}),
		);
		expect(added.conflicts.map(conflict => conflict.reason)).toEqual([
			'kept, with the mesh on: somebody set its listenPort since',
		]);
		expect(snapshotAfter(added.plan, 9).bgpConfigurations[0]?.spec).toMatchObject({
			nodeToNodeMeshEnabled: true,
			listenPort: 1790,
		});
	});
});

test('a mesh password and restart time are carried onto the BGPPeers and come back', () => {
	const spec = {
		asNumber: 64_512,
		nodeMeshPassword: {secretKeyRef: {name: 'bgp', key: 'pw'}},
		nodeMeshMaxRestartTime: '30s',
	};
	const snapshot: Snapshot = {
		...tutorial,
		bgpConfigurations: [{apiVersion, kind: 'BGPConfiguration', metadata: {name: 'default'}, spec}],
	};
	const plan = makePlan(snapshot, choice);
	const after = snapshotAfter(plan, plan.steps.length);
	expect(after.bgpPeers.map(peer => [peer.spec.password, peer.spec.maxRestartTime])).toEqual([
		[spec.nodeMeshPassword, '30s'],
		[spec.nodeMeshPassword, '30s'],
	]);
	expect(after.bgpConfigurations[0]?.spec).toEqual({asNumber: 64_512, nodeToNodeMeshEnabled: false});
	const back = makeWayBack(
		plan.steps.flatMap(step => step.writes),
		after,
	).plan;
	expect(snapshotAfter(back, back.steps.length)).toEqual(snapshot);
});

describe('a choice that cannot be planned gets one sentence', () => {
	const half = withResource(
		tutorial,
		'Node',
		'ip-172-31-40-30',
		node('172.31.40.30', {labels: {'calico-route-reflector': ''}}),
	);
	const bare: NodeResource = {apiVersion, kind: 'Node', metadata: {name: 'bare'}, spec: {}};
	const taken: Snapshot = {
		...tutorial,
		bgpPeers: [{apiVersion, kind: 'BGPPeer', metadata: {name: 'peer-to-rrs'}, spec: {peerIP: '192.0.2.1'}}],
	};
	test.each<[string, Snapshot, Partial<Choice>, string]>([
		['nobody', tutorial, {reflectors: []}, 'No route reflector is chosen.'],
		[
			'unknown node',
			tutorial,
			{reflectors: ['ip-172-31-40-3']},
			'There is no node ip-172-31-40-3; did you mean ip-172-31-40-30?',
		],
		['far from any', tutorial, {reflectors: ['web']}, 'There is no node web.'],
		['twice', tutorial, {reflectors: ['ip-172-31-40-30', 'ip-172-31-40-30']}, 'Node ip-172-31-40-30 is named twice.'],
		[
			'not in BGP',
			withResource(tutorial, 'Node', 'bare', bare),
			{reflectors: ['bare']},
			'Node bare has no BGP address, so it takes no part in BGP and cannot be a route reflector.',
		],
		[
			'cluster ID',
			tutorial,
			{clusterId: {mode: 'shared', id: '224.0.0'}},
			'Cluster ID "224.0.0" is not an IPv4 address.',
		],
		[
			'half a reflector',
			half,
			{},
			'Node ip-172-31-40-30 carries the label calico-route-reflector but no cluster ID: others would peer with it, and it would not reflect.',
		],
		[
			'name taken',
			taken,
			{},
			'A BGPPeer peer-to-rrs exists already and says something else (nodeSelector none, peerSelector none).',
		],
	])('%s', (_, snapshot, partial, message) => {
		const planning = () => makePlan(snapshot, {...choice, ...partial});
		expect(planning).toThrow(UserError);
		expect(planning).toThrow(expect.objectContaining({message, exitCode: 2}));
	});
});

describe('the proposal', () => {
	test('spreads over zones before anything else', () => {
		const zones = ['a', 'a', 'b', 'b', 'c'];
		const nodes = tutorialAddresses.map((address, index) =>
			node(address, {labels: {'topology.kubernetes.io/zone': zones[index] ?? ''}}),
		);
		const picked = proposeReflectors({...tutorial, nodes});
		expect(
			new Set(
				picked.map(
					name => nodes.find(each => each.metadata.name === name)?.metadata.labels?.['topology.kubernetes.io/zone'],
				),
			).size,
		).toBe(3);
	});

	test('never holds a node that cannot reflect', () => {
		const nodes = [
			...tutorialAddresses.slice(0, 2).map(address => node(address)),
			{...node('172.31.1.1'), spec: {}},
			node('172.31.1.2', {labels: {'kubernetes.io/os': 'windows'}}),
		];
		expect(proposeReflectors({...tutorial, nodes})).toEqual(['ip-172-31-40-217', 'ip-172-31-40-30']);
	});
});
