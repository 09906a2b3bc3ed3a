import type {ExecResult} from '../../src/cluster/exec.ts';
import {runCalicoctl} from '../../src/practice/calicoctl/run.ts';
import {createSteppedClock} from '../../src/practice/clock.ts';
import {createDatastore, type Datastore} from '../../src/practice/datastore/datastore.ts';
import {generateNodes, seedResources} from '../../src/practice/datastore/seed.ts';
import {createRandom} from '../../src/practice/random.ts';

/** calicoctl over a datastore of its own, without nodes that run. */
export type Calicoctl = {
	readonly datastore: Datastore;
	run(words: string | readonly string[], input?: string): ExecResult;
};

export function createCalicoctl({clientVersion = 'v3.32.1', directory = '/'} = {}): Calicoctl {
	const random = createRandom(1);
	const datastore = createDatastore({clock: createSteppedClock({start: Date.UTC(2026, 0, 2, 3, 4, 5)}), random});
	datastore.seed(seedResources(generateNodes(5), {version: 'v3.32.1', pool: '192.168.0.0/16'}, random));
	const nodeStatus = (): ExecResult => ({stdout: 'node status\n', stderr: '', exitCode: 0});
	return {
		datastore,
		run: (words, input = '') => {
			const argv = typeof words === 'string' ? words.split(' ') : words;
			const answer = runCalicoctl(argv, {datastore, clientVersion, directory, input, nodeStatus});
			if (answer instanceof Promise) throw new Error('only what a real node is asked takes time');
			return answer;
		},
	};
}

/** A BGPPeer as a manifest. */
export function peerManifest(name: string, spec: Readonly<Record<string, unknown>>): string {
	return JSON.stringify({kind: 'BGPPeer', apiVersion: 'projectcalico.org/v3', metadata: {name}, spec});
}
