import {equalJson, type Json} from '../../json.ts';
import {peersBetween} from '../../peering/peers.ts';
import type {Peering, PeeringRule} from '../../peering/prepare.ts';
import {countSessions} from '../../peering/totals.ts';
import {bgpPeerNames} from '../../plan/steps.ts';
import type {BgpPeerSpec} from '../../resources.ts';
import {findResource} from '../../snapshot.ts';
import {block, check, type DoctorInput, pass, warn} from '../types.ts';
import {counted, some} from '../words.ts';

/** BGPPeers that are there already. */
export const bgpPeerChecks = [
	check('selectors-parse', 'The selectors of all BGPPeers can be read', ({peering, snapshot}) => {
		const bad = peering.badSelectors.map(({bgpPeer, field, error}) => {
			const text = findResource(snapshot, 'BGPPeer', bgpPeer)?.spec[field] ?? '';
			return `${bgpPeer}: ${field} "${text}": ${error.message}, at column ${error.column}`;
		});
		return bad.length === 0
			? pass(`${counted(snapshot.bgpPeers.length, 'BGPPeer')}, all readable.`)
			: block(
					`${bad.join('; ')}. Calico lets such a selector match no node and says so only in confd's log.`,
					'Mend or delete these BGPPeers: what they were meant to do is not being done.',
				);
	}),
	check('bgp-peers-between-nodes', 'No other BGPPeer connects nodes of the cluster', input => {
		const judged = otherRules(input).flatMap(rule => judgeRule(rule, input) ?? []);
		const [first] = judged;
		if (!first)
			return pass(
				`${counted(input.snapshot.bgpPeers.length, 'BGPPeer')}; none connects two nodes beside the planned ones.`,
			);
		const reason = some(
			judged.map(each => each.text),
			5,
			'; ',
		);
		return judged.some(each => each.contradicts)
			? block(
					`${reason}. Where two BGPPeers make the same session, Calico takes one of them by chance.`,
					'Delete these BGPPeers, or give them the settings of the planned ones.',
				)
			: warn(`${reason}.`, 'Look whether they are still needed; this program leaves them alone.');
	}),
];

/** BGPPeers that join nodes of this cluster, those of the plan's own names and selectors left out. */
function otherRules({plannedPeering, snapshot, choice}: DoctorInput): readonly PeeringRule[] {
	const own: ReadonlySet<string> = new Set(Object.values(bgpPeerNames));
	return plannedPeering.rules.filter(rule => {
		const connects =
			rule.remote !== null || (rule.peerIp !== null && plannedPeering.byAddress.has(rule.peerIp.address));
		if (!connects) return false;
		const there = findResource(snapshot, 'BGPPeer', rule.name);
		if (!there) return false;
		const has = choice && `has(${choice.label})`;
		return !(own.has(rule.name) && (!has || there.spec.peerSelector === has));
	});
}

function judgeRule(
	rule: PeeringRule,
	{plannedPeering, planned, snapshot, plan, reflectors}: DoctorInput,
): {readonly text: string; readonly contradicts: boolean} | undefined {
	const alone: Peering = {...plannedPeering, rules: [rule], meshEnabled: false};
	const {sessions} = countSessions(alone);
	if (sessions === 0) return undefined;
	const own: ReadonlySet<string> = new Set(Object.values(bgpPeerNames));
	if (own.has(rule.name))
		return {text: `${rule.name} has the name of a planned one but selects others`, contradicts: true};
	const pairs = plan
		? pairsWith(
				reflectors,
				planned.nodes.map(node => node.metadata.name),
			)
		: [];
	const shared = pairs.filter(
		([left, right]) => peersBetween(alone, left, right).length + peersBetween(alone, right, left).length > 0,
	).length;
	if (shared === 0) {
		return {
			text: `${rule.name} makes ${counted(sessions, 'session')} between nodes, which stay when the mesh is off`,
			contradicts: false,
		};
	}
	const found = settingsOf(findResource(snapshot, 'BGPPeer', rule.name)?.spec ?? {});
	const wanted = settingsOf(findResource(planned, 'BGPPeer', bgpPeerNames.clients)?.spec ?? {});
	const differs = !equalJson(found, wanted);
	const much = shared === pairs.length ? 'covers all' : `overlaps ${shared}`;
	return {
		text: `${rule.name} ${much} of the ${pairs.length} planned sessions${differs ? `, with other settings (${JSON.stringify(found)} instead of ${JSON.stringify(wanted)})` : ', with the same settings'}`,
		contradicts: differs,
	};
}

function pairsWith(reflectors: readonly string[], nodes: readonly string[]): ReadonlyArray<readonly [string, string]> {
	return reflectors.flatMap((reflector, index) =>
		nodes
			.filter(node => node !== reflector && !reflectors.slice(0, index).includes(node))
			.map(node => [reflector, node] as const),
	);
}

/** Which sessions a BGPPeer makes, not how: no setting. An `asNumber` of 0 or none means the cluster's. */
const selection = ['node', 'nodeSelector', 'peerIP', 'peerSelector', 'asNumber', 'reversePeering'];
/** What an API server may write into a field that nobody set. */
const defaults: Readonly<Record<string, Json>> = {
	sourceAddress: 'UseNodeIP',
	nextHopMode: 'Auto',
	keepOriginalNextHop: false,
};

function settingsOf(spec: BgpPeerSpec): Readonly<Record<string, Json | undefined>> {
	return Object.fromEntries(
		Object.entries(spec).filter(([field, value]) => !selection.includes(field) && value !== defaults[field]),
	);
}
