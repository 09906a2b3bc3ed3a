import {type ChosenCluster, type Offer, offersOf} from '../wizard/offers.ts';
import type {Chosen} from './choose-tool.ts';
import type {Options} from './table.ts';

/**
 * The clusters to choose from, on the first screen and as a prompt: kubectl's contexts and the practice cluster. None
 * where a flag or an etcd has named the cluster, or kubectl knows none.
 */
export function offered(chosen: Chosen | 'practice'): readonly Offer[] {
	if (chosen === 'practice' || chosen.tool === 'calicoctl' || (chosen.tool !== null && chosen.named)) return [];
	const {contexts = []} = chosen;
	return contexts.length === 0 ? [] : offersOf(contexts);
}

/** Size of the practice cluster where nobody says. */
const practiceNodes = 5;

/** The flags as if they had named the chosen cluster. */
export function withCluster(options: Options, cluster: ChosenCluster): Options {
	return cluster === 'practice'
		? {...options, practice: practiceNodes}
		: {...options, via: 'kubectl', context: cluster.context};
}
