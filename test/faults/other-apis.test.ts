import {expect, test, vi} from 'vitest';
import {faults} from '../support/fault-kinds.ts';
import {runMatrix} from '../support/fault-matrix.ts';
import {currentProcess, diskWrite} from '../support/fault-process.ts';
import {tools} from '../support/fault-world.ts';

vi.mock('../../src/cluster/real-exec.ts', () => ({createRealExec: () => currentProcess().exec}));
vi.mock('../../src/cluster/real-clock.ts', () => ({createRealClock: () => currentProcess().clock}));
vi.mock('node:fs', async original => {
	const fs = await original<typeof import('node:fs')>();
	return {
		...fs,
		writeSync: (file: number, data: Uint8Array, offset?: number) => diskWrite(fs.writeSync, file, data, offset),
	};
});

/** One of each sort: the other API shapes differ in names and answers, not in what the program makes of them. */
const sample = [
	'SIGKILL during',
	'SIGINT',
	'tool exits 1',
	'answer lost, effect done',
	'same field changed',
	'API gone for 20 s',
] as const;
const sampled = Object.fromEntries(Object.entries(faults).filter(([name]) => sample.some(each => each === name)));

const combinations = [
	[tools.aggregated, 'forward'],
	[tools.aggregated, 'back'],
	[tools.native, 'forward'],
	[tools.native, 'back'],
	[tools.nodeStatus, 'forward'],
	[tools.nodeStatus, 'back'],
] as const;

test.each(combinations.map(([tool, direction]) => [tool.name, direction, tool] as const))(
	'%s, %s',
	async (_, direction, tool) => {
		const isChosen = ({role}: {readonly role: string}) => role !== 'hold';
		expect(await runMatrix(direction, {tool, nodes: 3}, sampled, isChosen)).toEqual([]);
	},
	600_000,
);
