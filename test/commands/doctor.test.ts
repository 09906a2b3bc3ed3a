import {expect, test} from 'vitest';
import {doctor} from '../../src/commands/doctor.ts';
import type {Options} from '../../src/commands/table.ts';
import {checks} from '../../src/core/doctor/examine.ts';
import type {DoctorReport} from '../../src/core/doctor/report.ts';
import {fakeIo} from '../support/fake-io.ts';

async function run(options: Options) {
	const {io, stdout} = fakeIo();
	const exitCode = await doctor({positionals: [], options: {practice: 5, speed: 'jump', ...options}}, io);
	return {exitCode, stdout: stdout()};
}

test('--json: one document with every check, and exit code 0 where nothing blocks', async () => {
	const {exitCode, stdout} = await run({json: true});
	const report: DoctorReport = JSON.parse(stdout);
	expect(report).toMatchObject({schemaVersion: 1, verdict: 'warn'});
	expect(report.findings.map(finding => finding.id)).toEqual(checks.map(check => check.id));
	const found = new Map(report.findings.map(finding => [finding.id, finding]));
	expect(report.findings.filter(finding => finding.state === 'block')).toEqual([]);
	expect(found.get('sessions-healthy')).toMatchObject({
		state: 'pass',
		reason: '20 of 20 session ends are Established, on 5 nodes.',
	});
	expect(found.get('worth-it')?.state).toBe('warn');
	expect(exitCode).toBe(0);
});

test('text: what blocks is said with what to do, and the exit code is 1', async () => {
	const {exitCode, stdout} = await run({reflectors: ['nowhere']});
	expect(stdout).toContain('✖ block   There is a plan for the chosen reflectors (plan-possible)');
	expect(stdout).toContain('There is no node nowhere.');
	expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
		/^\d+ checks: 1 block, .*\. A migration cannot start before this is mended\.$/,
	);
	expect(exitCode).toBe(1);
});
