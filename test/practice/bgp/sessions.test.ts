import {describe, expect, test} from 'vitest';
import {
	began,
	createFiveNodes,
	type FiveNodes,
	nodeNames,
	peerTo,
	reflectorPeers,
	reflectors,
	snapshotOf,
} from './network-of-five.ts';

function meshOfFive(options: Parameters<typeof createFiveNodes>[0] = {}): FiveNodes {
	const network = createFiveNodes(options);
	network.configure(snapshotOf({}), network.now);
	return network;
}

/** Lets time pass until something holds, looking each tenth of a second; fails after a minute of the practice clock. */
function until(network: FiveNodes, holds: () => boolean, limit = 60_000): number {
	const start = network.now;
	while (!holds()) {
		if (network.now - start > limit) throw new Error(`not within ${limit} ms`);
		network.now += 100;
	}
	return network.now - start;
}

describe('the mesh', () => {
	test('is Established from the beginning, since two seconds after BIRD started', () => {
		const network = meshOfFive();
		expect(network.rows('node-4')).toEqual([1, 2, 3, 4].map(last => `Mesh_172_31_40_${last} up Established`));
		expect(network.protocols('node-4', 4, began)?.map(({since}) => since)).toEqual(Array(4).fill(began - 3000));
		expect(network.bird('node-4', began)).toEqual({startedAt: began - 5000, configuredAt: began - 5000});
		expect(network.protocols('node-4', 6, began)).toEqual([]);
	});

	test('goes away at once when it is turned off, with every route', () => {
		const network = meshOfFive();
		network.configure(snapshotOf({mesh: false}), network.now);
		network.now += 1000;
		for (const node of nodeNames) {
			expect(network.rows(node)).toEqual([]);
			expect(network.reached(node)).toEqual([]);
		}
	});

	test('has one end that waits and one that dials, two seconds after the write', () => {
		const network = meshOfFive();
		network.configure(snapshotOf({mesh: false}), network.now);
		network.now += 10_000;
		network.configure(snapshotOf({mesh: true}), network.now);
		network.now += 1000;
		expect(network.rows('node-3')).toEqual([
			'Mesh_172_31_40_1 start Active',
			'Mesh_172_31_40_2 start Active',
			'Mesh_172_31_40_3 start Active',
			'Mesh_172_31_40_5 start Passive',
		]);
		network.now += 1500;
		expect(network.rows('node-3').every(row => row.endsWith('up Established'))).toBe(true);
	});

	test('restarts with another password, and comes back', () => {
		const network = meshOfFive();
		network.configure(snapshotOf({mesh: true, password: 'bgp'}), network.now);
		network.now += 1000;
		expect(network.reached('node-0')).toEqual([]);
		network.now += 4000;
		expect(network.reached('node-0')).toHaveLength(4);
	});
});

describe('two sessions with one neighbour', () => {
	test('the second waits for the lock, and dials two seconds after the first is gone', () => {
		const network = meshOfFive();
		const labelled = {'node-0': {label: true}};
		const bgpPeers = reflectorPeers.slice(0, 1);
		network.configure(snapshotOf({nodes: labelled, bgpPeers}), network.now);
		network.now += 8000;
		expect(network.rows('node-4')).toContain('Node_172_31_40_1 start Idle');
		expect(network.rows('node-4')).toContain('Mesh_172_31_40_1 up Established');
		expect(network.reached('node-4')).toHaveLength(4);
		network.configure(snapshotOf({nodes: labelled, bgpPeers, mesh: false}), network.now);
		network.now += 1000;
		expect(network.rows('node-4')).toEqual(['Node_172_31_40_1 start Active']);
		until(network, () => network.rows('node-4').includes('Node_172_31_40_1 up Established'));
	});
});

describe('a reflector', () => {
	test('changes its sessions in one step: old ones gone, new ones dial, and others stay', () => {
		const network = meshOfFive();
		const bgpPeers = reflectorPeers;
		network.configure(snapshotOf({bgpPeers}), network.now);
		network.configure(snapshotOf({nodes: reflectors(['node-0']), bgpPeers}), network.now);
		network.now += 1000;
		expect(network.rows('node-0')).toEqual([2, 3, 4, 5].map(last => `Node_172_31_40_${last} start Active`));
		expect(network.rows('node-4')).toEqual([
			'Mesh_172_31_40_2 up Established',
			'Mesh_172_31_40_3 up Established',
			'Mesh_172_31_40_4 up Established',
			'Node_172_31_40_1 start Active',
		]);
	});

	test('restarts its session with another one: the end that did not change says why', () => {
		const network = meshOfFive();
		const bgpPeers = reflectorPeers;
		network.configure(snapshotOf({nodes: reflectors(['node-0']), bgpPeers}), network.now);
		network.now += 1000;
		until(network, () => network.rows('node-0').every(row => row.endsWith('Established')));
		network.configure(snapshotOf({nodes: reflectors(['node-0', 'node-1']), bgpPeers}), network.now);
		network.now += 900;
		expect(network.rows('node-0').at(-1)).toBe('Node_172_31_40_2 start Active');
		expect(network.rows('node-1')).toContain('Node_172_31_40_1 start Active Received: Other configuration change');
		expect(network.rows('node-1')[0]).toContain('Node_172_31_40_1');
	});

	test('has every session in the end, with collisions on the way, whatever the seed', () => {
		const bgpPeers = reflectorPeers;
		const seen = new Set<string>();
		for (let seed = 1; seed <= 40; seed++) {
			const network = meshOfFive({seed});
			network.configure(snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), bgpPeers}), network.now);
			network.now += 3000;
			for (const row of network.rows('node-0')) seen.add(row.replace(/^\S+ /, ''));
			until(network, () => nodeNames.every(node => network.rows(node).every(row => row.endsWith(' up Established'))));
			for (const node of nodeNames) expect(network.reached(node)).toHaveLength(4);
		}
		expect(seen).toContain('start Active Socket: Connection closed');
		expect(seen).toContain('start Active Received: Connection collision resolution');
	});
});

describe('writes close together', () => {
	test('end in what the last one says, in whatever order the nodes read them', () => {
		const bgpPeers = reflectorPeers;
		for (let seed = 1; seed <= 20; seed++) {
			const network = meshOfFive({seed});
			for (const names of [['node-0'], ['node-0', 'node-1'], ['node-0', 'node-1', 'node-2'], ['node-0']]) {
				network.configure(snapshotOf({nodes: reflectors(names), bgpPeers}), network.now);
				network.now += 10;
			}
			network.now += 60_000;
			expect([...network.rows('node-4')].sort()).toEqual([
				'Mesh_172_31_40_2 up Established',
				'Mesh_172_31_40_3 up Established',
				'Mesh_172_31_40_4 up Established',
				'Node_172_31_40_1 up Established',
			]);
		}
	});
});

describe('sessions that cannot be', () => {
	const bgpPeers = [peerTo('peer-to-rrs', '!has(calico-route-reflector)', 'has(calico-route-reflector)')];

	test('two AS numbers: an error on both sides, and longer and longer waits', () => {
		const network = meshOfFive();
		// Since 3.32 a node with an AS of its own takes mesh peers without one to be in its own AS.
		network.configure(snapshotOf({nodes: {'node-4': {as: 64_999}}}), network.now);
		network.now += 3500;
		const rows = [...network.rows('node-4'), ...network.rows('node-0')].filter(row => !row.endsWith('Established'));
		expect(rows).toHaveLength(5);
		for (const row of rows) expect(row).toMatch(/ start Idle (BGP Error|Received): Bad peer AS$/);
		expect(network.reached('node-4')).toEqual([]);
		const view = network.protocols('node-4', 4, network.now)?.[0];
		expect(view?.errorWait?.of).toBe(5);
		network.now += 30_000;
		expect(network.protocols('node-4', 4, network.now)?.[0]?.errorWait?.of ?? 10).toBeGreaterThanOrEqual(10);
	});

	test('one side only: the dialler is hung up on again and again', () => {
		const network = meshOfFive();
		const oneSided = bgpPeers.map(peer => ({...peer, spec: {...peer.spec, reversePeering: 'Manual' as const}}));
		network.configure(snapshotOf({nodes: {'node-0': {label: true}}, mesh: false, bgpPeers: oneSided}), network.now);
		network.now += 7500;
		expect(network.rows('node-0')).toEqual([]);
		expect(network.rows('node-4')[0]).toMatch(
			/^Node_172_31_40_1 start Active Socket: (Connection closed|Connection reset by peer|Broken pipe)$/,
		);
		const [before] = network.protocols('node-4', 4, network.now) ?? [];
		network.now += 60_000;
		const [after] = network.protocols('node-4', 4, network.now) ?? [];
		expect(after?.since).toBe(before?.since);
	});

	test('a firewall that drops TCP 179: Connect for ever, and well again once it lets through', () => {
		const network = meshOfFive();
		network.blockBgp(['node-0', 'node-4'], network.now);
		network.configure(snapshotOf({nodes: {'node-0': {label: true, clusterId: '224.0.0.1'}}, bgpPeers}), network.now);
		network.now += 30_000;
		// The session of before is cut off from the other side's word that it is gone.
		expect(network.rows('node-0')).toContain('Node_172_31_40_5 start Connect');
		expect(network.rows('node-4')).toContain('Node_172_31_40_1 start Connect');
		expect(network.rows('node-0')).toContain('Node_172_31_40_4 up Established');
		network.allowBgp(['node-4', 'node-0'], network.now);
		until(network, () => network.rows('node-0').includes('Node_172_31_40_5 up Established'));
	});
});

describe('what fails', () => {
	test('a link that is cut: Established up to 240 s more, then the hold timer, then no host', () => {
		const network = meshOfFive();
		network.now += 100_000;
		network.cutLink('node-4', network.now);
		const cut = network.now;
		network.now += 90_000;
		expect(network.rows('node-0')).toContain('Mesh_172_31_40_5 up Established');
		expect(network.reached('node-0')).toContain('node-4');
		const hold = network
			.protocols('node-0', 4, network.now)
			?.find(({peer}) => peer.address === '172.31.40.5')?.holdUntil;
		until(network, () => network.rows('node-0').some(row => row.includes('Hold timer expired')), 200_000);
		expect(network.now - (hold ?? 0)).toBeLessThan(200);
		expect(network.now - cut).toBeLessThan(241_000);
		network.now += 100;
		expect(network.reached('node-0')).toEqual(['node-1', 'node-2', 'node-3']);
		network.now = cut + 260_000;
		expect(network.rows('node-0')).toContain('Mesh_172_31_40_5 start Passive BGP Error: Hold timer expired');
		expect(network.rows('node-4')[0]).toMatch(/^Mesh_172_31_40_1 start (Active|Connect) Socket: Host is unreachable$/);
		network.restoreLink('node-4', network.now);
		until(network, () => network.rows('node-4').every(row => row.endsWith('up Established')));
		expect(network.reached('node-0')).toHaveLength(4);
	});

	test('a link that is cut for a minute: nobody notices', () => {
		const network = meshOfFive();
		const since = network.protocols('node-0', 4, network.now)?.map(protocol => protocol.since);
		network.cutLink('node-4', network.now);
		network.now += 60_000;
		network.restoreLink('node-4', network.now);
		network.now += 300_000;
		expect(network.protocols('node-0', 4, network.now)?.map(protocol => protocol.since)).toEqual(since);
	});

	test('a BIRD that is killed: routes stay for 120 s on both sides, then they go from its neighbours', () => {
		const network = meshOfFive();
		network.killBird('node-4', network.now);
		network.now += 3000;
		expect(network.protocols('node-4', 4, network.now)).toBeNull();
		expect(network.reached('node-4')).toHaveLength(4);
		expect(network.rows('node-0')).toContain('Mesh_172_31_40_5 start Passive Socket: Connection closed');
		expect(network.reached('node-0')).toContain('node-4');
		network.now += 130_000;
		expect(network.reached('node-0')).not.toContain('node-4');
		expect(network.reached('node-4')).toHaveLength(4);
		network.startBird('node-4', network.now);
		until(network, () => network.rows('node-4').every(row => row.endsWith('up Established')));
		expect(network.reached('node-0')).toHaveLength(4);
		expect(network.reached('node-4')).toHaveLength(4);
	});

	test('the last reflector killed: what it reflected stays for 120 s', () => {
		const network = meshOfFive();
		const cluster = snapshotOf({nodes: reflectors(['node-0']), mesh: false, bgpPeers: reflectorPeers});
		network.configure(cluster, network.now);
		network.now += 1000;
		until(network, () => network.reached('node-4').length === 4);
		network.killBird('node-0', network.now);
		network.now += 60_000;
		expect(network.reached('node-4')).toHaveLength(4);
		network.now += 65_000;
		expect(network.reached('node-4')).toEqual([]);
	});
});

describe('looking', () => {
	test('changes nothing: any way of looking finds the same', () => {
		const play = (interval: number): readonly string[] => {
			const network = meshOfFive({seed: 7});
			network.configure(snapshotOf({nodes: reflectors(['node-0', 'node-1']), bgpPeers: reflectorPeers}), network.now);
			for (const end = network.now + 12_000; network.now < end; network.now += interval) {
				for (const node of nodeNames) network.rows(node);
			}
			network.now = began + 12_000;
			return nodeNames.flatMap(node =>
				(network.protocols(node, 4, network.now) ?? []).map(view => JSON.stringify(view)),
			);
		};
		expect(play(50)).toEqual(play(12_000));
		expect(play(730)).toEqual(play(12_000));
	});

	test('another seed gives another course', () => {
		const course = (seed: number): string => {
			const network = meshOfFive({seed});
			network.configure(snapshotOf({nodes: reflectors(['node-0']), bgpPeers: reflectorPeers}), network.now);
			network.now += 2500;
			return network.rows('node-0').join();
		};
		expect(new Set([1, 2, 3, 4, 5, 6].map(course)).size).toBeGreaterThan(1);
	});

	test('IPv6 has sessions of its own', () => {
		const network = createFiveNodes();
		const nodes = Object.fromEntries(nodeNames.slice(0, 3).map(name => [name, {ipv6: true}]));
		network.configure(snapshotOf({nodes}), network.now);
		expect(network.rows('node-0', 6)).toEqual(['Mesh_fd00_1__2 up Established', 'Mesh_fd00_1__3 up Established']);
		expect(network.rows('node-3', 6)).toEqual([]);
		expect(network.rows('node-0')).toHaveLength(4);
	});

	test('a router outside the cluster answers', () => {
		const network = createFiveNodes();
		const outside = {...reflectorPeers[0], spec: {peerIP: '192.0.2.1', asNumber: 64_700}};
		network.configure(snapshotOf({}), network.now);
		network.now += 1000;
		const bgpPeers = [
			{apiVersion: 'projectcalico.org/v3', kind: 'BGPPeer', metadata: {name: 'tor'}, spec: outside.spec},
		] as const;
		network.configure(snapshotOf({bgpPeers}), network.now);
		network.now += 3000;
		expect(network.rows('node-0')).toContain('Global_192_0_2_1 up Established');
	});
});
