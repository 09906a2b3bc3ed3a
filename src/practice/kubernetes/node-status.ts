import type {Clock} from '../../core/clock.ts';
import {equalJson, isObject, type Json, type JsonObject} from '../../core/json.ts';
import type {Family} from '../../core/session.ts';
import type {Engine, ReportedSession} from '../engine/engine.ts';
import {storageOf} from './api-resources.ts';
import {withKeptMetadata} from './calico-metadata.ts';
import {type ObjectStore, timestamp} from './store.ts';
import type {ApiShape, KubernetesObject} from './types.ts';

/** Which of a node's BIRDs its reporter can reach. */
export type Sockets = {readonly bird: boolean; readonly bird6: boolean};

/** What the reporters need to know. */
export type ReporterParts = {
	readonly store: ObjectStore;
	readonly clock: Clock;
	readonly shape: ApiShape;
	readonly engine: Engine;
	readonly sockets: (node: string) => Sockets;
};

/** The node-status reporters of all nodes. Like the kubelets they act only when told what time it is. */
export type Reporters = {
	/** The nodes whose reporters have something to report by then. */
	due(now: number): readonly string[];
	advance(now: number): void;
};

/** The BGP states that the API knows; `Passive` and `Down` come out as no state at all (calico.md §7). */
const states = new Set(['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established', 'Close']);
const types = {mesh: 'NodeMesh', node: 'NodePeer', global: 'GlobalPeer'} as const;

/** The status as its Go struct prints when nothing is known: the parts are no pointers. */
const emptyBgp: JsonObject = {
	numberEstablishedV4: 0,
	numberEstablishedV6: 0,
	numberNotEstablishedV4: 0,
	numberNotEstablishedV6: 0,
};

const emptyStatus: JsonObject = {agent: {birdV4: {}, birdV6: {}}, bgp: emptyBgp, routes: {}};

/** Milliseconds after which a reporter has heard of a new CalicoNodeStatus and reports for the first time. */
const hearing = 50;

/** Starts the reporters (node/pkg/status/reporter.go at v3.32). */
export function createReporters({store, clock, shape, engine, sockets}: ReporterParts): Reporters {
	const collection = storageOf(shape, 'CalicoNodeStatus')?.collection ?? '';
	/** When a CalicoNodeStatus was made, and how often it was due to be reported, by uid: one that is made anew is another one. */
	const made = new Map<string, number>();
	const reported = new Map<string, number>();
	/**
	 * The spec that a reporter goes by. It hears of a change by the generation, and Calico's own v1 objects keep theirs in
	 * an annotation where it never grows (calico.md §7): there an edited spec is not seen before the object is made anew.
	 */
	const heard = new Map<string, JsonObject>();
	store.onChange(changes => {
		for (const {collection: where, before, after} of changes) {
			const uid = (after ?? before)?.metadata.uid;
			if (where !== collection || uid === undefined) continue;
			if (!before) made.set(uid, clock.now());
			if (shape !== 'kubernetes-native' && !before && after?.spec) heard.set(uid, after.spec);
			if (after) continue;
			made.delete(uid);
			heard.delete(uid);
		}
	});

	const specOf = ({spec = {}, metadata: {uid = ''}}: KubernetesObject): JsonObject => heard.get(uid) ?? spec;

	const report = (object: KubernetesObject, at: number, ticks: number): void => {
		const {node, classes} = specOf(object);
		const wanted = Array.isArray(classes) ? classes : [];
		if (typeof node !== 'string' || !engine.has(node)) return;
		const {lastUpdated: _lastUpdated, ...old} = {...emptyStatus, ...(isObject(object.status) ? object.status : {})};
		const bgp = wanted.includes('BGP') ? bgpStatus(node) : {value: old.bgp, alwaysNew: false};
		const status = {...old, ...(wanted.includes('Agent') && {agent: agentStatus(node)}), bgp: bgp.value};
		if (!bgp.alwaysNew && equalJson(old, status)) return;
		const {generation} = object.metadata;
		const metadata = shape === 'kubernetes-native' ? object.metadata : withKeptMetadata(object, timestamp(at));
		// v3.32 has no status subresource, so that every report is a change of the object like any other.
		const reports = bgp.alwaysNew ? ticks : 1;
		store.put(collection, {
			...object,
			metadata: {...metadata, generation: typeof generation === 'number' ? generation + reports : generation},
			status: {...status, lastUpdated: timestamp(at)},
		});
	};

	/**
	 * `alwaysNew`: Go's empty list of peers never equals the absent one that came back from the API server, so that a
	 * family whose BIRD has no peers is written anew each time; only a status with peers in both stays as it is.
	 */
	const bgpStatus = (node: string): {readonly value: JsonObject; readonly alwaysNew: boolean} => {
		const {bird, bird6} = sockets(node);
		const v4 = bird ? engine.report(node, 4)?.sessions : null;
		const v6 = bird6 ? engine.report(node, 6)?.sessions : null;
		// A BIRD that cannot be reached empties the whole block; IPv6's is the last to be asked.
		if (!v6) return {value: emptyBgp, alwaysNew: false};
		const value = {...emptyBgp, ...(v4 && familyStatus(4, v4)), ...familyStatus(6, v6)};
		return {value, alwaysNew: v4?.length === 0 || v6.length === 0};
	};
	const familyStatus = (family: Family, sessions: readonly ReportedSession[]): JsonObject => {
		const up = sessions.filter(({state}) => state === 'up').length;
		const peers = sessions.map(
			({address, kind, bgpState, since}): JsonObject => ({
				peerIP: address,
				since,
				...(states.has(bgpState) && {state: bgpState}),
				type: types[kind],
			}),
		);
		return {
			[`numberEstablishedV${family}`]: up,
			[`numberNotEstablishedV${family}`]: sessions.length - up,
			...(peers.length > 0 && {[`peersV${family}`]: peers}),
		};
	};
	const agentStatus = (node: string): Json => {
		const {bird, bird6} = sockets(node);
		const one = (family: Family, reachable: boolean): JsonObject => {
			const report = reachable ? engine.report(node, family) : null;
			if (!report) return {state: 'NotReady'};
			const {lastBoot, lastReconfiguration, routerId, version} = report;
			const times = {lastBootTime: lastBoot, lastReconfigurationTime: lastReconfiguration};
			return {...times, routerID: routerId, state: 'Ready', version};
		};
		return {birdV4: one(4, bird), birdV6: one(6, bird6)};
	};
	/** The reports that are due: when, and how many periods are over that nobody reported yet. */
	const due = (now: number): readonly Due[] =>
		store.list(collection).flatMap(object => {
			const {uid = '', creationTimestamp} = object.metadata;
			const {updatePeriodSeconds} = specOf(object);
			if (typeof updatePeriodSeconds !== 'number') return [];
			const first = (made.get(uid) ?? Date.parse(String(creationTimestamp))) + hearing;
			if (now < first) return [];
			// A period of 0 means: once, at the beginning.
			const ticks = updatePeriodSeconds === 0 ? 1 : Math.floor((now - first) / (updatePeriodSeconds * 1000)) + 1;
			const done = reported.get(uid) ?? 0;
			if (ticks <= done) return [];
			return [{object, uid, at: first + (ticks - 1) * updatePeriodSeconds * 1000, done, ticks}];
		});

	return {
		due: now =>
			due(now).flatMap(({object}) => {
				const {node} = specOf(object);
				return typeof node === 'string' ? node : [];
			}),
		advance: now => {
			for (const {object, uid, at, done, ticks} of due(now)) {
				reported.set(uid, ticks);
				report(object, at, ticks - done);
			}
		},
	};
}

type Due = {
	readonly object: KubernetesObject;
	readonly uid: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly done: number;
	readonly ticks: number;
};
