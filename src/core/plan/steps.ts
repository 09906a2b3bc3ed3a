import {equalJson} from '../json.ts';
import {reflectorState} from '../reflectors.ts';
import {apiVersion, type BgpConfigurationResource, type BgpPeerResource, type NodeResource} from '../resources.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import {UserError} from '../user-error.ts';
import {type FieldChange, fieldChanges, type Write, withChanges} from '../write.ts';
import {withNode} from './canary-step.ts';
import {gateAround, gateEverywhere} from './gate-scope.ts';
import type {Choice, Step} from './types.ts';

/** What every step of one plan is made from. */
export type PlanContext = {
	readonly snapshot: Snapshot;
	readonly choice: Choice;
	/** All reflectors there will be: the chosen ones and those that are there already. */
	readonly reflectors: readonly string[];
};

/** Names of the two BGPPeers, as in the tutorial. */
export const bgpPeerNames = {clients: 'peer-to-rrs', reflectors: 'rrs-to-rrs'} as const;

/** The look before the first write: a mesh that is not healthy now cannot be told from one that a step broke. */
export function baselineStep({snapshot, reflectors, choice}: PlanContext): Step {
	return {
		id: 'before',
		title: 'See that every session is up before anything is written',
		why: 'A session that is down already would make every later gate wait for it in vain, and a route that is missing already could not be told from one that the migration lost.',
		effect: {sessions: 'None: nothing is written.', traffic: 'None.'},
		writes: [],
		gate: withNode(gateEverywhere(snapshot, reflectors), choice.canary),
		needs: [],
	};
}

/** The BGPPeers: in the safe order they come first, while their selectors match no pair of nodes yet. */
export function bgpPeerSteps(context: PlanContext): readonly Step[] {
	const {choice, reflectors, snapshot} = context;
	const rules = [
		{name: bgpPeerNames.clients, nodeSelector: `!has(${choice.label})`, peerSelector: `has(${choice.label})`},
		{name: bgpPeerNames.reflectors, nodeSelector: `has(${choice.label})`, peerSelector: `has(${choice.label})`},
	];
	const writes = rules.flatMap(rule => createBgpPeer(context, rule));
	const [clients, others] = [snapshot.nodes.length - reflectors.length, reflectors.length];
	if (choice.order === 'safe') {
		return [
			{
				id: 'bgp-peers',
				title: `Create ${writes.length === 1 ? 'the BGPPeer' : 'the BGPPeers'} ${writes.map(write => write.name).join(' and ')}`,
				why: `They say who will peer with the reflectors: every node without the label ${choice.label} with every node that has it, and those among each other. Made first, each reflector gets its sessions in the same moment in which it leaves the mesh.`,
				effect: {sessions: 'None yet: no node carries the label.', traffic: 'None.'},
				writes,
				needs: [],
			},
		];
	}
	return writes.map(write => ({
		id: `bgp-peer-${write.name}`,
		title: `Create the BGPPeer ${write.name}`,
		why:
			write.name === bgpPeerNames.clients
				? 'Every node that is no reflector peers with every reflector.'
				: 'The reflectors peer among each other.',
		effect: {
			sessions:
				write.name === bgpPeerNames.clients
					? `${clients * others} node specific sessions come up.`
					: `${(others * (others - 1)) / 2} node specific sessions come up.`,
			traffic: 'Routes to and from the reflectors come back as the sessions do, after 2 s at the earliest.',
		},
		writes: [write],
		...(write.name === bgpPeerNames.reflectors ? {gate: {...gateEverywhere(snapshot, reflectors), routes: true}} : {}),
		needs: [],
	}));
}

function createBgpPeer(
	{snapshot}: PlanContext,
	rule: {name: string; nodeSelector: string; peerSelector: string},
): readonly Write[] {
	const {name, nodeSelector, peerSelector} = rule;
	const mesh = findResource(snapshot, 'BGPConfiguration', 'default')?.spec;
	const after: BgpPeerResource = {
		apiVersion,
		kind: 'BGPPeer',
		metadata: {name},
		spec: {
			nodeSelector,
			peerSelector,
			// What the mesh's sessions had, the new ones must have too: Calico forbids both once the mesh is off (calico.md §3.1).
			...(mesh?.nodeMeshPassword ? {password: mesh.nodeMeshPassword} : {}),
			...(mesh?.nodeMeshMaxRestartTime ? {maxRestartTime: mesh.nodeMeshMaxRestartTime} : {}),
		},
	};
	const there = findResource(snapshot, 'BGPPeer', name);
	if (!there) return [{verb: 'create', kind: 'BGPPeer', name, after}];
	const same = there.spec.nodeSelector === nodeSelector && there.spec.peerSelector === peerSelector;
	if (same || equalJson(there.spec, after.spec)) return [];
	throw new UserError(
		`A BGPPeer ${name} exists already and says something else (nodeSelector ${there.spec.nodeSelector ?? 'none'}, peerSelector ${there.spec.peerSelector ?? 'none'}).`,
		{
			next: [
				`Look at it: calicoctl get bgppeer ${name} -o yaml`,
				'Rename or delete it if it is not needed; this program leaves it alone.',
			],
		},
	);
}

/** One reflector: label and cluster ID in ONE write, so that it is never out of the mesh without its new sessions. */
export function reflectorStep(context: PlanContext, node: NodeResource, clusterId: string): Step {
	const {choice, reflectors, snapshot} = context;
	const {name} = node.metadata;
	const others = snapshot.nodes.length - 1;
	const marks: readonly FieldChange[] = [
		...(reflectorState(node, choice.label) === 'label-only' || reflectorState(node, choice.label) === 'reflector'
			? []
			: [{path: ['metadata', 'labels', choice.label], before: undefined, after: ''}]),
		{path: ['spec', 'bgp', 'routeReflectorClusterID'], before: undefined, after: clusterId},
	];
	const after = withChanges(node, marks);
	const writes: readonly Write[] =
		fieldChanges(node, after).length === 0 ? [] : [{verb: 'patch', kind: 'Node', name, before: node, after}];
	const safe = choice.order === 'safe';
	return {
		id: `reflector-${name}`,
		title: `Make ${name} a route reflector`,
		why: safe
			? 'Label and cluster ID go in one write: a node with a cluster ID leaves the mesh at once, on all nodes, and the label gives it its new sessions in the same reconfiguration. One reflector at a time, so that at most one node is converting.'
			: 'The cluster ID makes BIRD reflect; the label is what the BGPPeers will select.',
		effect: safe
			? {
					sessions: `${name}: ${others} mesh sessions go, ${others} node specific ones come, after 2 s at the earliest.`,
					traffic: `Pods on ${name} and the pods of all other nodes cannot reach each other for about 2 s (median; nine in ten below 6 s, 20 s the longest measured). Pairs of other nodes lose nothing.`,
				}
			: {
					sessions: `${name}: ${others} mesh sessions go; no new ones come before the BGPPeers exist.`,
					traffic: `Pods on ${name} are cut off from all other nodes until the BGPPeers exist.`,
				},
		writes,
		...(safe ? {gate: gateAround(snapshot, name, reflectors)} : {}),
		needs: [],
	};
}

/** Turning the mesh off; undefined where it is off already. */
export function meshOffStep({snapshot, reflectors}: PlanContext): Step | undefined {
	const before = findResource(snapshot, 'BGPConfiguration', 'default');
	if (before?.spec.nodeToNodeMeshEnabled === false) return undefined;
	const clients = snapshot.nodes.length - reflectors.length;
	return {
		id: 'mesh-off',
		title: 'Turn the node-to-node mesh off',
		why: before
			? 'Every node has its reflector sessions now, so the mesh is not needed any more. Other fields of BGPConfiguration default stay as they are.'
			: 'Every node has its reflector sessions now, so the mesh is not needed any more. BGPConfiguration default does not exist, which means: mesh on, AS 64512. It is created with that same AS.',
		effect: {
			sessions: `${(clients * (clients - 1)) / 2} mesh sessions between the ${clients} other nodes go; each keeps its ${reflectors.length} reflector ${reflectors.length === 1 ? 'session' : 'sessions'}.`,
			traffic:
				'None: every node already holds the reflected copy of each route, with the same next hop (measured: no route and no ping lost).',
		},
		writes: [meshOffWrite(before)],
		check: {...gateEverywhere(snapshot, reflectors), reflectors},
		gate: {...gateEverywhere(snapshot, reflectors), reflectors},
		needs: [],
	};
}

function meshOffWrite(before: BgpConfigurationResource | undefined): Write {
	const [kind, name] = ['BGPConfiguration', 'default'] as const;
	if (!before) {
		return {
			verb: 'create',
			kind,
			name,
			after: {apiVersion, kind, metadata: {name}, spec: {asNumber: 64512, nodeToNodeMeshEnabled: false}},
		};
	}
	const off = (field: string, value: false | undefined): FieldChange => ({
		path: ['spec', field],
		before: undefined,
		after: value,
	});
	// calicoctl and the CRD refuse a mesh password or restart time while the mesh is off: they go in the same write.
	const after = withChanges(before, [
		off('nodeToNodeMeshEnabled', false),
		off('nodeMeshPassword', undefined),
		off('nodeMeshMaxRestartTime', undefined),
	]);
	return {verb: 'patch', kind, name, before, after};
}
