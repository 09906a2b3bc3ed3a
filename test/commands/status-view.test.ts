import {describe, expect, test} from 'vitest';
import {statusView} from '../../src/commands/status-view.ts';
import type {Observation, Session} from '../../src/core/session.ts';

const session = (protocol: string, info: string): Session => ({
	protocol,
	family: 4,
	address: '10.0.0.1',
	port: null,
	type: 'global',
	state: info === 'Established' ? 'up' : 'start',
	since: '10:00:00',
	info,
});
const look = (node: string, ...infos: readonly string[]): Observation => ({
	node,
	at: 0,
	sessions: {known: true, value: infos.map((info, index) => session(`P${index}`, info))},
});
const hidden: Observation = {node: 'h', at: 0, sessions: {known: false, reason: 'gone'}};

describe('--state', () => {
	test('not-up keeps peers that are not Established, and nodes that cannot be seen', () => {
		const {filter} = statusView({state: 'not-up'});
		expect(filter(look('a', 'Established', 'Active'))).toEqual({
			...look('a'),
			sessions: {known: true, value: [session('P1', 'Active')]},
		});
		expect(filter(look('a', 'Established'))).toBeUndefined();
		expect(filter(hidden)).toBe(hidden);
	});

	test('up keeps the Established ones', () => {
		const {filter} = statusView({state: 'up'});
		expect(filter(look('a', 'Established', 'Active'))?.sessions).toEqual({
			known: true,
			value: [session('P0', 'Established')],
		});
		expect(filter(hidden)).toBeUndefined();
	});
});

describe('--sort', () => {
	const looks = new Map([
		['b', look('b', 'Established')],
		['a', look('a', 'Active', 'Connect')],
		['h', hidden],
		['c', look('c', 'Active')],
	]);
	const names = [...looks.keys()];

	test.each([
		['trouble', ['h', 'a', 'c', 'b']],
		['name', ['a', 'b', 'c', 'h']],
		[undefined, names],
	] as const)('%s', (sort, expected) => {
		expect(statusView(sort ? {sort} : {}).sort(names, looks)).toEqual(expected);
	});
});
