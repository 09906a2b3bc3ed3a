import {createFactJudge, type FactVerdict, type KnownNodes} from './candidate-facts.ts';
import {externalEnds} from './peering/peers.ts';
import {type Peering, preparePeering} from './peering/prepare.ts';
import {hasBgpAddress} from './reflectors.ts';
import type {NodeResource} from './resources.ts';
import {findResource, type Snapshot} from './snapshot.ts';

/** One thing that speaks for or against a node as a route reflector. */
export type Reason = {readonly text: string; readonly good: boolean};

/** A node as a possible route reflector. */
export type Candidate = {
	readonly name: string;
	/** False where the node cannot be a reflector at all; the first bad reason says why. */
	readonly eligible: boolean;
	readonly score: number;
	readonly zone: string | null;
	readonly reasons: readonly Reason[];
};

type Check = (node: NodeResource, snapshot: Snapshot, peering: Peering) => FactVerdict | undefined;

const zoneLabels = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'];
const controlPlaneLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** Labels by which the large providers mark machines they may take back at any moment. */
const spotLabels: ReadonlyArray<readonly [key: string, value: string]> = [
	['cloud.google.com/gke-spot', 'true'],
	['cloud.google.com/gke-preemptible', 'true'],
	['eks.amazonaws.com/capacityType', 'SPOT'],
	['karpenter.sh/capacity-type', 'spot'],
	['kubernetes.azure.com/scalesetpriority', 'spot'],
];

const checks: readonly Check[] = [
	node => (hasBgpAddress(node) ? undefined : {text: 'has no BGP address', score: 0, excludes: true}),
	node =>
		node.metadata.labels?.['kubernetes.io/os'] === 'windows'
			? {text: 'runs Windows, which cannot reflect', score: 0, excludes: true}
			: undefined,
	node => (node.spec.bgp?.routeReflectorClusterID ? {text: 'is a route reflector already', score: 4} : undefined),
	node => (zoneOf(node) ? {text: `zone ${zoneOf(node)}`, score: 0} : undefined),
	node =>
		spotLabels.some(([key, value]) => node.metadata.labels?.[key] === value)
			? {text: 'a spot machine: may be taken away at any moment', score: -4}
			: undefined,
	(node, _snapshot, peering) => {
		const [outside] = routersOf(node, peering);
		return outside === undefined
			? undefined
			: {text: `has a session with ${outside} outside the cluster, which a restart of it ends too`, score: -2};
	},
	(node, snapshot) =>
		// confd reads the label by its value (ExcludeServiceAdvertisement); kubeadm sets it empty, which excludes nothing.
		advertisesServices(snapshot) &&
		node.metadata.labels?.['node.kubernetes.io/exclude-from-external-load-balancers'] === 'true'
			? {text: 'excluded from load balancers: would not reflect service routes', score: -3}
			: undefined,
	node =>
		hasLabel(node, controlPlaneLabels)
			? {text: 'control plane: stable, but upgraded one after another', score: 0}
			: undefined,
];

/** Addresses outside the cluster that BGPPeers for some nodes, this one among them, name. */
function routersOf({metadata: {name}}: NodeResource, peering: Peering): readonly string[] {
	const node = peering.byName.get(name);
	if (!node) return [];
	const ends = ([4, 6] as const).flatMap(family => externalEnds(peering, node, family));
	return ends.filter(({end}) => end.kind === 'node').map(({address}) => address);
}

/** The node's zone by its label, or null where it has none. */
export function zoneOf(node: NodeResource): string | null {
	for (const label of zoneLabels) {
		const zone = node.metadata.labels?.[label];
		if (zone) return zone;
	}
	return null;
}

function hasLabel(node: NodeResource, keys: readonly string[]): boolean {
	return keys.some(key => Object.hasOwn(node.metadata.labels ?? {}, key));
}

function advertisesServices(snapshot: Snapshot): boolean {
	const spec = findResource(snapshot, 'BGPConfiguration', 'default')?.spec ?? {};
	return ['serviceClusterIPs', 'serviceExternalIPs', 'serviceLoadBalancerIPs'].some(field => {
		const list = spec[field];
		return Array.isArray(list) && list.length > 0;
	});
}

/** All nodes, the best reflectors first; equals by name. With facts, what Kubernetes says of them counts too. */
export function rankCandidates(snapshot: Snapshot, facts?: KnownNodes): readonly Candidate[] {
	const judgeFacts = createFactJudge(facts);
	const peering = preparePeering(snapshot);
	return snapshot.nodes.map(node => judge(node, {snapshot, peering}, judgeFacts(node.metadata.name))).sort(compare);
}

type Cluster = {readonly snapshot: Snapshot; readonly peering: Peering};

function judge(node: NodeResource, {snapshot, peering}: Cluster, byFacts: readonly FactVerdict[]): Candidate {
	const own = checks.flatMap(check => check(node, snapshot, peering) ?? []);
	// A Windows node is told by its label and by Kubernetes alike; once is enough.
	const verdicts = [...own, ...byFacts.filter(({text}) => !own.some(other => other.text === text))];
	return {
		name: node.metadata.name,
		eligible: !verdicts.some(verdict => verdict.excludes),
		score: verdicts.reduce((sum, verdict) => sum + verdict.score, 0),
		zone: zoneOf(node),
		reasons: verdicts.map(({text, score, excludes}) => ({text, good: score >= 0 && !excludes})),
	};
}

function compare(left: Candidate, right: Candidate): number {
	if (left.eligible !== right.eligible) return left.eligible ? -1 : 1;
	return right.score - left.score || (left.name < right.name ? -1 : 1);
}

/** The proposal: the best `count` nodes, spread over as many zones as the nodes' labels name. */
export function proposeReflectors(snapshot: Snapshot, count = 3, facts?: KnownNodes): readonly string[] {
	const eligible = rankCandidates(snapshot, facts).filter(candidate => candidate.eligible);
	const picked: Candidate[] = [];
	const perZone = new Map<string | null, number>();
	while (picked.length < count) {
		let best: Candidate | undefined;
		for (const candidate of eligible) {
			if (picked.includes(candidate)) continue;
			// A second reflector in one zone weighs more than most reasons: one lost zone should not cost two.
			if (!best || rank(candidate, perZone) > rank(best, perZone)) best = candidate;
		}
		if (!best) break;
		picked.push(best);
		perZone.set(best.zone, (perZone.get(best.zone) ?? 0) + 1);
	}
	return picked.map(candidate => candidate.name);
}

function rank(candidate: Candidate, perZone: ReadonlyMap<string | null, number>): number {
	return candidate.score - 3 * (perZone.get(candidate.zone) ?? 0);
}
