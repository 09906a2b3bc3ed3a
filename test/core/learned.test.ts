import {expect, test} from 'vitest';
import {judgeGate} from '../../src/core/gates.ts';
import {peersOf} from '../../src/core/peering/peers.ts';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import {snapshotAfter} from '../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import type {KernelRoute, Observation} from '../../src/core/session.ts';
import type {Snapshot} from '../../src/core/snapshot.ts';

const snapshot: Snapshot = {
	nodes: [1, 2, 3, 4].map(index => ({
		apiVersion: 'projectcalico.org/v3',
		kind: 'Node',
		metadata: {name: `n${index}`},
		spec: {bgp: {ipv4Address: `10.0.0.${index}/24`}},
	})),
	bgpPeers: [],
	bgpConfigurations: [],
	ipPools: [],
};

function route(destination: string, via: string): KernelRoute {
	const common = {family: 4, device: 'eth0', protocol: 'bird', metric: 1024, blackhole: false} as const;
	return {destination, via: [via], ...common};
}

/** A look at client n4 after everything but the mesh: who taught it n3's block, and how long each session may live. */
function judge(reflectors: readonly string[], teachers: readonly string[], left = 150) {
	const plan = makePlan(snapshot, {...defaultChoice, reflectors});
	const peering = preparePeering(snapshotAfter(plan, plan.steps.length - 1));
	const routes = {
		known: true,
		// The second one leads out of the cluster: no reflector passes it on.
		value: [route('192.168.3.0/26', '10.0.0.3'), route('0.0.0.0/0', '10.0.0.254')],
	} as const;
	const look: Observation = {
		node: 'n4',
		at: 0,
		sessions: {
			known: true,
			value: peersOf(peering, 'n4').map(({protocol, family, address, port}) => ({
				protocol,
				family,
				address,
				port,
				type: 'node specific',
				state: 'up',
				since: '10:00:00',
				info: 'Established',
				holdTimer: {left: protocol.startsWith('Node') ? left : 150, length: 240},
			})),
		},
		routes,
	};
	const learned = {
		known: true,
		value: teachers.map(protocol => ({destination: '192.168.3.0/26', family: 4 as const, protocol})),
	} as const;
	const seen = (observation: Observation) => new Map([['n4', observation]]);
	const scope = {nodes: ['n4'], routes: true, reflectors};
	return judgeGate({scope, peering, now: seen({...look, learned}), before: seen(look)});
}

test('a block learned from two reflectors may lose the mesh', () => {
	expect(judge(['n1', 'n2'], ['Mesh_10_0_0_3', 'Node_10_0_0_1', 'Node_10_0_0_2'])).toMatchObject({
		met: true,
		waiting: [],
	});
});

test('one learned from one reflector, or from the mesh alone, may not', () => {
	const wait = (from: string) => ({
		met: false,
		waiting: [{node: 'n4', what: '192.168.3.0/26', reason: `learned from ${from}, not from 2 reflectors`}],
	});
	expect(judge(['n1', 'n2'], ['Mesh_10_0_0_3', 'Node_10_0_0_2'])).toMatchObject(wait('n2 only'));
	expect(judge(['n1', 'n2'], ['Mesh_10_0_0_3'])).toMatchObject(wait('no reflector'));
});

test('where there is one reflector, one is enough', () => {
	expect(judge(['n1'], ['Node_10_0_0_1']).met).toBe(true);
	expect(judge(['n1'], ['Mesh_10_0_0_3']).met).toBe(false);
});

test('a session over which nothing came for more than two thirds of the hold time is not trusted', () => {
	expect(judge(['n1'], ['Node_10_0_0_1'], 80).met).toBe(true);
	expect(judge(['n1'], ['Node_10_0_0_1'], 79)).toMatchObject({
		met: false,
		established: 2,
		expected: 3,
		waiting: [
			{
				node: 'n4',
				what: 'Node_10_0_0_1',
				reason: 'is Established, but nothing was heard over it for a while: BIRD gives it up in 79 s of 240 s',
			},
		],
	});
});
