import {countSessions} from '../../peering/totals.ts';
import {findResource} from '../../snapshot.ts';
import {check, type DoctorInput, pass, warn} from '../types.ts';
import {counted} from '../words.ts';

/** Up to here Calico's documentation calls a mesh fine: "100 nodes or less". */
const meshIsFine = 100;

/** Whether the cluster gains by it. */
export const worthChecks = [
	check('worth-it', 'Route reflectors pay off at this size', input => {
		const {peering, plannedPeering, plan} = input;
		const nodes = peering.nodes.filter(node => node.address[4] || node.address[6]).length;
		const now = countSessions(peering).sessions;
		const numbers = plan
			? `${counted(now, 'session')} now, ${countSessions(plannedPeering).sessions} with the reflectors`
			: counted(now, 'session');
		return nodes < meshIsFine
			? warn(
					`${counted(nodes, 'node')}: ${numbers}. Calico calls a mesh fine up to about ${meshIsFine} nodes.`,
					'Stay with the mesh unless the cluster grows or you want to learn.',
					alternative(input),
				)
			: pass(`${counted(nodes, 'node')}: ${numbers}. ${alternative(input)}`);
	}),
];

/** What Calico's maintainers offer to large clusters instead (calico #9976). */
function alternative({peering, snapshot}: DoctorInput): string {
	const spec = findResource(snapshot, 'BGPConfiguration', 'default')?.spec ?? {};
	const services = ['serviceClusterIPs', 'serviceExternalIPs', 'serviceLoadBalancerIPs'].some(field => {
		const list = spec[field];
		return Array.isArray(list) && list.length > 0;
	});
	const external = countSessions(peering).external > 0;
	if (external || services) {
		const why = external ? 'routers outside peer with the cluster' : 'service addresses are advertised';
		return `VXLAN CrossSubnet with BGP off, the other way to end the mesh, is not for this cluster: ${why}.`;
	}
	return 'No router outside and no service needs BGP here: VXLAN CrossSubnet with BGP off would need neither mesh nor reflectors.';
}
