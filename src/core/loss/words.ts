import type {Plan} from '../plan/types.ts';
import {isVxlan} from '../pools.ts';
import {estimateLoss} from './estimate.ts';

/** Names of more nodes than this would bury the rest. */
const shownNodes = 6;

/** What a plan costs in pod traffic, in words: nothing where it is held, else which pairs of nodes and for about how long. */
export function lossText(plan: Plan): string {
	const {ipPools} = plan.original;
	if (ipPools.length > 0 && ipPools.every(isVxlan)) {
		return 'Pod traffic: none at stake. All pools are VXLAN, so Felix programs their routes, whatever BGP does.';
	}
	const {pairs, pairsHit, pairSeconds, worstPairSeconds, pairsCutOff, nodes} = estimateLoss(plan);
	if (pairsHit === 0) return 'Pod traffic: nothing is lost, every pair of nodes keeps a route at every moment.';
	const about = nodes.slice(0, shownNodes).join(', ');
	const more = nodes.length > shownNodes ? ` and ${nodes.length - shownNodes} more` : '';
	const who = nodes.length === 0 ? '' : ` (those with ${about}${more} in them)`;
	const cost = `${say(pairsHit)} of ${say(pairs)} ordered pairs of nodes${who} lose their routes for up to about ${say(Math.round(worstPairSeconds))} s each, ${say(Math.round(pairSeconds))} pair-seconds in all`;
	if (plan.steps.some(step => step.hold)) {
		return `Pod traffic: nothing is lost while the routes are held. Without the hold ${cost}.`;
	}
	const forever = pairsCutOff === 0 ? '' : ` ${say(pairsCutOff)} of them stay cut off.`;
	return `Pod traffic: ${cost}. One collision more costs a pair some seconds more; 24 s is the longest measured.${forever}`;
}

function say(number: number): string {
	return number.toLocaleString('en-US');
}
