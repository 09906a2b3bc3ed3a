import {describe, expect, test} from 'vitest';
import {parseKernelRoutes} from '../../src/cluster/parse/kernel-routes.ts';
import {batchLines, holdsToRelease, isHold, routesToHold} from '../../src/core/hold.ts';
import type {Family, KernelRoute} from '../../src/core/session.ts';

function routes(text: string, family: Family, protocol = 'bird'): readonly KernelRoute[] {
	const parsed = parseKernelRoutes(text, family, protocol);
	if (!parsed.ok) throw parsed.error;
	return parsed.value;
}

const kernel = `10.65.0.0/26 via 172.31.40.1 dev eth0 metric 1024 
blackhole 10.65.0.64/26 
10.65.0.128/26 metric 1024 
	nexthop via 172.31.40.3 dev eth0 weight 1 
	nexthop via 172.31.41.3 dev eth1 weight 2 
10.65.1.0/26 via 172.31.40.5 dev tunl0 metric 1024 onlink 
10.96.0.0/12 via 172.31.40.9 dev eth0 metric 1024 
`;

describe('the route hold', () => {
	test('copies BIRD’s routes inside the pools with next hops, devices and onlink, and no blackhole', () => {
		expect(batchLines('add', routesToHold(routes(kernel, 4), ['10.65.0.0/16']))).toEqual([
			'route add 10.65.0.0/26 proto kernel metric 4096 via 172.31.40.1 dev eth0',
			'route add 10.65.0.128/26 proto kernel metric 4096 nexthop via 172.31.40.3 dev eth0 weight 1 nexthop via 172.31.41.3 dev eth1 weight 2',
			'route add 10.65.1.0/26 proto kernel metric 4096 via 172.31.40.5 dev tunl0 onlink',
		]);
	});

	test('knows IPv6 pools, written in any way', () => {
		const six = routes(
			'fd00:10:65::40/122 via fe80::1 dev eth0 metric 1024 pref medium\nfd00:10:66::/122 via fe80::1 dev eth0 metric 1024 pref medium\n',
			6,
		);
		expect(routesToHold(six, ['fd00:0010:65:0::/48', '10.65.0.0/16']).map(route => route.destination)).toEqual([
			'fd00:10:65::40/122',
		]);
	});

	test('is taken away only by its exact match, and only where BIRD’s own route is back', () => {
		const copies = routes(
			'10.65.0.0/26 via 172.31.40.1 dev eth0 metric 4096 \n10.65.1.0/26 via 172.31.40.5 dev eth0 metric 4096 \n10.65.2.0/26 via 172.31.40.5 dev eth0 metric 100 \n',
			4,
			'kernel',
		);
		expect(copies.map(isHold)).toEqual([true, true, false]);
		const now = routes(
			'10.65.0.0/26 via 172.31.40.1 dev eth0 metric 1024 \n10.65.2.0/26 via 172.31.40.1 dev eth0 metric 1024 \n',
			4,
		);
		expect(batchLines('del', holdsToRelease(copies, now))).toEqual([
			'route del 10.65.0.0/26 proto kernel metric 4096 via 172.31.40.1 dev eth0',
		]);
	});
});
