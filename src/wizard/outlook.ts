import {makePlan} from '../core/plan/make.ts';
import type {Choice} from '../core/plan/types.ts';
import {plannedSnapshot, totalSessions} from './session-math.ts';
import type {ClusterData} from './state.ts';

// Working a choice out on 5,000 nodes for every frame would be felt. One choice is on the screen at a time.
const last = new WeakMap<ClusterData, {readonly key: string; readonly sessions: number | null}>();

/** How many sessions the cluster would have with that choice; null where it cannot be planned. */
export function outlookOf(data: ClusterData, choice: Choice): number | null {
	const key = JSON.stringify(choice);
	const known = last.get(data);
	if (known?.key === key) return known.sessions;
	const sessions = workOut(data, choice);
	last.set(data, {key, sessions});
	return sessions;
}

function workOut({snapshot}: ClusterData, choice: Choice): number | null {
	try {
		return totalSessions(plannedSnapshot(makePlan(snapshot, choice)));
	} catch {
		return null;
	}
}
