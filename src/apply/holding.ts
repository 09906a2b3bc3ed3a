import type {Cluster} from '../cluster/port.ts';
import type {Choice, Holding} from '../core/plan/types.ts';
import {describeFailure} from './settle.ts';

/** Whether this run holds routes: as a flag said, else wherever it is possible. */
export async function decideHolding(preset: Partial<Choice>, cluster: Cluster): Promise<Holding> {
	if (preset.holding) return preset.holding;
	try {
		return await cluster.holding();
	} catch (error) {
		return {state: 'impossible', reason: describeFailure(error).message};
	}
}
