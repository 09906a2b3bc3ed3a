import {createLimit} from '../cluster/concurrency.ts';
import {ClusterError} from '../cluster/errors.ts';
import type {Pings} from '../cluster/pings.ts';
import type {Cluster} from '../cluster/port.ts';
import {withoutPrefix} from '../core/peering/addresses.ts';
import type {Unmeasured} from '../core/probe/report.ts';
import {type ProbePair, probePace} from '../core/probe/scope.ts';
import {type ProbeEnds, probeEnds} from '../core/probe/targets.ts';
import type {NodeResource} from '../core/resources.ts';
import type {Observation, Seen} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';

/** A pair whose target answers, and the addresses between which its pings go. */
export type ProbedPair = {
	readonly pair: ProbePair;
	readonly source: string;
	readonly target: string;
	/** The answers go to the node's own address: a missing route back to its block is not seen. */
	readonly isOneWay: boolean;
};

/** What was found before the first write. */
export type FoundEnds = {
	readonly probed: readonly ProbedPair[];
	readonly unmeasured: readonly Unmeasured[];
	/** Why no node has `ping`; undefined where one has, or none was asked. */
	readonly noProgram: string | undefined;
};

/** Pings at once while targets are looked for. */
const atOnce = 20;
/** One packet tells whether a target answers. */
const trial = {count: 1, interval: probePace.interval};

/**
 * Finds for each pair an address in the other node's block that answers now. One that does not before the first write is
 * none that a write cut off: its pair cannot be measured.
 */
export async function findProbeEnds(
	{cluster, pings, signal}: {readonly cluster: Cluster; readonly pings: Pings; readonly signal: AbortSignal},
	snapshot: Snapshot,
	pairs: readonly ProbePair[],
): Promise<FoundEnds> {
	const names = [...new Set(pairs.flatMap(({from, to}) => [from, to]))];
	const looks = new Map<string, Observation>();
	for await (const look of cluster.observe(names, {routes: true, signal})) looks.set(look.node, look);
	const pods = await podAddresses(cluster, signal);
	const nodes = new Map(snapshot.nodes.map(node => [node.metadata.name, node]));
	const pools = snapshot.ipPools.map(pool => pool.spec.cidr);
	const endsOf = (name: string, family: 4 | 6): Seen<ProbeEnds> => {
		const [node, routes] = [nodes.get(name), looks.get(name)?.routes];
		if (!node || !routes) return {known: false, reason: `${name} was not looked at`};
		if (!routes.known) return {known: false, reason: `the routes of ${name} are not known: ${routes.reason}`};
		const ends = probeEnds({node, routes: routes.value, pods: pods.get(name) ?? []}, pools, family);
		return ends.targets.length > 0
			? {known: true, value: ends}
			: {known: false, reason: `${name} has no block of pod addresses`};
	};
	const withinLimit = createLimit(atOnce);
	const foreign = new Set<string>();
	const tried = await Promise.all(
		pairs.map(pair =>
			withinLimit(async (): Promise<Tried> => {
				const family = familyOf(nodes.get(pair.from), nodes.get(pair.to));
				const [from, to] = [endsOf(pair.from, family), endsOf(pair.to, family)];
				if (!from.known) return {pair, reason: from.reason, lacksProgram: false};
				if (!to.known) return {pair, reason: to.reason, lacksProgram: false};
				return tryPair(pings, pair, {sources: from.value.sources, targets: to.value.targets, foreign, signal});
			}),
		),
	);
	const lacking = tried.filter(each => 'reason' in each && each.lacksProgram);
	const [first] = lacking;
	return {
		probed: tried.flatMap(each => ('reason' in each ? [] : [each])),
		unmeasured: tried.flatMap(each => ('reason' in each ? [{...each.pair, reason: each.reason}] : [])),
		noProgram: first && 'reason' in first && lacking.length === tried.length ? first.reason : undefined,
	};
}

type Tried = ProbedPair | {readonly pair: ProbePair; readonly reason: string; readonly lacksProgram: boolean};

async function tryPair(
	pings: Pings,
	pair: ProbePair,
	{
		sources,
		targets,
		foreign,
		signal,
	}: ProbeEnds & {
		/** Addresses that turned out not to be the node's own. */
		readonly foreign: Set<string>;
		readonly signal: AbortSignal;
	},
): Promise<Tried> {
	let reason = `${targets.join(' and ')} did not answer before the first write`;
	for (const source of sources) {
		for (const target of targets) {
			if (foreign.has(source) || signal.aborted) continue;
			const result = await pings.ping(pair.from, {source, target, pace: trial}, signal);
			if (result.state === 'told') {
				if (result.packets.every(Boolean)) return {pair, source, target, isOneWay: source === sources.at(-1)};
				continue;
			}
			if (result.state === 'no-program') return {pair, reason: result.reason, lacksProgram: true};
			// `ping: bind: Cannot assign requested address`: what is a pod's is not the node's to send from.
			if (result.reason.includes('bind: ')) foreign.add(source);
			else reason = result.reason;
		}
	}
	return {pair, reason, lacksProgram: false};
}

/** Without Kubernetes, or without the right to list pods, the block's own addresses have to do. */
async function podAddresses(cluster: Cluster, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
	try {
		return (await cluster.readPodAddresses?.(signal)) ?? new Map();
	} catch (error) {
		if (!(error instanceof ClusterError)) throw error;
		return new Map();
	}
}

/** IPv4 where both nodes have it: it is what most pods use first. */
function familyOf(from: NodeResource | undefined, to: NodeResource | undefined): 4 | 6 {
	return [from, to].every(node => withoutPrefix(node?.spec.bgp?.ipv4Address) !== '') ? 4 : 6;
}
