import {expect, test} from 'vitest';
import type {Snapshot} from '../../../src/core/snapshot.ts';
import {createNetwork} from '../../../src/practice/bgp/network.ts';
import {reflectorPeers} from './network-of-five.ts';

const size = 5000;
const names = Array.from({length: size}, (_, index) => `node-${index}`);

function cluster(reflectors: number, mesh: boolean): Snapshot {
	const apiVersion = 'projectcalico.org/v3';
	return {
		nodes: names.map((name, index) => ({
			apiVersion,
			kind: 'Node',
			metadata: {name, labels: index < reflectors ? {'calico-route-reflector': ''} : {}},
			spec: {
				bgp: {
					ipv4Address: `10.1.${index >> 8}.${index & 255}/16`,
					...(index < reflectors && {routeReflectorClusterID: '224.0.0.1'}),
				},
			},
		})),
		bgpPeers: reflectorPeers,
		bgpConfigurations: [
			{apiVersion, kind: 'BGPConfiguration', metadata: {name: 'default'}, spec: {nodeToNodeMeshEnabled: mesh}},
		],
		ipPools: [{apiVersion, kind: 'IPPool', metadata: {name: 'pool'}, spec: {cidr: '10.64.0.0/10'}}],
	};
}

function fastest(times: number, action: () => void): number {
	let best = Number.POSITIVE_INFINITY;
	for (let time = 0; time < times; time++) {
		const began = performance.now();
		action();
		best = Math.min(best, performance.now() - began);
	}
	return best;
}

test('5,000 nodes cost next to nothing until somebody looks, and then what is looked at', {timeout: 60_000}, () => {
	let now = Date.UTC(2026, 10, 23);
	const clock = {now: () => now, sleep: () => Promise.reject(new Error('nobody sleeps here'))};
	const blockOf = (name: string): readonly string[] => {
		const index = Number(name.slice(5));
		return [`10.${64 + (index >> 10)}.${(index >> 2) & 255}.${(index & 3) * 64}/26`];
	};
	const network = createNetwork({clock, seed: 1, blockOf, device: 'eth0'});
	network.configure(cluster(0, true), now);
	expect(network.protocols('node-4999', 4, now)).toHaveLength(size - 1);
	expect(network.kernelRoutes('node-4999', 4, now)).toHaveLength(size);

	now += 1000;
	network.configure(cluster(3, true), now);
	now += 60_000;
	expect(network.protocols('node-0', 4, now)?.every(({state}) => state === 'up')).toBe(true);
	const off = cluster(3, false);
	const on = cluster(3, true);
	let last = on;
	const configuring = fastest(6, () => {
		last = last === on ? off : on;
		now += 60_000;
		network.configure(last, now);
	});
	expect(configuring).toBeLessThan(100);
	network.configure(off, now);
	now += 60_000;
	expect(network.protocols('node-4999', 4, now)?.map(({peer, state}) => `${peer.address} ${state}`)).toEqual([
		'10.1.0.0 up',
		'10.1.0.1 up',
		'10.1.0.2 up',
	]);
	expect(network.kernelRoutes('node-4999', 4, now)).toHaveLength(size);
	expect(fastest(3, () => network.protocols('node-4999', 4, now))).toBeLessThan(20);
	expect(fastest(3, () => network.kernelRoutes('node-4999', 4, now))).toBeLessThan(1000);
});
