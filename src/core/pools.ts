import type {IpPoolResource} from './resources.ts';

export type Encapsulation = 'VXLAN' | 'IPIP' | 'none';

/** How packets between a pool's pods are wrapped. */
export function encapsulationOf({spec}: IpPoolResource): Encapsulation {
	if (spec.vxlanMode && spec.vxlanMode !== 'Never') return 'VXLAN';
	return spec.ipipMode && spec.ipipMode !== 'Never' ? 'IPIP' : 'none';
}

/** Whether Felix programs the pool's routes in every version and setting: they do not depend on any BGP session. */
export function isVxlan(pool: IpPoolResource): boolean {
	return encapsulationOf(pool) === 'VXLAN';
}
