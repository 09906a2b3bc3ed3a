import type {ExecResult} from '../../src/cluster/exec.ts';
import {createSteppedClock, type SteppedClock} from '../../src/practice/clock.ts';
import {createPracticeCluster, type ModelCluster, type PracticeOptions} from '../../src/practice/cluster.ts';
import type {ApiShape} from '../../src/practice/kubernetes/types.ts';

/** A practice cluster on Kubernetes, with short ways to its commands. */
export type KubectlPractice = {
	readonly clock: SteppedClock;
	readonly cluster: ModelCluster;
	/** The group that Calico's resources are best asked for in. */
	readonly group: string;
	readonly version: string;
	kubectl(words: string | readonly string[], input?: string): Promise<ExecResult>;
	calicoctl(words: string | readonly string[], input?: string): Promise<ExecResult>;
	/** What `-o json` of a command that must end well prints. */
	json(words: string): Promise<unknown>;
};

export const apiShapes: readonly ApiShape[] = ['kubernetes-v1', 'kubernetes-aggregated', 'kubernetes-native'];

/** Starts such a cluster at a fixed moment; its BGP sessions are Established. */
export function startKubectlPractice(
	shape: ApiShape,
	options: Omit<PracticeOptions, 'clock' | 'datastore'> = {},
): KubectlPractice {
	const clock = createSteppedClock({start: Date.UTC(2026, 10, 23, 16, 0, 0)});
	const cluster = createPracticeCluster({...options, clock, datastore: shape});
	const group = shape === 'kubernetes-v1' ? 'crd.projectcalico.org' : 'projectcalico.org';
	const run = (file: string, words: string | readonly string[], input?: string): Promise<ExecResult> => {
		const argv = typeof words === 'string' ? words.split(' ') : words;
		return cluster.exec(file, argv, {timeout: 1000, ...(input !== undefined && {input})});
	};
	const kubectl: KubectlPractice['kubectl'] = (words, input) => run('kubectl', words, input);
	return {
		clock,
		cluster,
		group,
		version: shape === 'kubernetes-v1' ? `${group}/v1` : `${group}/v3`,
		kubectl,
		calicoctl: (words, input) => run('calicoctl', words, input),
		json: async words => {
			const {stdout, stderr, exitCode} = await kubectl(`${words} -o json`);
			if (exitCode !== 0) throw new Error(`kubectl ${words}: ${stderr}`);
			return JSON.parse(stdout);
		},
	};
}
