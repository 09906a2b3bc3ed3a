import {mkdtempSync, readFileSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test, vi} from 'vitest';
import {ClusterError} from '../../src/cluster/errors.ts';
import {reportBug, reportError} from '../../src/commands/report-error.ts';
import {UserError} from '../../src/core/user-error.ts';

afterEach(() => vi.unstubAllEnvs());

test('a UserError is its sentence and what to do next', () => {
	expect(reportError(new UserError('It is so.', {next: ['Do this.', 'Or that.']}))).toEqual({
		text: 'It is so.\nDo this.\nOr that.\n',
		exitCode: 2,
	});
});

test("a ClusterError shows the tool's own words, made safe", () => {
	const error = new ClusterError('forbidden', 'calicoctl may not read nodes.', {
		command: {file: 'calicoctl', args: ['get', 'nodes']},
		words: 'nodes is \u001B[31mforbidden\u001B[0m\n\nreally\u202E',
		exitCode: 1,
		next: ['Ask for the right.'],
		settled: true,
	});
	expect(reportError(error)).toEqual({
		text: 'calicoctl may not read nodes.\ncalicoctl said:\n  nodes is forbidden\n  really\nAsk for the right.\n',
		exitCode: 1,
	});
});

test('names from outside cannot paint the screen', () => {
	expect(reportError(new UserError('There is no node \u001B[2Jx.'))?.text).toBe('There is no node x.\n');
});

test('anything else is a defect: one sentence, and the stack in a file that only the user can read', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'report-'));
	vi.stubEnv('XDG_STATE_HOME', folder);
	const error = new TypeError('x is not a function');
	expect(reportError(error)).toBeUndefined();
	const {text, exitCode} = await reportBug(error);
	expect(exitCode).toBe(1);
	expect(text).not.toContain('    at ');
	const path = /\S+error-\S+\.log/.exec(text)?.[0] ?? '';
	expect(path.startsWith(folder)).toBe(true);
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect(readFileSync(path, 'utf8')).toContain('report-error.test.ts');
});

test('no stack is shown even where no log can be written', async () => {
	vi.stubEnv('XDG_STATE_HOME', '/dev/null/nowhere');
	const {text} = await reportBug(new TypeError('x is not a function'));
	expect(text).toContain('could not be written');
	expect(text).not.toContain('    at ');
});
