import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {runAnnotation} from '../../src/core/plan/stored-run.ts';
import {createClock} from '../../src/practice/clock.ts';
import {
	createPracticeCluster,
	type ModelCluster,
	type PracticeCluster,
	type PracticeOptions,
} from '../../src/practice/cluster.ts';
import {servePractice} from '../../src/practice/server.ts';
import {nodeBin, practiceBin} from './program.ts';

/** A practice cluster in this process that other processes reach through `calicoctl` and `node-exec` on their PATH. */
export type SharedPractice = {
	readonly cluster: ModelCluster;
	/** What a program needs in its environment to find it. */
	readonly env: Readonly<Record<string, string>>;
	/** The datastore as text, without what differs from run to run: uids, times, revisions and the note of the run. */
	readonly datastore: () => string;
	readonly close: () => Promise<void>;
};

/** Starts a shared practice cluster whose time runs faster than the clock on the wall. */
export async function sharePractice({
	speed = 20,
	nodes = 5,
	datastore = 'etcd',
	kubernetes,
	cluster: seed = {},
	hasPing,
}: {
	speed?: number;
	nodes?: PracticeOptions['nodes'];
	datastore?: PracticeOptions['datastore'];
	kubernetes?: PracticeOptions['kubernetes'];
	cluster?: Pick<PracticeOptions, 'pool' | 'clusterGuid'>;
	hasPing?: PracticeOptions['hasPing'];
} = {}): Promise<SharedPractice> {
	const cluster = createPracticeCluster({
		...seed,
		nodes,
		clock: createClock({speed}),
		datastore,
		...(kubernetes && {kubernetes}),
		...(hasPing && {hasPing}),
	});
	const server = await servePractice(cluster, join(mkdtempSync(join(tmpdir(), 'practice-')), 'socket'));
	return {
		cluster,
		env: {
			PATH: [practiceBin, nodeBin].join(delimiter),
			PRACTICE_SOCKET: server.path,
			// Calls calicoctl configured: an etcd that nobody asks.
			...(datastore === 'etcd' && {ETCD_ENDPOINTS: 'http://127.0.0.1:1'}),
		},
		datastore: () => maskedDatastore(cluster),
		close: server.close,
	};
}

/** The flag that lets the program look at the shared cluster's nodes. */
export const practiceNodeShell = ['--node-shell', 'node-exec {node} {command}'] as const;

function maskedDatastore({datastore}: PracticeCluster): string {
	const kinds = ['Node', 'BGPPeer', 'BGPConfiguration', 'IPPool'] as const;
	const mask = new Set(['resourceVersion', 'uid', 'creationTimestamp', runAnnotation]);
	return JSON.stringify(
		kinds.map(kind => datastore.list(kind)),
		(key, value) => (mask.has(key) ? `(${key})` : value),
		'\t',
	);
}
