import {equalJson, type Json} from '../json.ts';
import {peersOf} from '../peering/peers.ts';
import {preparePeering} from '../peering/prepare.ts';
import {probeScope} from '../probe/scope.ts';
import {currentReflectors} from '../reflectors.ts';
import type {BgpConfigurationResource, WrittenKind, WrittenResource} from '../resources.ts';
import {findResource, type Snapshot} from '../snapshot.ts';
import {applyWrite, type FieldChange, fieldAt, fieldChanges, inverse, type Write, withChanges} from '../write.ts';
import {gateAround, gateEverywhere} from './gate-scope.ts';
import {releaseStep, withHold} from './hold-steps.ts';
import type {Holding, Plan, Step} from './types.ts';

/** Something that cannot be taken back, since somebody changed it after the migration wrote it. */
export type Conflict = {readonly kind: WrittenKind; readonly name: string; readonly reason: string};

/** The way back from what the cluster is now, and what it has to leave alone. */
export type WayBack = {readonly plan: Plan; readonly conflicts: readonly Conflict[]};

/** Defaults that the datastore adds to a BGPConfiguration by itself (transcripts: mesh-password). */
const serverDefaults: Readonly<Record<string, Json>> = {
	logSeverityScreen: 'Info',
	serviceLoadBalancerAggregation: 'Enabled',
};

/** How a way back treats kernel routes. */
export type BackOptions = {
	/** Whether routes are to be held on the way. */
	readonly holding?: Holding;
	/** Nodes on which they are held already: then they are only released at the end. */
	readonly held?: readonly string[];
	/** Whether pings between nodes go on during the way. */
	readonly probe?: boolean;
};

type Undo = {readonly writes: readonly Write[]; readonly conflicts: readonly Conflict[]};

/**
 * Makes the plan that takes a migration's writes back, starting from what the cluster is now, so that it serves a run
 * that stopped anywhere. Fields that nobody changed since go back; fields that somebody did change stay and are named.
 * Order (calico.md §11): mesh on, then one reflector at a time, then a `default` that did not exist before, and last the
 * BGPPeers. With the mesh on first, every pair of nodes has a session at every moment.
 */
export function makeWayBack(
	written: readonly Write[],
	current: Snapshot,
	{holding, held: heldAlready = [], probe = false}: BackOptions = {},
): WayBack {
	const undos = [...written].reverse().map(write => [write, undo(write, current)] as const);
	const of = (kind: WrittenKind) => undos.filter(([write]) => write.kind === kind);
	const writesOf = (kind: WrittenKind) => of(kind).flatMap(([, each]) => each.writes);
	const reflectors = currentReflectors(current);
	const [meshOn, last] = splitConfiguration(writesOf('BGPConfiguration'));
	const marks = of('Node').map(([write, each]) => ({name: write.name, writes: each.writes}));
	const stranded = strandedBy(writesOf('BGPPeer'), [...meshOn, ...writesOf('Node')].reduce(applyWrite, current));
	const peers = stranded.length === 0 ? writesOf('BGPPeer') : [];
	const markIds = marks.map(({name}) => `reflector-${name}`);
	const steps: readonly Step[] = [
		{
			id: 'mesh-on',
			title: 'Turn the node-to-node mesh on again',
			why: 'First of all, while the reflectors still reflect: the other nodes get their mesh sessions back before anything is taken away.',
			effect: {
				sessions: 'Mesh sessions between the nodes that are no reflectors come up.',
				traffic: 'None (measured: no route lost).',
			},
			writes: meshOn,
			gate: gateEverywhere(current, reflectors),
			needs: [],
		},
		...marks.map(({name, writes}) => ({
			id: `reflector-${name}`,
			title: `Make ${name} an ordinary node again`,
			why: 'Label and cluster ID go in one write: the node leaves its reflector sessions and joins the mesh in the same reconfiguration.',
			effect: {
				sessions: `${name}: its node specific sessions go, its mesh sessions come, after 2 s at the earliest.`,
				traffic: `Pods on ${name} and the pods of all other nodes cannot reach each other for about 2 s (median; 9 s the longest measured).`,
			},
			writes,
			gate: gateAround(current, name, reflectors),
			// Without the mesh a node that stops reflecting would be cut off.
			needs: ['mesh-on'],
		})),
		{
			id: 'bgp-configuration',
			title: 'Delete BGPConfiguration default, which did not exist before',
			why: 'Absent means: mesh on, AS 64512, as it was.',
			effect: {sessions: 'None.', traffic: 'None.'},
			writes: last,
			needs: ['mesh-on'],
		},
		{
			id: 'bgp-peers',
			title: peers.some(write => write.verb === 'delete')
				? 'Delete the BGPPeers that the migration created'
				: 'Put the note of the run before back on the BGPPeers',
			why: 'They match nothing any more that this run made. They carry the note of the run, and so go last: as long as anything is left to take back, the cluster says so itself.',
			effect: {sessions: 'None.', traffic: 'None.'},
			writes: peers,
			needs: markIds,
		},
	];
	const needed = steps.filter(step => step.writes.length > 0);
	const converting = marks.map(({name}) => name);
	const walked =
		heldAlready.length > 0
			? [...needed, releaseStep({action: 'release', nodes: heldAlready})]
			: withHold(needed, {snapshot: current, converting, holding: holding ?? {state: 'off'}, direction: 'back'});
	return {
		plan: {
			direction: 'back',
			original: current,
			steps: walked,
			warnings: [],
			...(probe &&
				walked.length > 0 && {
					probe: probeScope(
						current,
						needed.flatMap(step => step.writes),
					),
				}),
		},
		conflicts: [
			...undos.flatMap(([, each]) => each.conflicts),
			...(stranded.length === 0 ? [] : writesOf('BGPPeer').map(write => conflict(write, keptFor(stranded)))),
		],
	};
}

function keptFor(names: readonly string[]): string {
	return `kept: without it ${names.join(', ')} would have no BGP session at all`;
}

/** Reflectors that stay so, by another run or another person, and whose only sessions are these BGPPeers'. */
function strandedBy(writes: readonly Write[], snapshot: Snapshot): readonly string[] {
	const reflectors = currentReflectors(snapshot);
	if (reflectors.length === 0 || writes.length === 0) return [];
	const [now, without] = [preparePeering(snapshot), preparePeering(writes.reduce(applyWrite, snapshot))];
	return reflectors.filter(name => peersOf(now, name).length > 0 && peersOf(without, name).length === 0);
}

function undo(write: Write, current: Snapshot): Undo {
	const found = findResource(current, write.kind, write.name);
	switch (write.verb) {
		case 'create':
			return found ? undoCreate(write, found) : nothing;
		case 'patch':
			return found ? undoPatch(write, found) : {writes: [], conflicts: [conflict(write, 'it does not exist any more')]};
		case 'delete':
			return found
				? {writes: [], conflicts: [conflict(write, 'it exists again')]}
				: {writes: [inverse(write)], conflicts: []};
	}
}

const nothing: Undo = {writes: [], conflicts: []};

function conflict({kind, name}: Write, reason: string): Conflict {
	return {kind, name, reason};
}

/** Takes back each field that still holds what the migration wrote. */
function undoPatch(write: Extract<Write, {verb: 'patch'}>, found: WrittenResource): Undo {
	const changes = fieldChanges(write.before, write.after);
	const back = changes
		.filter(change => equalJson(fieldAt(found, change.path), change.after))
		.map((change): FieldChange => ({path: change.path, before: change.after, after: change.before}));
	const foreign = changes.filter(change => {
		const now = fieldAt(found, change.path);
		return !equalJson(now, change.after) && !equalJson(now, change.before);
	});
	// A cluster ID that somebody else set keeps the node out of the mesh: without the label it would have no session.
	const isTheirs = foreign.some(change => change.path.at(-1) === 'routeReflectorClusterID');
	const after = withChanges(found, back);
	return {
		writes:
			isTheirs || back.length === 0 ? [] : [{verb: 'patch', kind: write.kind, name: write.name, before: found, after}],
		conflicts: foreign.map(change =>
			conflict(write, `${change.path.join('.')} is ${say(fieldAt(found, change.path))} now: somebody changed it since`),
		),
	};
}

/** Deletes what the migration created, unless somebody made it theirs by changing or adding to it. */
function undoCreate(write: Extract<Write, {verb: 'create'}>, found: WrittenResource): Undo {
	const {kind, name} = write;
	const theirs = fieldChanges({...write.after.spec}, {...found.spec}).filter(
		({path, after}) =>
			!(kind === 'BGPConfiguration' && path.length === 1 && equalJson(after, serverDefaults[path[0] ?? ''])),
	);
	if (kind !== 'BGPConfiguration') {
		return theirs.length === 0
			? {writes: [{verb: 'delete', kind, name, before: found}], conflicts: []}
			: {
					writes: [],
					conflicts: [conflict(write, `somebody changed its ${fieldNames(theirs)} since; it matches no node any more`)],
				};
	}
	const meshOn = turnMeshOn(found as BgpConfigurationResource);
	const others = theirs.filter(({path}) => path[0] !== 'nodeToNodeMeshEnabled');
	if (others.length > 0) {
		return {
			writes: meshOn ? [meshOn] : [],
			conflicts: [conflict(write, `kept, with the mesh on: somebody set its ${fieldNames(others)} since`)],
		};
	}
	const before = meshOn?.verb === 'patch' ? meshOn.after : found;
	return {writes: [...(meshOn ? [meshOn] : []), {verb: 'delete', kind, name, before}], conflicts: []};
}

function turnMeshOn(found: BgpConfigurationResource): Write | undefined {
	if (found.spec.nodeToNodeMeshEnabled !== false) return undefined;
	const after = withChanges(found, [{path: ['spec', 'nodeToNodeMeshEnabled'], before: false, after: true}]);
	return {verb: 'patch', kind: 'BGPConfiguration', name: found.metadata.name, before: found, after};
}

/** The write that turns the mesh on comes first; the deletion of a `default` that was not there once no node reflects. */
function splitConfiguration(writes: readonly Write[]): readonly [readonly Write[], readonly Write[]] {
	return [writes.filter(write => write.verb !== 'delete'), writes.filter(write => write.verb === 'delete')];
}

function fieldNames(changes: readonly FieldChange[]): string {
	return changes.map(change => change.path.join('.')).join(', ');
}

function say(value: Json | undefined): string {
	return value === undefined ? 'absent' : JSON.stringify(value);
}

/** The snapshot as a plan's first `count` steps leave it. */
export function snapshotAfter(plan: Plan, count: number): Snapshot {
	return plan.steps
		.slice(0, count)
		.flatMap(step => step.writes)
		.reduce(applyWrite, plan.original);
}
