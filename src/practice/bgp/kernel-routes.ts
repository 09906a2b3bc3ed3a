import type {Family, KernelRoute} from '../../core/session.ts';
import {compareAddresses} from './addresses.ts';
import type {Path} from './paths.ts';

/** BIRD's routes in the kernel: `krt_metric 1024` in Calico's bird_aggr.cfg; the node's own block is a blackhole. */
const metric = 1024;

/** What BIRD puts into the kernel: the best path of each block, and the node's own blocks, by destination. */
export function kernelRoutesFrom(
	best: readonly Path[],
	ownBlocks: readonly string[],
	family: Family,
	device: string,
): readonly KernelRoute[] {
	const routes: KernelRoute[] = ownBlocks.map(destination => ({
		destination,
		family,
		via: [],
		device: null,
		protocol: 'bird',
		metric: null,
		blackhole: true,
	}));
	for (const {destination, route} of best) {
		routes.push({destination, family, via: [route.nextHop], device, protocol: 'bird', metric, blackhole: false});
	}
	return routes.sort((left, right) => compareAddresses(left.destination, right.destination));
}
