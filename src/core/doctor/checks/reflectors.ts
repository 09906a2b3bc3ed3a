import {peersBetween, peersOf} from '../../peering/peers.ts';
import type {Peering} from '../../peering/prepare.ts';
import {defaultChoice} from '../../plan/make.ts';
import {reflectorState} from '../../reflectors.ts';
import type {NodeResource} from '../../resources.ts';
import {block, check, type DoctorInput, pass, warn} from '../types.ts';
import {counted, some} from '../words.ts';

/** Reflectors that are there before anything is done, whole or half. */
export const reflectorChecks = [
	check('reflectors-existing', 'No node is a route reflector yet', ({snapshot, choice}) => {
		const label = choice?.label ?? defaultChoice.label;
		const there = snapshot.nodes.filter(node => node.spec.bgp?.routeReflectorClusterID);
		if (there.length === 0) return pass('No node has a cluster ID.');
		const listed = there.map(
			node =>
				`${node.metadata.name} (cluster ID ${node.spec.bgp?.routeReflectorClusterID}, ${reflectorState(node, label) === 'reflector' ? '' : 'no '}label ${label})`,
		);
		return warn(
			`${counted(there.length, 'node')} reflect${there.length === 1 ? 's' : ''} already: ${some(listed)}. A plan adds to them and leaves them as they are.`,
		);
	}),
	check('reflectors-complete', 'No node is half a reflector', input => {
		const halves = input.snapshot.nodes.flatMap(node => halfOf(node, input) ?? []);
		const open = halves.filter(half => !half.mended);
		const next = [
			'Choose these nodes as reflectors, so that the plan completes them, or take the mark away (label or routeReflectorClusterID).',
		];
		if (open.length > 0) return block(textOf(open), ...next);
		return halves.length > 0
			? warn(`${textOf(halves)} The plan completes this.`)
			: pass('Every node with a label has a cluster ID, and every node with a cluster ID all its sessions.');
	}),
	check('planned-sessions', 'After the plan every node has a session with every reflector', input => {
		const {planned, plannedPeering: peering, plan, reflectors} = input;
		if (!plan) return pass('There is no plan that could leave one out.');
		const without = planned.nodes.flatMap(({metadata: {name}}) => {
			const lost = reflectors.filter(reflector => reflector !== name && !isServed(peering, name, reflector));
			return lost.length > 0 ? [`${name} with ${lost.join(', ')}`] : [];
		});
		return without.length > 0
			? block(
					`Calico would not connect, or not reflect for, ${counted(without.length, 'node')}: ${some(without)}.`,
					'See the other findings: address families, AS numbers, and BGPPeers that are there already.',
				)
			: pass(`With every one of ${some(reflectors)}, by what Calico computes from the planned resources.`);
	}),
];

type Half = {readonly name: string; readonly text: string; readonly mended: boolean};

function textOf(halves: readonly Half[]): string {
	return `${some(
		halves.map(({name, text}) => `${name} ${text}`),
		5,
		'; ',
	)}.`;
}

/** A label without a cluster ID doubles sessions; a cluster ID without matching BGPPeers leaves a node without any. */
function halfOf(node: NodeResource, {choice, plan, peering, plannedPeering}: DoctorInput): Half | undefined {
	const {name} = node.metadata;
	const label = choice?.label ?? defaultChoice.label;
	const state = reflectorState(node, label);
	if (state === 'none') return undefined;
	if (state === 'label-only') {
		const mended = plan !== null && choice?.reflectors.includes(name) === true;
		return {name, text: `has the label ${label} but no cluster ID: others would peer with it for nothing`, mended};
	}
	const lost = unconnected(peering, name);
	if (lost === 0) return undefined;
	const what = state === 'reflector' ? 'label and cluster ID' : `a cluster ID but not the label ${label}`;
	return {
		name,
		text: `has ${what}, so it is out of the mesh, and has no session with ${counted(lost, 'other node')}`,
		mended: plan !== null && unconnected(plannedPeering, name) === 0,
	};
}

/** How many nodes that share an address family with this one it has no session with. */
function unconnected(peering: Peering, name: string): number {
	const own = peering.byName.get(name);
	if (!own) return 0;
	const connected = new Set(peersOf(peering, name).map(peer => peering.byAddress.get(peer.address)?.name));
	return peering.nodes.filter(
		other =>
			other !== own &&
			([4, 6] as const).some(family => own.address[family] && other.address[family]) &&
			!connected.has(other.name),
	).length;
}

/** Whether, in each family the node has, the reflector has it for a client, or for a fellow reflector. */
function isServed(peering: Peering, name: string, reflector: string): boolean {
	const node = peering.byName.get(name);
	if (!node) return false;
	const there = peersBetween(peering, name, reflector);
	const back = peersBetween(peering, reflector, name);
	return ([4, 6] as const).every(
		family =>
			!node.address[family] ||
			(there.some(peer => peer.family === family) &&
				back.some(peer => peer.family === family && (node.clusterId !== '' || peer.reflectorClient))),
	);
}
