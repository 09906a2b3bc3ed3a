import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {preparePeering} from '../../../src/core/peering/prepare.ts';
import {birdConfiguration} from '../../../src/practice/engine/bird/configuration.ts';
import {checkMachine, type Machine, whatIsMissing} from '../../../src/practice/engine/bird/machine.ts';
import {isAlive, ownedPrefix, ownerOf, thisOwner} from '../../../src/practice/engine/bird/owner.ts';
import {reflectorPeers, reflectors, snapshotOf} from '../bgp/network-of-five.ts';

function able(): Machine {
	const folder = mkdtempSync(join(tmpdir(), 'programs-'));
	for (const program of ['bird', 'bird6', 'birdc', 'birdc6', 'ip']) {
		writeFileSync(join(folder, program), '', {mode: 0o755});
	}
	return {platform: 'linux', isRoot: true, folders: [folder], hasNamespaces: true, mayUseThem: true};
}

describe('a machine for real BIRD', () => {
	test('lacks nothing where all is there', () => {
		expect(whatIsMissing(able())).toEqual([]);
	});

	test.each([
		[{platform: 'darwin'}, 'this is not Linux'],
		[{isRoot: false}, 'this user is not root'],
		[{hasNamespaces: false}, 'this kernel has no network namespaces'],
		[{mayUseThem: false}, 'this container may not make network namespaces'],
	] as const)('%o', (change, lack) => {
		const machine = {...able(), ...change};
		expect(whatIsMissing(machine).map(each => each.lack)).toEqual([lack]);
		expect(() => checkMachine(machine)).toThrow(`Real BIRD cannot run here: ${lack}.`);
	});
});

describe('the names on this machine', () => {
	test('say whose they are, and whether that process lives', () => {
		const owner = thisOwner();
		expect(ownerOf(`${ownedPrefix(owner)}a1B2c3-switch`)).toEqual(owner);
		expect(ownerOf(`${ownedPrefix(owner)}a1B2c3`)).toEqual(owner);
		expect(isAlive(owner)).toBe(true);
		expect(isAlive({...owner, started: '1'})).toBe(false);
	});

	test.each(['default', 'calico-rr-home-a1B2c3', 'calico-rr-12-x', 'calico-rr-bin-1'])('%s is not one', name => {
		expect(ownerOf(name)).toBeUndefined();
	});
});

test('bird.conf of a reflector is what confd makes of the same resources', () => {
	const peering = preparePeering(snapshotOf({nodes: reflectors(['node-0']), bgpPeers: reflectorPeers}));
	const text = birdConfiguration({
		peering,
		node: 'node-0',
		family: 4,
		blocks: ['10.65.0.0/26'],
		pools: ['10.65.0.0/16'],
		felixPools: [],
	});
	expect(text.split('\n').filter(line => line.startsWith('protocol bgp'))).toEqual(
		[2, 3, 4, 5].map(index => `protocol bgp Node_172_31_40_${index} from bgp_template {`),
	);
	expect(text).toContain(
		`protocol bgp Node_172_31_40_2 from bgp_template {
  neighbor 172.31.40.2 as 64512;
  source address 172.31.40.1;
  rr client;
  rr cluster id 224.0.0.1;
}
`,
	);
	const client = birdConfiguration({peering, node: 'node-1', family: 4, blocks: [], pools: [], felixPools: []});
	expect(client).toContain(
		`protocol bgp Mesh_172_31_40_3 from bgp_template {
  neighbor 172.31.40.3 as 64512;
  source address 172.31.40.2;
  passive on;
}
`,
	);
	expect(client).not.toContain('rr client');
	const pools = ['10.65.0.0/16'];
	const vxlan = birdConfiguration({peering, node: 'node-1', family: 4, blocks: [], pools, felixPools: pools});
	expect(vxlan).toMatch(
		/calico_kernel_programming\n\{\n {2}if \( net ~ \[ 10\.65\.0\.0\/16\+ \] \) then \{ reject; \}/,
	);
	expect(client).not.toContain('Mesh_172_31_40_1 ');
});
