import {withHeartbeat} from './looks.ts';
import type {ObjectStore} from './store.ts';
import {timestamp} from './store.ts';

/**
 * A kubelet writes its Node's status every five minutes though nothing changed (nodeStatusReportFrequency), which makes
 * a new resourceVersion: https://kubernetes.io/docs/reference/node/node-status/#heartbeats
 */
const reportPeriod = 5 * 60_000;

/** All kubelets of a cluster. They only act when told what time it is, so that they hold no timer. */
export type Kubelets = {
	/** Lets every kubelet write what it would have written by then, milliseconds since the epoch. */
	advance(now: number): void;
};

/** Spreads the kubelets' reports evenly over the period, as nodes that joined one by one do. */
export function createKubelets(store: ObjectStore, start: number): Kubelets {
	let last = start;
	return {
		advance: now => {
			const from = last;
			last = now;
			const nodes = store.list('nodes');
			// Only the newest report of each node matters to anyone who looks now.
			const reports = nodes.flatMap((node, index) => {
				const offset = (index * reportPeriod) / nodes.length;
				const newest = now - ((((now - start - offset) % reportPeriod) + reportPeriod) % reportPeriod);
				return newest > from && newest > start ? [['nodes', withHeartbeat(node, timestamp(newest))] as const] : [];
			});
			if (reports.length > 0) store.putAll(reports);
		},
	};
}
