import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {
	createFiveNodes,
	type FiveNodes,
	nodeNames,
	peerTo,
	reflectorPeers,
	reflectors,
	snapshotOf,
} from './network-of-five.ts';

/** The cluster a minute after it became so: every session that can be up is up. */
function settled(snapshot: Snapshot): FiveNodes {
	const network = createFiveNodes();
	network.configure(snapshotOf({}), network.now);
	network.now += 1000;
	network.configure(snapshot, network.now);
	network.now += 60_000;
	return network;
}

/** A node's paths to another node's block: sender, cluster list, best or not. */
function pathsTo(network: FiveNodes, node: string, destination: string): readonly string[] {
	return network
		.paths(node, 4, network.now)
		.filter(path => path.destination === destination)
		.map(({best, route}) => `${route.session.config.peer.address} [${route.clusterList.join(' ')}]${best ? ' *' : ''}`);
}

describe('reflection', () => {
	test('three reflectors of one cluster: everybody reaches everybody, next hop unchanged', () => {
		const network = settled(
			snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), mesh: false, bgpPeers: reflectorPeers}),
		);
		for (const node of nodeNames) expect(network.reached(node)).toHaveLength(4);
		const route = network
			.kernelRoutes('node-3', 4, network.now)
			.find(({destination}) => destination === '10.65.1.0/26');
		expect(route).toMatchObject({
			via: ['172.31.40.5'],
			device: 'eth0',
			protocol: 'bird',
			metric: 1024,
			blackhole: false,
		});
	});

	test('a block outside every pool is announced by its own node and passed on by nobody', () => {
		const nodes = reflectors(['node-0', 'node-1', 'node-2']);
		const snapshot = snapshotOf({nodes, mesh: false, bgpPeers: reflectorPeers});
		const ipPools = snapshot.ipPools.map(pool => ({...pool, spec: {cidr: '10.65.0.0/24'}}));
		const network = settled({...snapshot, ipPools});
		expect(pathsTo(network, 'node-0', '10.65.1.0/26')).toEqual(['172.31.40.5 [] *']);
		expect(pathsTo(network, 'node-3', '10.65.1.0/26')).toEqual([]);
	});

	test('one cluster ID: a client has a path by way of each reflector, reflectors hear each other but pass nothing on', () => {
		const network = settled(
			snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), mesh: false, bgpPeers: reflectorPeers}),
		);
		const toClient = pathsTo(network, 'node-3', '10.65.1.0/26');
		expect([...toClient].sort()).toEqual([
			'172.31.40.1 [224.0.0.1] *',
			'172.31.40.2 [224.0.0.1]',
			'172.31.40.3 [224.0.0.1]',
		]);
		expect(toClient[0]).toMatch(/\*$/);
		const toReflector = pathsTo(network, 'node-3', '10.65.0.0/26');
		expect(toReflector[0]).toBe('172.31.40.1 [] *');
		expect(toReflector).toHaveLength(3);
		// A reflector takes what the others reflect (their sessions are not client sessions), and prefers the client itself.
		expect(pathsTo(network, 'node-0', '10.65.1.0/26')[0]).toBe('172.31.40.5 [] *');
		expect(pathsTo(network, 'node-0', '10.65.1.0/26')).toHaveLength(3);
		expect(pathsTo(network, 'node-0', '10.65.0.64/26')).toContain('172.31.40.2 [] *');
	});

	test("a cluster ID each: reflectors are one another's clients, and paths go through two of them", () => {
		const nodes = {
			'node-0': {label: true, clusterId: '224.0.0.1'},
			'node-1': {label: true, clusterId: '224.0.0.2'},
			'node-2': {label: true, clusterId: '224.0.0.3'},
		};
		const network = settled(snapshotOf({nodes, mesh: false, bgpPeers: reflectorPeers}));
		for (const node of nodeNames) expect(network.reached(node)).toHaveLength(4);
		const paths = pathsTo(network, 'node-3', '10.65.1.0/26');
		expect(paths).toContain('172.31.40.1 [224.0.0.1] *');
		expect(paths).toContain('172.31.40.1 [224.0.0.1 224.0.0.2]');
		expect(paths.every(path => !/(224\.0\.0\.\d).*\1/.test(path))).toBe(true);
	});

	test('a label without a cluster ID: Established, and nothing is reflected', () => {
		const network = settled(snapshotOf({nodes: {'node-0': {label: true}}, mesh: false, bgpPeers: reflectorPeers}));
		expect(network.rows('node-4')).toEqual(['Node_172_31_40_1 up Established']);
		expect(network.reached('node-4')).toEqual(['node-0']);
		expect(network.reached('node-0')).toHaveLength(4);
	});

	test('a cluster ID without a session: the node is alone', () => {
		const network = settled(snapshotOf({nodes: {'node-0': {clusterId: '224.0.0.1'}}}));
		expect(network.rows('node-0')).toEqual([]);
		expect(network.reached('node-0')).toEqual([]);
		expect(network.reached('node-4')).toEqual(['node-1', 'node-2', 'node-3']);
	});

	test('one cluster ID and clients split over two reflectors: routes are lost (calico issue 2735)', () => {
		const bgpPeers = [
			peerTo('rrs', 'has(calico-route-reflector)', 'has(calico-route-reflector)'),
			{...peerTo('left', '', ''), spec: {node: 'node-3', peerIP: '172.31.40.1', asNumber: 64_512}},
			{...peerTo('right', '', ''), spec: {node: 'node-4', peerIP: '172.31.40.2', asNumber: 64_512}},
		];
		const shared = settled(snapshotOf({nodes: reflectors(['node-0', 'node-1']), mesh: false, bgpPeers}));
		expect(shared.reached('node-3')).toEqual(['node-0', 'node-1']);
		expect(shared.reached('node-4')).toEqual(['node-0', 'node-1']);
		const nodes = {'node-0': {label: true, clusterId: '224.0.0.1'}, 'node-1': {label: true, clusterId: '224.0.0.2'}};
		const each = settled(snapshotOf({nodes, mesh: false, bgpPeers}));
		expect(each.reached('node-3')).toEqual(['node-0', 'node-1', 'node-4']);
	});

	test('one reflector lost of three: nothing is lost', () => {
		const network = settled(
			snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-2']), mesh: false, bgpPeers: reflectorPeers}),
		);
		network.cutLink('node-0', network.now);
		for (let second = 0; second < 300; second += 5) {
			expect(network.reached('node-3')).toEqual(expect.arrayContaining(['node-1', 'node-2', 'node-4']));
			network.now += 5000;
		}
		expect(network.reached('node-3')).toEqual(['node-1', 'node-2', 'node-4']);
		expect(network.rows('node-3').filter(row => row.endsWith('up Established'))).toHaveLength(2);
	});

	test('the mesh beside the reflectors: a route learned directly is preferred', () => {
		const network = settled(snapshotOf({nodes: reflectors(['node-0']), bgpPeers: reflectorPeers}));
		const paths = pathsTo(network, 'node-3', '10.65.1.0/26');
		expect([...paths].sort()).toEqual(['172.31.40.1 [224.0.0.1]', '172.31.40.5 [] *']);
	});
});
