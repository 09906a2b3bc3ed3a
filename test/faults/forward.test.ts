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

test.each([tools.calicoctl, tools.kubectl])(
	'whatever goes wrong in a migration through $name, it ends well or can be ended well',
	async tool => {
		expect(await runMatrix('forward', {tool, nodes: 3}, faults)).toEqual([]);
	},
	900_000,
);
