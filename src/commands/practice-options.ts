import type {PracticeOptions} from '../practice/cluster.ts';
import type {Options} from './table.ts';
import {toldTool} from './told-tool.ts';

/** Speed of the practice cluster where nobody watches. */
export const unwatchedSpeed = 10;

/** How the practice cluster keeps Calico's resources, by the name that `--practice-api` has for it. */
const apis = {
	v1: 'kubernetes-v1',
	aggregated: 'kubernetes-aggregated',
	native: 'kubernetes-native',
} as const;

/** The practice cluster that the flags ask for; with kubectl it has a Kubernetes, else etcd. */
export function practiceOptions(options: Options): Required<Pick<PracticeOptions, 'nodes' | 'seed' | 'datastore'>> {
	const viaKubectl = toldTool(options) === 'kubectl';
	return {
		nodes: options.practice ?? 5,
		seed: options.seed ?? 1,
		datastore: viaKubectl ? apis[options['practice-api'] ?? 'v1'] : 'etcd',
	};
}
