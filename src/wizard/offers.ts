import type {Context} from '../cluster/kubectl/contexts.ts';

/** The cluster that was chosen: a context of kubectl's, or the practice cluster. */
export type ChosenCluster = {readonly context: string} | 'practice';

/** One cluster of those to choose from. */
export type Offer = {
	readonly name: string;
	readonly server: string;
	readonly note: string;
	readonly cluster: ChosenCluster;
	/** Chosen where nobody moves away from it. */
	readonly preferred: boolean;
};

/** The contexts in kubectl's order, then the practice cluster. */
export function offersOf(contexts: readonly Context[]): readonly Offer[] {
	return [
		...contexts.map(({name, server, current}) => ({
			name,
			server: server ?? '-',
			note: current ? 'current context' : '',
			cluster: {context: name},
			preferred: current,
		})),
		{
			name: 'practice cluster',
			server: 'in memory',
			note: 'nothing outside this program is touched',
			cluster: 'practice',
			preferred: false,
		},
	];
}
