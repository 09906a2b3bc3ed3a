import {preparePeering} from '../core/peering/prepare.ts';
import {countSessions} from '../core/peering/totals.ts';
import type {Plan} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {applyWrite} from '../core/write.ts';

/** Sessions of a mesh of n nodes: every pair has one. */
export function meshSessions(nodes: number): number {
	return (nodes * (nodes - 1)) / 2;
}

/** Sessions of n nodes of which r reflect: every other node to every reflector, and the reflectors among each other. */
export function reflectorSessions(nodes: number, reflectors: number): number {
	const r = Math.min(nodes, reflectors);
	return r * (nodes - r) + meshSessions(r);
}

/** The snapshot as it will be when all of the plan's writes are done. */
export function plannedSnapshot(plan: Plan): Snapshot {
	return plan.steps.flatMap(step => step.writes).reduce(applyWrite, plan.original);
}

/** All BGP sessions of a cluster, those with routers outside included. */
export function totalSessions(snapshot: Snapshot): number {
	const {sessions, external} = countSessions(preparePeering(snapshot));
	return sessions + external;
}
