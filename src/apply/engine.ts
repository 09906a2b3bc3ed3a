import type {Cluster} from '../cluster/port.ts';
import type {Clock} from '../core/clock.ts';
import type {Plan} from '../core/plan/types.ts';
import type {RunContext} from './context.ts';
import {withLosses} from './do-probe.ts';
import type {Journal} from './journal.ts';
import type {Run} from './run.ts';
import {walkBack, walkForward} from './walk.ts';

export type RunOptions = {
	readonly plan: Plan;
	readonly cluster: Cluster;
	readonly clock: Clock;
	/** Where every intent and outcome is kept; null only where nothing can be taken back later anyway. */
	readonly journal: Journal | null;
	/** Nodes on which an earlier run left routes held. */
	readonly held?: readonly string[];
	/** Nodes on which an earlier run may have left mesh sessions switched off. */
	readonly canaries?: readonly string[];
	/** Milliseconds a gate waits after its count last rose. */
	readonly gateTimeout?: number;
};

/** Patience of a gate in milliseconds: more than twice the longest establishment measured on real Calico (24 s). */
export const defaultGateTimeout = 60_000;

/**
 * Walks a plan. A forward plan turns round by itself when a write or gate fails, or at the first interrupt; a plan that
 * leads back goes on as far as it can and names what is left.
 */
export function startRun({
	plan,
	cluster,
	clock,
	journal,
	gateTimeout = defaultGateTimeout,
	held = [],
	canaries = [],
}: RunOptions): Run {
	const turn = new AbortController();
	const stop = new AbortController();
	const context: RunContext = {
		cluster,
		clock,
		journal,
		gateTimeout,
		turn: turn.signal,
		stop: stop.signal,
		visible: 'all',
		before: new Map(),
		probe: undefined,
		written: [],
		held: new Set(held),
		canaries: new Set(canaries),
	};
	const events = plan.direction === 'forward' ? walkForward(context, plan) : walkBack(context, plan);
	return {
		events: plan.probe ? withLosses(context, events) : events,
		interrupt() {
			if (turn.signal.aborted) stop.abort(new Error('interrupted twice'));
			else turn.abort(new Error('interrupted'));
		},
	};
}
