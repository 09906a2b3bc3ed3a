import type {Choice} from '../core/plan/types.ts';
import type {Options} from './table.ts';

/** The answers that flags give. */
export function presetOf(options: Options): Partial<Choice> {
	const {reflectors, order, label, canary, probe, 'cluster-id': clusterId} = options;
	return {
		...(reflectors ? {reflectors} : {}),
		...(order ? {order} : {}),
		...(clusterId ? {clusterId} : {}),
		...(label ? {label} : {}),
		...(canary ? {canary} : {}),
		...(probe ? {probe} : {}),
		...(options['no-hold'] ? {holding: {state: 'off' as const}} : {}),
	};
}
