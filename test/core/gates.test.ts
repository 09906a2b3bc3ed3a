import {describe, expect, test} from 'vitest';
import {judgeGate} from '../../src/core/gates.ts';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import {snapshotAfter} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {KernelRoute, Observation, Session} from '../../src/core/session.ts';
import type {Snapshot} from '../../src/core/snapshot.ts';

const apiVersion = 'projectcalico.org/v3';
const snapshot: Snapshot = {
	nodes: [1, 2, 3, 4].map(index => ({
		apiVersion,
		kind: 'Node',
		metadata: {name: `n${index}`},
		spec: {bgp: {ipv4Address: `10.0.0.${index}/24`}},
	})),
	bgpPeers: [
		{apiVersion, kind: 'BGPPeer', metadata: {name: 'tor'}, spec: {node: 'n4', peerIP: '192.0.2.1', asNumber: 65_000}},
	],
	bgpConfigurations: [],
	ipPools: [],
};
const plan = makePlan(snapshot, {...defaultChoice, reflectors: ['n1']});
const marked = preparePeering(snapshotAfter(plan, 3));
const none: ReadonlyMap<string, Observation> = new Map();

function session(protocol: string, state = 'up', info = 'Established'): Session {
	return {
		protocol,
		family: 4,
		address: protocol.replace(/^\w+?_/, '').replaceAll('_', '.'),
		port: null,
		type: 'node specific',
		state,
		since: '10:00:00',
		info,
	};
}
function route(destination: string, blackhole = false): KernelRoute {
	return {
		destination,
		family: 4,
		via: blackhole ? [] : ['10.0.0.9'],
		device: 'eth0',
		protocol: 'bird',
		metric: 1024,
		blackhole,
	};
}
function seen(
	node: string,
	sessions: readonly Session[],
	routes?: readonly KernelRoute[],
): readonly [string, Observation] {
	return [
		node,
		{node, at: 0, sessions: {known: true, value: sessions}, ...(routes ? {routes: {known: true, value: routes}} : {})},
	];
}
const reflector = seen(
	'n1',
	['Node_10_0_0_2', 'Node_10_0_0_3', 'Node_10_0_0_4'].map(name => session(name)),
);
const scope = {nodes: ['n1'], routes: false};

describe('a gate', () => {
	test('is met when every predicted session is Established', () => {
		expect(judgeGate({scope, peering: marked, now: new Map([reflector]), before: none})).toEqual({
			met: true,
			established: 3,
			expected: 3,
			waiting: [],
		});
	});

	test('waits for a session that is up but not Established, and for one that is missing, with BIRD’s words', () => {
		const now = new Map([
			seen('n1', [
				session('Node_10_0_0_2'),
				session('Node_10_0_0_3', 'start', 'Active        Socket: Connection refused'),
			]),
		]);
		expect(judgeGate({scope, peering: marked, now, before: none})).toEqual({
			met: false,
			established: 1,
			expected: 3,
			waiting: [
				{
					node: 'n1',
					what: 'Node_10_0_0_3',
					reason: 'nothing answers on TCP 179 of the other node (start Active        Socket: Connection refused)',
				},
				{node: 'n1', what: 'Node_10_0_0_4', reason: 'Calico has not configured this session yet'},
			],
		});
	});

	test('waits while a mesh session is left over', () => {
		const now = new Map([seen('n1', [...reflectorSessions(), session('Mesh_10_0_0_2')])]);
		expect(judgeGate({scope, peering: marked, now, before: none}).waiting.map(each => each.what)).toEqual([
			'Mesh_10_0_0_2',
		]);
	});

	test('is not met by a node that could not be asked, and says why', () => {
		const now = new Map<string, Observation>([
			['n1', {node: 'n1', at: 0, sessions: {known: false, reason: 'no answer within 5 s'}}],
		]);
		expect(judgeGate({scope, peering: marked, now, before: none}).waiting).toEqual([
			{node: 'n1', what: 'bird', reason: 'no answer within 5 s'},
		]);
		expect(judgeGate({scope, peering: marked, now: none, before: none}).met).toBe(false);
	});

	test('about one node asks the others only about it', () => {
		const about = {nodes: ['n1', 'n2'], about: 'n1', routes: false};
		const now = new Map([
			reflector,
			seen('n2', [session('Node_10_0_0_1'), session('Mesh_10_0_0_3', 'start', 'Passive')]),
		]);
		expect(judgeGate({scope: about, peering: marked, now, before: none})).toMatchObject({
			met: true,
			established: 4,
			expected: 4,
		});
		expect(judgeGate({scope: {nodes: ['n1', 'n2'], routes: false}, peering: marked, now, before: none}).met).toBe(
			false,
		);
	});

	test('counts a session with a router outside only where it was up before', () => {
		const nodes = ['Mesh_10_0_0_2', 'Mesh_10_0_0_3', 'Node_10_0_0_1'].map(name => session(name));
		const look = (before: ReadonlyMap<string, Observation>) =>
			judgeGate({
				scope: {nodes: ['n4'], routes: false},
				peering: marked,
				now: new Map([seen('n4', [...nodes, session('Node_192_0_2_1', 'start', 'Active')])]),
				before,
			});
		expect(look(none).met).toBe(true);
		expect(look(new Map([seen('n4', [session('Node_192_0_2_1', 'start', 'Active')])])).met).toBe(true);
		expect(look(new Map([seen('n4', [session('Node_192_0_2_1')])])).waiting.map(each => each.what)).toEqual([
			'Node_192_0_2_1',
		]);
	});

	test('waits for every block that had a kernel route before, blackholes aside', () => {
		const look = (routes: readonly KernelRoute[]) =>
			judgeGate({
				scope: {...scope, routes: true},
				peering: marked,
				now: new Map([seen('n1', reflectorSessions(), routes)]),
				before: new Map([
					seen('n1', [], [route('10.65.0.64/26'), route('10.65.0.128/26'), route('10.65.0.0/26', true)]),
				]),
			});
		expect(look([route('10.65.0.64/26'), route('10.65.0.128/26')]).met).toBe(true);
		expect(look([route('10.65.0.64/26')]).waiting).toEqual([
			{node: 'n1', what: '10.65.0.128/26', reason: 'no route in the kernel'},
		]);
	});
});

function reflectorSessions(): readonly Session[] {
	const {sessions} = reflector[1];
	return sessions.known ? sessions.value : [];
}
