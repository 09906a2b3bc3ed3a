import {gateEverywhere} from '../plan/gate-scope.ts';
import type {NodeResource} from '../resources.ts';
import type {Session} from '../session.ts';
import {type DoctorInput, type Judgement, unknown} from './types.ts';
import {counted, some} from './words.ts';

/** Which nodes were seen, and which of those that a gate would ask were not. */
export type Seeing = {
	readonly seen: ReadonlyArray<{readonly node: string; readonly sessions: readonly Session[]}>;
	readonly unseen: ReadonlyArray<{readonly node: string; readonly reason: string}>;
};

/** What is known of the nodes' BIRD: enough where every node is known that the plan's first gate will ask. */
export function seeingOf({snapshot, facts, observations, reflectors, peering}: DoctorInput): Seeing {
	const seen = [...observations.values()].flatMap(({node, sessions}) =>
		sessions.known && peering.byName.has(node) ? [{node, sessions: sessions.value}] : [],
	);
	const names = new Set(seen.map(each => each.node));
	const windows = new Set(snapshot.nodes.filter(node => isWindows(node, facts)).map(node => node.metadata.name));
	const unseen = gateEverywhere(snapshot, reflectors)
		.nodes.filter(node => !names.has(node) && !windows.has(node))
		.map(node => {
			const sessions = observations.get(node)?.sessions;
			return {node, reason: sessions?.known === false ? sessions.reason : 'nobody looked at it'};
		});
	return {seen, unseen};
}

/** What to say of the nodes that were not seen; undefined where all were. */
export function judgeUnseen({seen, unseen}: Seeing): Judgement | undefined {
	const [first] = unseen;
	if (!first) return seen.length > 0 ? undefined : unknown('Not known: no node was looked at.');
	const names = some(unseen.map(each => each.node));
	return unknown(
		`Not known: ${counted(unseen.length, 'node')} could not be looked at (${names}). ${first.node}: ${first.reason.replace(/\.?$/, '.')}`,
		"Give a way to the nodes' BIRD: rights to run commands in calico-node's pods, or --node-shell.",
	);
}

/** Whether a node runs Windows, by its label or by what Kubernetes says. */
export function isWindows({metadata}: NodeResource, facts: DoctorInput['facts']): boolean {
	const os = facts.nodes.known ? facts.nodes.value.get(metadata.name)?.os : undefined;
	return (os ?? metadata.labels?.['kubernetes.io/os']) === 'windows';
}
