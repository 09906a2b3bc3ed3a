import {isObject} from '../json.ts';
import type {Choice} from './types.ts';

/** A choice as it is kept: whether routes are held is decided anew each time. */
export type StoredChoice = Pick<Choice, 'reflectors' | 'order' | 'clusterId' | 'label' | 'canary'>;

/** Reads a choice that was kept; undefined where it is none. */
export function readChoice(value: unknown): StoredChoice | undefined {
	if (!isObject(value) || !Array.isArray(value.reflectors)) return undefined;
	const {label, order} = value;
	const reflectors = value.reflectors.filter(name => typeof name === 'string');
	const clusterId = readClusterId(value.clusterId);
	if (reflectors.length !== value.reflectors.length || reflectors.length === 0) return undefined;
	if (typeof label !== 'string' || (order !== 'safe' && order !== 'tutorial') || !clusterId) return undefined;
	const {canary} = value;
	if (canary !== undefined && typeof canary !== 'string') return undefined;
	return {reflectors, order, clusterId, label, ...(canary !== undefined && {canary})};
}

function readClusterId(value: unknown): Choice['clusterId'] | undefined {
	if (!isObject(value)) return undefined;
	if (value.mode === 'per-node') return {mode: 'per-node'};
	return value.mode === 'shared' && typeof value.id === 'string' ? {mode: 'shared', id: value.id} : undefined;
}
