import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createJournal, listJournals} from '../../src/apply/journal.ts';
import {parseJournal} from '../../src/apply/journal-read.ts';
import type {ClusterIdentity} from '../../src/cluster/port.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {UserError} from '../../src/core/user-error.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';

const cluster: ClusterIdentity = {via: 'calicoctl', practice: true, name: 'practice cluster', guid: 'abc'};
const plan = makePlan(tutorialSnapshot, {...defaultChoice, reflectors: ['ip-172-31-40-30']});
const writes = plan.steps.flatMap(step => step.writes.map(write => ({step: step.id, write})));

function writeJournal(): {readonly path: string; readonly folder: string; readonly text: string} {
	const folder = join(mkdtempSync(join(tmpdir(), 'journal-')), 'deep', 'journals');
	const journal = createJournal(folder, plan, cluster);
	for (const {step, write} of writes) {
		journal.append({type: 'intent', at: 'now', direction: 'forward', step, write});
		journal.append({
			type: 'outcome',
			at: 'now',
			direction: 'forward',
			step,
			kind: write.kind,
			name: write.name,
			outcome: 'done',
		});
	}
	journal.append({type: 'end', at: 'now', outcome: 'done'});
	journal.close();
	return {path: journal.path, folder, text: readFileSync(journal.path, 'utf8')};
}

describe('a journal', () => {
	const {path, folder, text} = writeJournal();

	test('can be read by its owner alone, and its folder too', () => {
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(listJournals(folder)).toEqual([path]);
		expect(listJournals(join(folder, 'none'))).toEqual([]);
	});

	test('gives back every write whose intent it holds', () => {
		expect(parseJournal(text, path)).toMatchObject({
			direction: 'forward',
			cluster,
			ended: 'done',
			torn: false,
			written: writes.map(each => each.write),
			choice: {...defaultChoice, reflectors: ['ip-172-31-40-30']},
		});
	});

	test('of a run that goes on with another holds all that either may have written, and the oldest of each', () => {
		const all = writes.map(each => each.write);
		const [first, second] = [all.slice(0, 3), all.slice(2)];
		const continues = {journal: path, at: 'then', written: first, held: ['a', 'b']};
		const next = createJournal(folder, plan, cluster, {continues, now: new Date(0)});
		next.append({type: 'hold', at: 'now', action: 'release', nodes: ['a']});
		for (const write of second) next.append({type: 'intent', at: 'now', direction: 'forward', step: 's', write});
		next.close();
		expect(parseJournal(readFileSync(next.path, 'utf8'), next.path)).toMatchObject({written: all, held: ['b']});
		rmSync(next.path);
		const back = createJournal(folder, {...plan, direction: 'back'}, cluster, {continues, now: new Date(0)});
		back.close();
		expect(parseJournal(readFileSync(back.path, 'utf8'), back.path)).toMatchObject({direction: 'back', written: first});
		rmSync(back.path);
	});

	test('cut off at any byte is either understood up to there or refused in words', () => {
		const firstLine = text.indexOf('\n');
		for (let end = 0; end < text.length; end++) {
			const cut = text.slice(0, end);
			if (end <= firstLine) {
				expect(() => parseJournal(cut, path)).toThrow(UserError);
				continue;
			}
			const run = parseJournal(cut, path);
			const complete = cut.slice(0, cut.lastIndexOf('\n') + 1);
			expect(run.written.length).toBe(complete.split('\n').filter(line => line.startsWith('{"type":"intent"')).length);
			expect(run.torn).toBe(!cut.endsWith('\n'));
			expect(run.ended).toBeUndefined();
		}
	});

	test.each([
		['a line that is not JSON', (lines: string[]) => lines.with(1, 'x'), 'line 2: it is not JSON'],
		[
			'a line of another kind',
			(lines: string[]) => lines.with(1, '{"type":"party"}'),
			'line 2: it is no record of a run',
		],
		[
			'an intent without its write',
			(lines: string[]) => lines.with(1, '{"type":"intent","direction":"forward"}'),
			'line 2: it is no record of a run',
		],
		['no first line', (lines: string[]) => lines.slice(1), 'line 1: it does not begin with the plan of a run'],
		[
			'a choice that is none',
			(lines: string[]) => lines.with(0, (lines[0] ?? '').replace('"order":"safe"', '"order":"fast"')),
			'line 1: it is no record of a run',
		],
		[
			'an earlier run that is none',
			(lines: string[]) =>
				lines.with(0, (lines[0] ?? '').replace('{"type":"run"', '{"type":"run","continues":{"written":[1]}')),
			'line 1: it is no record of a run',
		],
		[
			'a newer schema',
			(lines: string[]) => lines.with(0, (lines[0] ?? '').replace('"schemaVersion":1', '"schemaVersion":7')),
			'schema 7, not 1',
		],
	])('with %s is refused', (_, damage, words) => {
		expect(() => parseJournal(damage(text.split('\n')).join('\n'), path)).toThrow(
			expect.objectContaining({name: 'UserError', exitCode: 1, message: expect.stringContaining(words)}),
		);
	});
});
