import {isVxlan} from '../pools.ts';
import {hasBgpAddress} from '../reflectors.ts';
import type {Snapshot} from '../snapshot.ts';
import {smallCluster} from './gate-scope.ts';
import type {Direction, Holding, HoldStep, Step} from './types.ts';

/** Which routes are held: all of them on a small cluster; else all on the converting nodes, and those to them elsewhere. */
export function holdScope(snapshot: Snapshot, converting: readonly string[], action: HoldStep['action']): HoldStep {
	const nodes = snapshot.nodes.filter(hasBgpAddress).map(node => node.metadata.name);
	return nodes.length <= smallCluster ? {action, nodes} : {action, nodes, about: converting};
}

/** The steps around all others that keep pods reachable while sessions move. */
export function withHold(
	steps: readonly Step[],
	{
		snapshot,
		converting,
		holding,
		direction,
	}: {
		readonly snapshot: Snapshot;
		readonly converting: readonly string[];
		readonly holding: Holding;
		readonly direction: Direction;
	},
): readonly Step[] {
	if (holding.state !== 'on' || steps.length === 0 || converting.length === 0 || !hasRoutesToHold(snapshot))
		return steps;
	const first = steps.findIndex(step => step.writes.length > 0);
	return [
		...steps.slice(0, first),
		takeStep(holdScope(snapshot, converting, 'take')),
		...steps
			.slice(first)
			.map(step => ({...step, effect: {...step.effect, traffic: heldTraffic(step.effect.traffic, direction)}})),
		releaseStep(holdScope(snapshot, converting, 'release')),
	];
}

/** Whether BIRD may have routes worth holding: Felix programs those of VXLAN pools, and they stay whatever BGP does. */
function hasRoutesToHold({ipPools}: Snapshot): boolean {
	return ipPools.length === 0 || !ipPools.every(isVxlan);
}

function heldTraffic(traffic: string, direction: Direction): string {
	return traffic.startsWith('None')
		? traffic
		: `None while the routes are held (measured ${direction === 'back' ? 'on the way back too' : 'on 5 and on 20 nodes'}: not one ping lost). Without the hold: ${traffic}`;
}

function takeStep(scope: HoldStep): Step {
	return {
		id: 'hold-routes',
		title: `Hold the pod routes on ${scope.nodes.length} nodes`,
		why: 'BIRD deletes a pod route the moment its session goes. A copy of each with a worse metric (proto kernel metric 4096) takes over in that moment, so that no packet is lost while a session moves. BIRD neither imports nor advertises routes of proto kernel.',
		effect: {
			sessions: 'None.',
			traffic: 'None: a route with a worse metric is not used while the better one is there.',
		},
		writes: [],
		hold: scope,
		needs: [],
	};
}

/** Taking the copies away; also what is left to do after a run that stopped. */
export function releaseStep(scope: HoldStep): Step {
	return {
		id: 'release-routes',
		title: `Release the held routes on ${scope.nodes.length} nodes`,
		why: 'Every session is where it shall be, so BIRD has its own routes again. A copy goes only where that is so, and only by its exact match.',
		effect: {sessions: 'None.', traffic: 'None: BIRD’s own route has the better metric.'},
		writes: [],
		hold: scope,
		needs: [],
	};
}

/** The commands of a hold as they run on each node, for the preview; a node's own routes are read when it comes to it. */
export function holdCommands({action, about}: HoldStep): readonly string[] {
	const which = about ? ' (on other nodes than the reflectors only the routes that lead to one)' : '';
	return action === 'take'
		? [
				`ip route show proto bird${which}`,
				'ip -force -batch -    with a line for each: route add BLOCK proto kernel metric 4096 via GATEWAY dev DEVICE',
			]
		: [
				'ip route show proto kernel; ip route show proto bird',
				'ip -force -batch -    with a line for each that BIRD has again: route del BLOCK proto kernel metric 4096 via GATEWAY dev DEVICE',
			];
}
