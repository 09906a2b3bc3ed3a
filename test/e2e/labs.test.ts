import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadLabs} from '../../src/lab/load.ts';
import {mostPoints} from '../../src/lab/score.ts';
import {cleanEnvironment, nodeBin, program, runProgram} from '../support/program.ts';

const labs = await loadLabs(join(dirname(program), 'lab', 'labs'));
const folder = mkdtempSync(join(tmpdir(), 'lab-scripts-'));
const path = [nodeBin, '/usr/bin', '/bin'].join(delimiter);

type Result = {
	readonly solved: boolean;
	readonly points: number;
	readonly of: number;
	readonly checks: readonly {readonly text: string; readonly missing: string | null}[];
	readonly wrongWays: readonly {readonly id: string}[];
};

async function runLab(
	name: string,
	script?: string,
): Promise<{readonly exitCode: number | null; readonly result: Result}> {
	const file = join(folder, `${name}.sh`);
	if (script !== undefined) writeFileSync(file, script);
	const {exitCode, stdout, stderr} = await runProgram(
		['lab', 'run', name, '--json', ...(script === undefined ? [] : ['--script', file])],
		{env: cleanEnvironment({PATH: path})},
	);
	expect(stdout, stderr).not.toBe('');
	return {exitCode, result: JSON.parse(stdout)};
}

test('there is a lab for each number', () => {
	expect(labs.map(({order}) => order)).toEqual(labs.map((_, index) => index + 1));
	expect(new Set(labs.map(({name}) => name)).size).toBe(labs.length);
});

describe.each(labs.map(lab => [lab.name, lab] as const))('%s', (name, lab) => {
	test('is not solved untouched', async () => {
		const {exitCode, result} = await runLab(name);
		expect(result).toMatchObject({solved: false, points: 0, of: mostPoints, wrongWays: []});
		expect(exitCode).toBe(1);
	});

	test('is solved by its full fix, for all points with the right prediction', async () => {
		const {exitCode, result} = await runLab(name, `lab predict ${lab.predict.right + 1}\n${lab.hints[2]}\n`);
		expect(result.checks.filter(({missing}) => missing !== null)).toEqual([]);
		expect(result).toMatchObject({solved: true, points: mostPoints});
		expect(exitCode).toBe(0);
	});

	test.each(lab.wrongWays.map(each => [each.id, each] as const))('recognises a wrong way: %s', async (id, {script}) => {
		const {result} = await runLab(name, script);
		expect(result.wrongWays.map(each => each.id)).toContain(id);
	});
});
