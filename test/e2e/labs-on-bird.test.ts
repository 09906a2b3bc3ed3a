import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {loadLabs} from '../../src/lab/load.ts';
import {cleanEnvironment, nodeBin, program, runProgram} from '../support/program.ts';
import {whyNoBird} from '../support/real-bird.ts';

if (whyNoBird !== '') console.log(`The labs on real BIRD are skipped: ${whyNoBird}.`);

const labs = await loadLabs(join(dirname(program), 'lab', 'labs'));
const folder = mkdtempSync(join(tmpdir(), 'lab-scripts-'));
const path = [nodeBin, '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter);

/** Real BIRD's time is real, so each takes as long as a learner would wait. */
describe.skipIf(whyNoBird !== '')('on real BIRD', {concurrent: true}, () => {
	test.each(['the-hard-way', 'isolated-node', 'lose-reflectors', 'top-of-rack', 'green-routes-dead-bgp'])(
		'%s is solved by its full fix',
		async name => {
			const {hints} = labs.find(lab => lab.name === name) ?? expect.fail(`no lab ${name}`);
			const script = join(folder, `${name}.sh`);
			writeFileSync(script, `${hints[2]}\nlab time +30\n`);
			const {stdout, stderr} = await runProgram(
				['lab', 'run', name, '--engine', 'bird', '--json', '--script', script],
				{
					env: cleanEnvironment({PATH: path}),
				},
			);
			expect(stdout, stderr).not.toBe('');
			const {solved, checks} = JSON.parse(stdout);
			expect(checks.filter(({missing}: {missing: string | null}) => missing !== null)).toEqual([]);
			expect(solved).toBe(true);
		},
		900_000,
	);
});
