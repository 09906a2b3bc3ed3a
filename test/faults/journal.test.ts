import {expect, test, vi} from 'vitest';
import {
	baselineOf,
	count,
	type Direction,
	emptyTally,
	judge,
	othersIn,
	print,
	type Tally,
	tableOf,
} from '../support/fault-matrix.ts';
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

/** Where a line of the journal is torn, by its length in characters. */
const cuts: Readonly<Record<string, (length: number) => number>> = {
	'before it': () => 0,
	'after a byte': () => 1,
	'in the middle': length => Math.floor(length / 2),
	'before its end': length => length - 1,
	'after it': length => length,
};

test.each<Direction>(['forward', 'back'])(
	'a crash at any line of the journal, %s',
	async direction => {
		process.setMaxListeners(0);
		const baseline = await baselineOf(direction, {tool: tools.calicoctl, nodes: 3});
		const rows = new Map<string, Tally>();
		for (const [name, cut] of Object.entries(cuts)) {
			const tally = emptyTally();
			rows.set(`crash ${name}`, tally);
			for (let line = 0; line < baseline.lines; line++) {
				const end = await judge(baseline, () => ({
					onDisk: (text, index, self, write) => {
						if (index !== line) return write(text);
						const part = text.slice(0, cut(text.length));
						if (part !== '') write(part);
						self.die();
						throw new Error('crash');
					},
				}));
				count(tally, end, {place: 'write', where: `crash ${name} of line ${line}, ${direction}`});
			}
		}
		print(tableOf(`${direction}: a crash at each of the ${baseline.lines} lines of the journal`, rows));
		expect(othersIn(rows)).toEqual([]);
	},
	600_000,
);
