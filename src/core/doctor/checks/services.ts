import {findResource, type Snapshot} from '../../snapshot.ts';
import {check, pass, unknown, warn} from '../types.ts';
import {some} from '../words.ts';

/** Calico reads this label's value: only `true` counts (confd's ExcludeServiceAdvertisement). */
const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers';
const fields = ['serviceClusterIPs', 'serviceExternalIPs', 'serviceLoadBalancerIPs'] as const;

/** Routes to services that Calico advertises over the same sessions. */
export const serviceChecks = [
	check('service-routes', 'The reflectors pass on the routes of services', ({snapshot, choice, reflectors}) => {
		const advertised = fields.map(field => ({field, cidrs: cidrsOf(snapshot, field)}));
		const used = advertised.filter(({cidrs}) => cidrs.length > 0);
		if (used.length === 0) return pass('No service addresses are advertised.');
		const listed = used.map(({field, cidrs}) => `${field} ${some(cidrs, 3)}`).join('; ');
		if (!choice && reflectors.length === 0) return unknown(`${listed}. Not known: no reflectors are chosen.`);
		const silent = snapshot.nodes
			.filter(({metadata}) => reflectors.includes(metadata.name) && metadata.labels?.[excluded] === 'true')
			.map(({metadata}) => metadata.name);
		// External and load balancer addresses pass a reflector by a rule of their own; cluster IPs only as its own routes.
		return silent.length > 0 && used.some(({field}) => field === 'serviceClusterIPs')
			? warn(
					`${listed}. ${silent.join(', ')}: has the label ${excluded}=true, so it advertises no service itself and would not reflect other nodes' routes to single cluster IPs.`,
					'Choose reflectors without that label.',
				)
			: pass(`${listed}: these go over the same sessions.`);
	}),
];

function cidrsOf(snapshot: Snapshot, field: string): readonly string[] {
	const list = findResource(snapshot, 'BGPConfiguration', 'default')?.spec[field];
	if (!Array.isArray(list)) return [];
	return list.flatMap(item => (typeof item?.cidr === 'string' ? [item.cidr] : []));
}
