import {describe, expect, test} from 'vitest';
import {parseProtocols} from '../../../src/cluster/parse/bird-protocols.ts';
import {answerAtOnce} from '../../../src/practice/node/exec.ts';
import {
	blockOf,
	createFiveNodes,
	type FiveNodes,
	reflectorPeers,
	reflectors,
	snapshotOf,
} from '../bgp/network-of-five.ts';

function run(network: FiveNodes, node: string, command: string): readonly string[] {
	const {stdout, stderr} = answerAtOnce(network, node, command.split(' '));
	return `${stdout}${stderr}`.trimEnd().split('\n').slice(1);
}

/** Two reflectors, and the mesh still on between the other three. */
function converted(): FiveNodes {
	const network = createFiveNodes();
	network.configure(snapshotOf({}), network.now);
	network.now += 1000;
	network.configure(snapshotOf({nodes: reflectors(['node-0', 'node-1']), bgpPeers: reflectorPeers}), network.now);
	network.now += 60_000;
	network.rows('node-3');
	return network;
}

describe('birdcl disable and enable', () => {
	test('answer in BIRD’s words, and take the session down and up again on both ends', () => {
		const network = createFiveNodes();
		network.configure(snapshotOf({}), network.now);
		network.now += 10_000;
		expect(run(network, 'node-3', 'birdcl disable Mesh_172_31_40_1')).toEqual(['Mesh_172_31_40_1: disabled']);
		expect(run(network, 'node-3', 'birdcl disable Mesh_172_31_40_1')).toEqual(['Mesh_172_31_40_1: already disabled']);
		network.now += 500;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_1 down Down');
		expect(network.rows('node-0').find(row => row.startsWith('Mesh_172_31_40_4'))).toMatch(
			/ start Passive Received: Administrative shutdown/,
		);
		expect(network.reached('node-3')).toEqual(['node-1', 'node-2', 'node-4']);
		expect(network.reached('node-0')).toEqual(['node-1', 'node-2', 'node-4']);
		network.now += 300_000;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_1 down Down');
		expect(run(network, 'node-3', 'birdcl enable Mesh_172_31_40_1')).toEqual(['Mesh_172_31_40_1: enabled']);
		expect(run(network, 'node-3', 'birdcl enable Mesh_172_31_40_1')).toEqual(['Mesh_172_31_40_1: already enabled']);
		network.now += 60_000;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_1 up Established');
		expect(network.reached('node-3')).toHaveLength(4);
		expect(network.reached('node-0')).toHaveLength(4);
	});

	test('take a pattern, refuse what is not there, and nothing without the right', () => {
		const network = converted();
		expect(run(network, 'node-3', 'birdcl disable "Mesh_*"')).toEqual([
			'Mesh_172_31_40_3: disabled',
			'Mesh_172_31_40_5: disabled',
		]);
		expect(run(network, 'node-3', 'birdcl disable Mesh_172_31_40_1')).toEqual(['Mesh_172_31_40_1 is not a protocol']);
		expect(run(network, 'node-0', 'birdcl enable "Mesh_*"')).toEqual(['No protocols match']);
		expect(run(network, 'node-3', 'birdcl -r enable all')).toEqual(['Access restricted', 'Access denied']);
		expect(answerAtOnce(network, 'node-3', ['birdcl', 'disable', 'all']).exitCode).toBe(1);
	});

	test('leave a client without its mesh on its reflectors’ routes', () => {
		const network = converted();
		run(network, 'node-3', 'birdcl disable "Mesh_*"');
		network.now += 2000;
		expect(network.reached('node-3')).toHaveLength(4);
		expect(network.reached('node-4')).toHaveLength(4);
		const block = blockOf['node-4'] ?? '';
		expect(run(network, 'node-3', `birdcl show route ${block}`).join('\n')).not.toContain('Mesh_');
	});

	test('show the protocol as BIRD does: down, without a state, and calicoctl leaves it out', () => {
		const network = converted();
		run(network, 'node-3', 'birdcl disable "Mesh_*"');
		network.now += 2000;
		const {stdout} = answerAtOnce(network, 'node-3', ['birdcl', 'show', 'protocols']);
		expect(stdout).toMatch(/^Mesh_172_31_40_3 BGP {6}master {3}down {3}\S+ *$/m);
		const parsed = parseProtocols(stdout, 4);
		expect(parsed.ok && parsed.value.map(({protocol, state}) => `${protocol} ${state}`)).toEqual([
			'Mesh_172_31_40_3 down',
			'Mesh_172_31_40_5 down',
			'Node_172_31_40_1 up',
			'Node_172_31_40_2 up',
		]);
		expect(run(network, 'node-3', 'birdcl show protocols all Mesh_172_31_40_3').join('\n')).toContain(
			'BGP state:          Down',
		);
		expect(answerAtOnce(network, 'node-3', ['calicoctl', 'node', 'status']).stdout).not.toContain('node-to-node mesh');
	});

	test('last until BIRD reads another configuration, whatever changed in it', () => {
		const network = converted();
		run(network, 'node-3', 'birdcl disable Mesh_172_31_40_3');
		network.now += 5000;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_3 down Down');
		network.configure(
			snapshotOf({nodes: reflectors(['node-0', 'node-1', 'node-4']), bgpPeers: reflectorPeers}),
			network.now,
		);
		network.now += 60_000;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_3 up Established');
	});

	test('last where a configuration says nothing new to this node', () => {
		const network = converted();
		run(network, 'node-3', 'birdcl disable Mesh_172_31_40_3');
		network.now += 5000;
		network.configure(snapshotOf({nodes: reflectors(['node-0', 'node-1']), bgpPeers: reflectorPeers}), network.now);
		network.now += 60_000;
		expect(network.rows('node-3')).toContain('Mesh_172_31_40_3 down Down');
	});
});
