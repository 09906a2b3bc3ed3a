import {hasBgpAddress} from '../reflectors.ts';
import type {Snapshot} from '../snapshot.ts';
import {UserError} from '../user-error.ts';
import {gateEverywhere} from './gate-scope.ts';
import type {PlanContext} from './steps.ts';
import type {GateScope, Step} from './types.ts';

/** One client does without the mesh for a moment, before all do; undefined where none was chosen. */
export function canaryStep({snapshot, choice, reflectors}: PlanContext): Step | undefined {
	const {canary: node} = choice;
	if (node === undefined) return undefined;
	checkCanary(snapshot, reflectors, node);
	const scope = withNode(gateEverywhere(snapshot, reflectors), node);
	return {
		id: 'canary',
		title: `Try it on ${node}: its mesh sessions off and on again`,
		why: `Nothing in the datastore changes: only the BIRD on ${node} switches its mesh sessions off. If a route is missing there then, or leads elsewhere than before, the run goes back, and no other node was touched.`,
		effect: {
			sessions: `The mesh sessions of ${node} go, and come back after 2 s at the earliest.`,
			traffic: `None: ${node} and the other nodes hold the reflected copy of each route already, with the same next hop.`,
		},
		writes: [],
		canary: {node, gate: {...scope, reflectors, resting: node}},
		gate: {...scope, reflectors},
		needs: [],
	};
}

/** A gate that also asks one more node. */
export function withNode(scope: GateScope, node: string | undefined): GateScope {
	return node === undefined || scope.nodes.includes(node) ? scope : {...scope, nodes: [...scope.nodes, node]};
}

/** The commands of a canary as they run on its node, for the preview. */
export const canaryCommands: readonly string[] = [
	'birdcl disable "Mesh_*"',
	'birdcl enable "Mesh_*"    in any case, also when something fails',
];

function checkCanary(snapshot: Snapshot, reflectors: readonly string[], name: string): void {
	const node = snapshot.nodes.find(each => each.metadata.name === name);
	const clients = snapshot.nodes
		.filter(each => hasBgpAddress(each) && !reflectors.includes(each.metadata.name))
		.map(each => each.metadata.name);
	const next =
		clients.length === 0
			? ['Every node is a route reflector, so there is none to try it on: leave --canary out.']
			: [`Name a node that stays a client, such as ${clients.slice(0, 5).join(', ')}.`];
	if (!node) throw new UserError(`There is no node ${name} to be the canary.`, {next});
	if (reflectors.includes(name)) {
		throw new UserError(`Node ${name} is a route reflector, and the canary must be a client of them.`, {next});
	}
	if (!hasBgpAddress(node)) throw new UserError(`Node ${name} has no BGP address, so it cannot be the canary.`, {next});
}
