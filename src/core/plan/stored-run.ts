import {equalJson, isObject, type Json, type JsonObject} from '../json.ts';
import {apiVersion, type BgpPeerResource, type WrittenKind, type WrittenResource} from '../resources.ts';
import type {Snapshot} from '../snapshot.ts';
import {type FieldChange, fieldChanges, type Write} from '../write.ts';
import {mergeWrites} from './merge-writes.ts';
import {readChoice, type StoredChoice} from './stored-choice.ts';
import type {Choice, Plan, RunStamp, Step} from './types.ts';

/**
 * What a run keeps in the cluster itself, as an annotation of the BGPPeers it creates, so that it can be gone on with or
 * taken back on another machine, days later, without its journal. Gone with the BGPPeers at the end of the way back.
 */
export const runAnnotation = 'calico-rr-wizard/run';

const schemaVersion = 1;

/** All annotations of a resource together may hold 256 KiB (Kubernetes' ValidateAnnotationsSize); others need room too. */
const longest = 200 * 1024;

/** A run as the cluster tells it: the writes hold only the fields they touch. */
export type StoredRun = RunStamp & {
	readonly choice: StoredChoice;
	readonly writes: readonly Write[];
	/** What the note said of the run before this one; null where this is the first. */
	readonly previous: JsonObject | null;
};

/** The newest run that the cluster's BGPPeers tell of; undefined where they tell of none. */
export function storedRun({bgpPeers}: Snapshot): StoredRun | undefined {
	const noted = bgpPeers.flatMap(peer => {
		const text = noteOf(peer);
		const run = text === undefined ? undefined : parseStoredRun(text);
		return text !== undefined && run ? [{peer, text, run}] : [];
	});
	const newest = noted.map(({run}) => run).sort((left, right) => right.at.localeCompare(left.at))[0];
	if (!newest) return undefined;
	// The way back puts the note of the run before in the place of this one's.
	const notes = noted.flatMap(({peer, text, run}): readonly Write[] =>
		run.id === newest.id && run.previous
			? [patchNote(withNote(bare(peer), JSON.stringify(run.previous)), bare(peer), text)]
			: [],
	);
	return {...newest, writes: [...notes, ...newest.writes]};
}

/** BGPPeers whose note is not one of this program's, or not of this version's. */
export function unreadableNotes({bgpPeers}: Snapshot): readonly string[] {
	return bgpPeers
		.filter(peer => noteOf(peer) !== undefined && !parseStoredRun(noteOf(peer) ?? ''))
		.map(peer => peer.metadata.name);
}

/**
 * The plan with every BGPPeer that it creates carrying a note of the run; where the BGPPeers of an earlier run are there
 * already, their note becomes this one's and keeps the other inside.
 * @param earlier writes of runs that this one goes on with.
 */
export function withStoredRun(plan: Plan, stamp: RunStamp, choice: Choice, earlier: readonly Write[] = []): Plan {
	const planned = plan.steps.flatMap(step => step.writes);
	if (planned.length === 0) return plan;
	const known = storedRun(plan.original);
	const isSame = known?.id === stamp.id;
	const text = storedRunText({
		...stamp,
		choice,
		previous: known ? (isSame ? known.previous : asJson(known)) : null,
		writes: mergeWrites([...(isSame ? known.writes : []), ...earlier, ...planned]),
	});
	if (text.length > longest) {
		const warning = `This run changes so much that the cluster cannot keep a note of it (${text.length} bytes): only this machine's journal can take it back.`;
		return {...plan, warnings: [...plan.warnings, warning]};
	}
	const steps = plan.steps.map(step => ({
		...step,
		writes: step.writes.map(
			(write): Write =>
				write.verb === 'create' && write.kind === 'BGPPeer' ? {...write, after: withNote(write.after, text)} : write,
		),
	}));
	const writes = plan.original.bgpPeers
		.filter(peer => ![undefined, text].includes(noteOf(peer)) && parseStoredRun(noteOf(peer) ?? ''))
		.map(peer => patchNote(peer, peer, text));
	if (writes.length === 0) return {...plan, steps};
	const first = steps.findIndex(step => step.writes.length > 0);
	return {...plan, steps: [...steps.slice(0, first), noteStep(writes), ...steps.slice(first)]};
}

function noteStep(writes: readonly Write[]): Step {
	return {
		id: 'note',
		title: `Note this run in the ${writes.length === 1 ? 'BGPPeer' : 'BGPPeers'} ${writes.map(write => write.name).join(' and ')}`,
		why: 'They are from an earlier run and tell what was there before it; their note grows by what this one changes, so that it too can be taken back from another machine.',
		effect: {sessions: 'None: it is an annotation.', traffic: 'None.'},
		writes,
		needs: [],
	};
}

function noteOf({metadata}: BgpPeerResource): string | undefined {
	return metadata.annotations?.[runAnnotation];
}

function bare({apiVersion: version, kind, metadata: {name}}: BgpPeerResource): BgpPeerResource {
	return {apiVersion: version, kind, metadata: {name}, spec: {}};
}

function withNote<R extends WrittenResource>(resource: R, text: string): R {
	const {metadata} = resource;
	return {...resource, metadata: {...metadata, annotations: {...metadata.annotations, [runAnnotation]: text}}};
}

function patchNote(before: BgpPeerResource, now: BgpPeerResource, text: string): Write {
	const {kind, metadata} = before;
	return {verb: 'patch', kind, name: metadata.name, before, after: withNote(now, text)};
}

function storedRunText(run: StoredRun): string {
	return JSON.stringify(asJson(run));
}

/** The note: of each write only the fields it touches. Secrets are not among them, only their names. */
function asJson({id, at, by, choice, writes, previous}: StoredRun): JsonObject {
	const {reflectors, order, clusterId, label, canary} = choice;
	return {
		schemaVersion,
		id,
		at,
		by,
		choice: {reflectors, order, clusterId, label, ...(canary !== undefined && {canary})},
		writes: writes.flatMap(encode),
		...(previous && {previous}),
	};
}

function encode(write: Write): readonly JsonObject[] {
	const {verb, kind, name} = write;
	if (verb === 'create') return [{verb, kind, name, spec: write.after.spec}];
	if (verb === 'delete') return [];
	// What the note itself was before says nothing that its own text does not say.
	const fields = fieldChanges(write.before, write.after).filter(({path}) => path[0] !== 'metadata' || kind === 'Node');
	return fields.length === 0
		? []
		: [{verb, kind, name, fields: fields.map(({path, before, after}) => ({path, before, after}))}];
}

/** Reads an annotation. Undefined where it is not what this program writes: anybody may have written it. */
export function parseStoredRun(text: string): StoredRun | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isObject(value) || value.schemaVersion !== schemaVersion || !Array.isArray(value.writes)) return undefined;
	const {id, at, by} = value;
	const choice = readChoice(value.choice);
	const writes = value.writes.map(decode);
	if (typeof id !== 'string' || typeof at !== 'string' || typeof by !== 'string' || !choice) return undefined;
	if (Number.isNaN(Date.parse(at)) || !writes.every(write => write !== undefined)) return undefined;
	const previous = isObject(value.previous) ? value.previous : null;
	return {id, at, by, choice, writes, previous};
}

/** The fields that a migration changes, and no others: a way back must not be a way to write anything else. */
const patchable: Readonly<Record<WrittenKind, (path: readonly string[]) => boolean>> = {
	Node: path =>
		(path.length === 3 && path[0] === 'metadata' && path[1] === 'labels') ||
		equalJson(path, ['spec', 'bgp', 'routeReflectorClusterID']),
	BGPConfiguration: ([top, field = '', ...rest]) =>
		top === 'spec' &&
		['nodeToNodeMeshEnabled', 'nodeMeshPassword', 'nodeMeshMaxRestartTime'].includes(field) &&
		rest.length === 0,
	BGPPeer: () => false,
};

function decode(value: Json): Write | undefined {
	if (!isObject(value) || typeof value.name !== 'string') return undefined;
	const {verb, name} = value;
	const kind = (['Node', 'BGPPeer', 'BGPConfiguration'] as const).find(each => each === value.kind);
	if (kind === undefined) return undefined;
	if (verb === 'create') {
		if (kind === 'Node' || !isObject(value.spec)) return undefined;
		return {verb, kind, name, after: {apiVersion, kind, metadata: {name}, spec: value.spec} as WrittenResource};
	}
	if (verb !== 'patch' || !Array.isArray(value.fields)) return undefined;
	const fields = value.fields.map(field => readField(field, patchable[kind]));
	if (!fields.every(field => field !== undefined)) return undefined;
	return {verb, kind, name, before: partial(kind, name, fields, 'before'), after: partial(kind, name, fields, 'after')};
}

function readField(value: Json, mayHave: (path: readonly string[]) => boolean): FieldChange | undefined {
	if (!isObject(value) || !Array.isArray(value.path)) return undefined;
	const path = value.path.filter(key => typeof key === 'string');
	if (path.length !== value.path.length || !mayHave(path)) return undefined;
	return {path, before: value.before, after: value.after};
}

/** A resource with just those fields, and the maps around them even where they are empty: what a field is compared in. */
function partial(
	kind: WrittenKind,
	name: string,
	fields: readonly FieldChange[],
	side: 'before' | 'after',
): WrittenResource {
	const labels: Record<string, Json> = {};
	const bgp: Record<string, Json> = {};
	const spec: Record<string, Json> = {};
	for (const field of fields) {
		const value = field[side];
		const [top, , last] = field.path;
		if (value === undefined) continue;
		if (top === 'metadata') labels[last ?? ''] = value;
		else if (last !== undefined) bgp[last] = value;
		else spec[field.path[1] ?? ''] = value;
	}
	const shape = {apiVersion, kind, metadata: {name, labels}, spec: kind === 'Node' ? {bgp} : spec};
	// The kind says which of the three it is.
	return shape as unknown as WrittenResource;
}
