import {hashText} from '../random.ts';

/** BIRD's router ID: the node's IPv4 address; where there is none, Calico hashes the name (CALICO_ROUTER_ID=hash). */
export function routerId(address: string, name: string): number {
	const parts = address.split('.').map(Number);
	return parts.length === 4 ? parts.reduce((value, part) => value * 256 + part, 0) : hashText(name);
}

/** A router ID as BIRD prints it. */
export function printRouterId(id: number): string {
	return [24, 16, 8, 0].map(shift => Math.floor(id / 2 ** shift) % 256).join('.');
}
