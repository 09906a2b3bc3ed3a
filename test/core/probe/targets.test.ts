import {expect, it} from 'vitest';
import {probeEnds} from '../../../src/core/probe/targets.ts';
import type {NodeResource} from '../../../src/core/resources.ts';
import type {KernelRoute} from '../../../src/core/session.ts';

const node = (more: object = {}): NodeResource => ({
	apiVersion: 'projectcalico.org/v3',
	kind: 'Node',
	metadata: {name: 'a'},
	spec: {bgp: {ipv4Address: '172.31.40.1/24', ipv6Address: 'fd00::1/64', ...more}},
});
const blackhole = (destination: string): KernelRoute => ({
	destination,
	family: destination.includes(':') ? 6 : 4,
	via: [],
	device: null,
	protocol: 'bird',
	metric: null,
	blackhole: true,
});
const pools = ['10.65.0.0/16', 'fd00:10:65::/48'];
// The blackhole of a service's addresses comes first, and is in no pool.
const routes = [blackhole('10.96.0.0/12'), blackhole('10.65.0.64/26'), blackhole('fd00:10:65::40/122')];

it("a pod's address, else the block's first; sent from the block, else from the node", () => {
	const pods = ['172.31.40.1', '10.65.7.7', '10.65.0.70', '10.65.0.71'];
	expect(probeEnds({node: node(), routes, pods}, pools, 4)).toEqual({
		sources: ['10.65.0.64', '172.31.40.1'],
		targets: ['10.65.0.70', '10.65.0.64'],
	});
	expect(probeEnds({node: node(), routes, pods: ['10.65.0.70']}, pools, 6)).toEqual({
		sources: ['fd00:10:65::40', 'fd00::1'],
		targets: ['fd00:10:65::40'],
	});
});

it("the tunnel's address is in the block, and answers for sure", () => {
	expect(probeEnds({node: node({ipv4IPIPTunnelAddr: '10.65.0.65'}), routes, pods: []}, pools, 4)).toEqual({
		sources: ['10.65.0.65', '10.65.0.64', '172.31.40.1'],
		targets: ['10.65.0.65', '10.65.0.64'],
	});
});

it('without a block there is nothing to ping', () => {
	const nothing = {sources: [], targets: []};
	expect(probeEnds({node: node(), routes: routes.slice(0, 1), pods: []}, pools, 4)).toEqual(nothing);
	expect(probeEnds({node: node({ipv4Address: undefined}), routes, pods: []}, pools, 4)).toEqual(nothing);
});
