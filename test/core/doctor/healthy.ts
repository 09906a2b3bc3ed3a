import type {DoctorQuestion} from '../../../src/core/doctor/input.ts';
import type {ClusterFacts, NodeFacts} from '../../../src/core/facts.ts';
import {peersOf} from '../../../src/core/peering/peers.ts';
import {preparePeering} from '../../../src/core/peering/prepare.ts';
import {defaultChoice} from '../../../src/core/plan/make.ts';
import type {BgpConfigurationSpec, BgpPeerSpec, NodeBgp, NodeResource} from '../../../src/core/resources.ts';
import {type Observation, peerTypes, type Seen, type Session} from '../../../src/core/session.ts';
import type {Snapshot} from '../../../src/core/snapshot.ts';

const apiVersion = 'projectcalico.org/v3';

export function known<T>(value: T): Seen<T> {
	return {known: true, value};
}

export const secret = {known: false, reason: 'nobody told'} as const;

export function nodeNamed(
	name: string,
	bgp: NodeBgp,
	{labels}: {readonly labels?: Readonly<Record<string, string>>} = {},
): NodeResource {
	return {apiVersion, kind: 'Node', metadata: {name, ...(labels ? {labels} : {})}, spec: {bgp}};
}

export function bgpPeer(name: string, spec: BgpPeerSpec) {
	return {apiVersion, kind: 'BGPPeer', metadata: {name}, spec} as const;
}

export function configuration(spec: BgpConfigurationSpec) {
	return {apiVersion, kind: 'BGPConfiguration', metadata: {name: 'default'}, spec} as const;
}

export function pool(spec: {readonly ipipMode?: string; readonly vxlanMode?: string} = {}) {
	return {apiVersion, kind: 'IPPool', metadata: {name: 'pods'}, spec: {cidr: '10.48.0.0/16', ...spec}} as const;
}

export const nodeFacts: NodeFacts = {
	ready: true,
	schedulable: true,
	taints: [],
	internalIps: [],
	os: 'linux',
	createdAt: '2026-01-01T00:00:00Z',
	workloads: 3,
};

const facts: Omit<ClusterFacts, 'nodes'> = {
	tool: known({name: 'calicoctl', version: 'v3.32.1'}),
	calicoVersion: known('v3.32.1'),
	api: known('crd.projectcalico.org/v1'),
	datastoreReady: known(true),
	migration: known(null),
	backend: known('bird'),
	installationBgp: known('Enabled'),
	felix: known({}),
	permissions: known([{verb: 'patch', resource: 'nodes', allowed: true}]),
	exec: known(true),
	passwordReadable: known(null),
	owners: known([]),
	leftovers: known([]),
};

/** What BIRD on every node shows where everything that Calico configures is up. */
export function allUp(
	snapshot: Snapshot,
	names = snapshot.nodes.map(node => node.metadata.name),
): ReadonlyMap<string, Observation> {
	const peering = preparePeering(snapshot);
	return new Map(
		names.map(name => {
			const sessions = peersOf(peering, name).map(
				({protocol, family, address, port, kind}): Session => ({
					protocol,
					family,
					address,
					port,
					type: peerTypes[kind],
					state: 'up',
					since: '10:00:00',
					info: 'Established',
				}),
			);
			return [name, {node: name, at: 0, sessions: known(sessions)}];
		}),
	);
}

/** A cluster that nothing is wrong with, and n1 to n3 chosen; then changed, and looked at as changed. */
export function healthy({
	nodes = 5,
	snapshot: changes = {},
	facts: other = {},
	...question
}: {
	readonly nodes?: number;
	readonly snapshot?: Partial<Snapshot>;
	readonly facts?: Partial<ClusterFacts>;
} & Partial<Omit<DoctorQuestion, 'snapshot' | 'facts'>> = {}): DoctorQuestion {
	const snapshot: Snapshot = {
		nodes: Array.from({length: nodes}, (_, index) =>
			nodeNamed(`n${index + 1}`, {ipv4Address: `10.0.0.${index + 1}/16`}),
		),
		bgpPeers: [],
		bgpConfigurations: [configuration({nodeToNodeMeshEnabled: true})],
		ipPools: [pool()],
		...changes,
	};
	return {
		snapshot,
		facts: {
			...facts,
			nodes: known(
				new Map(
					snapshot.nodes.map(({metadata, spec}) => [
						metadata.name,
						{...nodeFacts, internalIps: [spec.bgp?.ipv4Address?.split('/')[0] ?? '10.9.9.9']},
					]),
				),
			),
			...other,
		},
		traces: {held: known(new Map([['n1', known(0)]])), lock: known(null), openJournal: known(null)},
		observations: question.observations ?? allUp(snapshot),
		choice: {...defaultChoice, reflectors: ['n1', 'n2', 'n3']},
		...question,
	};
}

/** The looks with one node's sessions changed. */
export function withSessions(
	observations: ReadonlyMap<string, Observation>,
	node: string,
	change: (session: Session) => Session | undefined,
): ReadonlyMap<string, Observation> {
	const look = observations.get(node);
	if (!look?.sessions.known) throw new Error(`no look at ${node}`);
	const sessions = look.sessions.value.flatMap(session => change(session) ?? []);
	return new Map([...observations, [node, {...look, sessions: known(sessions)}]]);
}
