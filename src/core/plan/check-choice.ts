import {nearest} from '../nearest.ts';
import {isIpv4} from '../peering/addresses.ts';
import {hasBgpAddress, reflectorState} from '../reflectors.ts';
import type {NodeResource} from '../resources.ts';
import type {Snapshot} from '../snapshot.ts';
import {UserError} from '../user-error.ts';
import type {Choice} from './types.ts';

/**
 * The chosen nodes, in the order chosen.
 * @throws UserError (exit code 2) with one sentence where the choice cannot be planned.
 */
export function checkChoice(snapshot: Snapshot, choice: Choice): readonly NodeResource[] {
	if (choice.reflectors.length === 0) {
		throw new UserError('No route reflector is chosen.', {next: ['Name at least one node with --reflectors a,b,c.']});
	}
	checkClusterId(choice);
	const nodes = choice.reflectors.map((name, index) => {
		if (choice.reflectors.indexOf(name) < index) {
			throw new UserError(`Node ${name} is named twice.`, {next: ['Name every reflector once.']});
		}
		return findNode(snapshot, name);
	});
	for (const node of snapshot.nodes) {
		if (!nodes.includes(node)) checkBystander(node, choice.label);
	}
	return nodes;
}

/** The cluster ID the choice gives a node. */
export function clusterIdFor(node: NodeResource, {clusterId}: Choice): string {
	if (clusterId.mode === 'shared') return clusterId.id;
	const own = node.spec.bgp?.ipv4Address?.split('/')[0];
	if (!own) {
		throw new UserError(`Node ${node.metadata.name} has no IPv4 address to use as its own cluster ID.`, {
			next: ['Give one cluster ID for all reflectors: --cluster-id 224.0.0.1.'],
		});
	}
	return own;
}

function checkClusterId({clusterId}: Choice): void {
	if (clusterId.mode === 'shared' && !isIpv4(clusterId.id)) {
		throw new UserError(`Cluster ID "${clusterId.id}" is not an IPv4 address.`, {
			next: ['Use an unused address such as 224.0.0.1, or --cluster-id per-node.'],
		});
	}
}

function findNode(snapshot: Snapshot, name: string): NodeResource {
	const node = snapshot.nodes.find(each => each.metadata.name === name);
	if (!node) {
		const names = snapshot.nodes.map(each => each.metadata.name);
		const meant = nearest(name, names);
		throw new UserError(`There is no node ${name}${meant ? `; did you mean ${meant}?` : '.'}`, {
			next: [
				names.length > 12
					? `The cluster has ${names.length} nodes; see them with: status`
					: `The nodes are: ${names.join(', ')}.`,
			],
		});
	}
	if (!hasBgpAddress(node)) {
		throw new UserError(
			`Node ${name} has no BGP address, so it takes no part in BGP and cannot be a route reflector.`,
			{
				next: ['Choose another node, or see why calico-node on it found no address.'],
			},
		);
	}
	return node;
}

/** A node that is half a reflector would get sessions as one without reflecting, or the other way round. */
function checkBystander(node: NodeResource, label: string): void {
	const {name} = node.metadata;
	if (reflectorState(node, label) === 'label-only') {
		throw new UserError(
			`Node ${name} carries the label ${label} but no cluster ID: others would peer with it, and it would not reflect.`,
			{
				next: [
					`Choose ${name} as a reflector too, or remove the label: calicoctl label nodes ${name} ${label} --remove`,
				],
			},
		);
	}
}
