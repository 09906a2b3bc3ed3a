import type {Family, KernelRoute, NextHop} from './session.ts';

/**
 * The route hold. BIRD deletes a pod route the moment its session goes; a copy with a worse metric takes over in that
 * moment (measured on real Calico: not one ping lost). BIRD's kernel protocol has `learn`, so a copy of any other
 * protocol would be imported and advertised to peers; those of `proto kernel` it skips.
 */
export const hold = {protocol: 'kernel', metric: 4096} as const;

/** Whether a route of the kernel is one of our copies. Nothing else is ever taken away. */
export function isHold(route: KernelRoute): boolean {
	return route.protocol === hold.protocol && route.metric === hold.metric && !route.blackhole;
}

/** The routes that a node's hold copies: BIRD's own ones inside the pools, blackholes (the node's own blocks) left out. */
export function routesToHold(routes: readonly KernelRoute[], pools: readonly string[]): readonly KernelRoute[] {
	return routes.filter(
		route => route.protocol === 'bird' && !route.blackhole && pools.some(pool => isInside(pool, route)),
	);
}

/** The copies that may go: those whose destination BIRD itself has a route to again. */
export function holdsToRelease(holds: readonly KernelRoute[], routes: readonly KernelRoute[]): readonly KernelRoute[] {
	const back = new Set(routes.filter(route => route.protocol === 'bird').map(route => route.destination));
	return holds.filter(route => isHold(route) && back.has(route.destination));
}

/** Lines for `ip -batch` that make the copies, or take exactly them away. */
export function batchLines(verb: 'add' | 'del', routes: readonly KernelRoute[]): readonly string[] {
	return routes.map(route => {
		const [first, ...more] = route.hops ?? [];
		const ways = more.length === 0 ? wayText(first) : [first, ...more].map(way => `nexthop ${wayText(way)}`).join(' ');
		return `route ${verb} ${route.destination} proto ${hold.protocol} metric ${hold.metric} ${ways}`.trimEnd();
	});
}

function wayText(way: NextHop | undefined): string {
	if (!way) return '';
	return [
		way.via === null ? '' : `via ${way.via.includes(':') ? 'inet6 ' : ''}${way.via}`,
		way.device === null ? '' : `dev ${way.device}`,
		way.onlink ? 'onlink' : '',
		way.weight === null ? '' : `weight ${way.weight}`,
	]
		.filter(part => part !== '')
		.join(' ');
}

/** Whether a route's destination lies inside a pool, both as CIDRs of one family. */
export function isInside(pool: string, route: Pick<KernelRoute, 'destination' | 'family'>): boolean {
	const [poolAddress = '', poolLength = ''] = pool.split('/');
	const [address = '', length = ''] = route.destination.split('/');
	const family: Family = pool.includes(':') ? 6 : 4;
	if (family !== route.family || Number(length) < Number(poolLength)) return false;
	const shift = BigInt((family === 4 ? 32 : 128) - Number(poolLength));
	return bits(poolAddress, family) >> shift === bits(address, family) >> shift;
}

function bits(address: string, family: Family): bigint {
	if (family === 4) return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
	const [head = '', tail] = address.split('::');
	const groups = (text: string) => (text === '' ? [] : text.split(':'));
	const left = groups(head);
	const right = tail === undefined ? [] : groups(tail);
	const zeros: readonly string[] = Array.from({length: Math.max(0, 8 - left.length - right.length)}, () => '0');
	return [...left, ...(tail === undefined ? [] : zeros), ...right].reduce(
		(sum, group) => (sum << 16n) + BigInt(`0x${group || '0'}`),
		0n,
	);
}
