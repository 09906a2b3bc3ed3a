import {expect, test, vi} from 'vitest';
import {createLimit} from '../../../src/cluster/concurrency.ts';
import {faults} from '../../support/fault-kinds.ts';
import {
	type Baseline,
	baselineOf,
	byWords,
	count,
	type Direction,
	emptyTally,
	othersIn,
	print,
	runCell,
	tableOf,
	targetsOf,
	whereOf,
} from '../../support/fault-matrix.ts';
import {type Call, currentProcess, diskWrite} from '../../support/fault-process.ts';
import {alone, createRealWorld} from '../../support/fault-real.ts';
import {type Tool, tools} from '../../support/fault-world.ts';

vi.mock('../../../src/cluster/real-exec.ts', () => ({createRealExec: () => currentProcess().exec}));
vi.mock('../../../src/cluster/real-clock.ts', () => ({createRealClock: () => currentProcess().clock}));
vi.mock('node:fs', async original => {
	const fs = await original<typeof import('node:fs')>();
	return {
		...fs,
		writeSync: (file: number, data: Uint8Array, offset?: number) => diskWrite(fs.writeSync, file, data, offset),
	};
});

/** Cells at once. Most of their time is spent waiting: a tool that hangs is waited for 30 s. */
const atOnce = 12;

type Cell = {readonly fault: string; readonly target: Call};

/** Variants of other faults, which are tried within one process only. */
const inProcessOnly: readonly string[] = [
	'tool killed',
	'tool hangs, effect done',
	'disk full for a line',
	'journal cut: 40 bytes of it',
];
const names = Object.keys(faults).filter(name => !inProcessOnly.includes(name));
const bothTools: readonly Tool[] = [tools.calicoctl, tools.kubectl];

/**
 * Every fault at every write, gate and hold call, each through one of the two tools, which make the same calls in the
 * same order: with both the machine would be busy for an hour. Within one process both have all (forward.test.ts,
 * back.test.ts).
 */
function cellsOf(baseline: Baseline): readonly Cell[] {
	const share = bothTools.indexOf(baseline.options.tool);
	return names.flatMap((fault, row) =>
		targetsOf(baseline).flatMap((target, column) =>
			(row + column) % bothTools.length === share ? [{fault, target}] : [],
		),
	);
}

const withinLimit = createLimit(atOnce);

async function runTable(tool: Tool, direction: Direction): Promise<readonly string[]> {
	const baseline = await alone(() => baselineOf(direction, {tool, nodes: 2}, createRealWorld));
	const rows = new Map(names.map(name => [name, emptyTally()]));
	await Promise.all(
		cellsOf(baseline).map(({fault, target}) =>
			withinLimit(async () => {
				const act = faults[fault];
				if (!act) return;
				const end = await runCell(baseline, act, target, byWords);
				count(rows.get(fault), end, {place: target.role, where: whereOf(fault, target)});
			}),
		),
	);
	print(tableOf(`${tool.name}, ${direction}; 2 nodes; real processes and signals`, rows));
	return othersIn(rows);
}

test('whatever happens to the published program, it ends well or can be ended well', async () => {
	process.setMaxListeners(0);
	const began = performance.now();
	const others = await Promise.all(bothTools.flatMap(tool => [runTable(tool, 'forward'), runTable(tool, 'back')]));
	print(`The real processes took ${Math.round((performance.now() - began) / 1000)} s.`);
	expect(others.flat()).toEqual([]);
}, 2_400_000);
