import type {ApiShape} from '../../src/practice/kubernetes/types.ts';
import {cleanEnvironment, type Finished, runProgram} from './program.ts';
import {type SharedPractice, sharePractice} from './shared-practice.ts';

/** The built program beside a shared practice cluster on Kubernetes; each of its calls is a real `kubectl` process. */
export type KubectlProgram = {
	readonly shared: SharedPractice;
	readonly env: Record<string, string>;
	/** Runs the program to its end. */
	readonly run: (...args: string[]) => Promise<Finished>;
	/** Every command that reached the cluster, as one line. */
	readonly calls: string[];
	/** What `kubectl … -o json` prints, run without a process and not counted among the calls. */
	readonly kubectl: (...argv: string[]) => Promise<ReturnType<typeof JSON.parse>>;
};

/** Starts the cluster, with four nodes unless told otherwise. */
export async function shareKubernetes(
	datastore: ApiShape,
	options: Partial<Parameters<typeof sharePractice>[0]> = {},
): Promise<KubectlProgram> {
	const shared = await sharePractice({datastore, nodes: 4, ...options});
	const env = cleanEnvironment(shared.env);
	const calls: string[] = [];
	// A fault that never strikes sees every command.
	shared.cluster.faults.add({
		match: (file, argv) => {
			calls.push([file, ...argv].join(' '));
			return false;
		},
		kind: 'fail',
	});
	return {
		shared,
		env,
		calls,
		run: (...args) => runProgram(args, {env}),
		kubectl: async (...argv) => {
			const seen = calls.length;
			const {stdout} = await shared.cluster.exec('kubectl', [...argv, '-o', 'json'], {timeout: 1000});
			calls.splice(seen);
			return JSON.parse(stdout);
		},
	};
}

/** Milliseconds for a test of several runs of the program, whose gates look at real seconds. */
export const patience = 180_000;
