import type {ApplyEvent} from '../../src/apply/events.ts';
import type {Run} from '../../src/apply/run.ts';
import {createCalicoctlCluster} from '../../src/cluster/calicoctl/cluster.ts';
import {createPracticeNodeShell} from '../../src/cluster/node-shell.ts';
import {resourceYaml} from '../../src/core/diff.ts';
import type {Snapshot} from '../../src/core/snapshot.ts';
import {createClock} from '../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeOptions} from '../../src/practice/cluster.ts';

/** Monday noon: no `since` crosses a day's end in a test. */
const start = Date.UTC(2026, 10, 23, 12);

/** A practice cluster on a clock that jumps, reached through the real calicoctl adapter. */
export function startPractice(options: Omit<PracticeOptions, 'clock'> = {}) {
	const clock = createClock({speed: 'jump', start});
	const practice = createPracticeCluster({clock, ...options});
	const cluster = createCalicoctlCluster({
		exec: practice.exec,
		nodeShell: createPracticeNodeShell(practice.exec),
		allowVersionMismatch: false,
		practice: true,
		clock,
	});
	return {clock, practice, cluster, resources: () => maskedResources(practice.datastore.snapshot())};
}

/** Everything in the datastore that a migration could touch, as sorted YAML without what the server counts. */
export function maskedResources({nodes, bgpPeers, bgpConfigurations}: Snapshot): readonly string[] {
	return [...nodes, ...bgpPeers, ...bgpConfigurations].map(resourceYaml).sort();
}

/** Reads a run to its end. `onEvent` may interrupt it, or change the cluster under it. */
export async function readRun(
	run: Run,
	onEvent: (event: ApplyEvent) => void = () => undefined,
): Promise<readonly ApplyEvent[]> {
	const events: ApplyEvent[] = [];
	for await (const event of run.events) {
		events.push(event);
		onEvent(event);
	}
	return events;
}

/** How the run ended. */
export function endOf(events: readonly ApplyEvent[]): Extract<ApplyEvent, {type: 'run-ended'}> {
	const last = events.at(-1);
	if (last?.type !== 'run-ended') throw new Error(`the run ended with ${last?.type}`);
	return last;
}
