import {type PoolRoutes, routesOfPools} from '../route-programming.ts';
import {check, pass, unknown, warn} from '../types.ts';
import {some} from '../words.ts';

/** Whose routes lead to the pods, so what a session that is down for a moment costs. */
export const poolChecks = [
	check('pool-routes', "Who programs the pools' routes", ({snapshot, facts}) => {
		const pools = routesOfPools(snapshot, facts);
		if (pools.length === 0) return unknown('Not known: no IPPool was read.');
		const listed = some(pools.map(sayPool), 8, '; ');
		const unclear = pools.find(pool => pool.by === 'unknown');
		if (unclear)
			return unknown(
				`${listed}. ${(unclear.reason || 'A setting of programClusterRoutes is new to this program').replace(/\.?$/, '.')}`,
			);
		if (pools.some(pool => pool.by === 'both' || pool.by === 'nobody')) {
			return warn(
				`${listed}. programClusterRoutes of FelixConfiguration and of BGPConfiguration must name each kind of pool once.`,
				'Set both fields so that they complement each other, before anything else is changed.',
			);
		}
		return pools.some(pool => pool.by === 'BIRD')
			? pass(
					`${listed}. At stake: while a node becomes a reflector, pods on it and pods elsewhere in BIRD's pools cannot reach each other, about 2 s (median; 20 s the longest measured). Other pairs lose nothing.`,
				)
			: pass(`${listed}. No pod traffic is at stake: Felix's routes do not depend on BGP sessions.`);
	}),
];

function sayPool({pool, cidr, encapsulation, by}: PoolRoutes): string {
	const how = encapsulation === 'none' ? 'no encapsulation' : encapsulation;
	return `${pool} ${cidr}: ${how}, ${by === 'unknown' ? 'by whom is not known' : `by ${by}`}`;
}
