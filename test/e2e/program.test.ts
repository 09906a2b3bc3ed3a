import {mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {helpText} from '../../src/commands/help.ts';
import {cleanEnvironment, program, runProgram, startProgram, until} from '../support/program.ts';

const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test.each([['--version'], ['-V'], ['version']])('%s prints the version', async flag => {
	expect(await runProgram([flag])).toEqual({exitCode: 0, stdout: `${version}\n`, stderr: ''});
});

test.each([[['--help']], [['-h']], [['help']]])('%j explains the program', async args => {
	expect(await runProgram(args)).toEqual({exitCode: 0, stdout: helpText(), stderr: ''});
});

test('a command explains itself', async () => {
	const help = {exitCode: 0, stdout: helpText('predict'), stderr: ''};
	expect(await runProgram(['predict', '--help'])).toEqual(help);
	expect(await runProgram(['help', 'predict'])).toEqual(help);
});

test('--version loads none of the large parts', () => {
	const entry = readFileSync(program, 'utf8');
	const chunks = new Set(
		[...entry.matchAll(/^(?:import|export)[^;]*from ?"(\.\/chunks\/[^"]+)"/gm)].map(match => match[1]),
	);
	const folder = join(program, '..');
	const loaded = [entry, ...[...chunks].map(chunk => readFileSync(join(folder, chunk ?? ''), 'utf8'))].join('');
	expect(loaded.length).toBeLessThan(10_000);
	expect(readdirSync(join(folder, 'chunks')).length).toBeGreaterThan(5);
});

describe('a reader that goes away', () => {
	test('ends predict without a word', async () => {
		const nodes = Array.from({length: 400}, (_, index) => ({
			kind: 'Node',
			metadata: {name: `n${index}`},
			spec: {bgp: {ipv4Address: `10.0.${index >> 8}.${index & 255}/16`}},
		}));
		const file = join(mkdtempSync(join(tmpdir(), 'epipe-')), 'nodes.json');
		writeFileSync(file, JSON.stringify(nodes));
		const running = startProgram(['predict', '-f', file, '--json']);
		await until('some output', () => running.stdout().length > 0);
		running.closeStdout();
		const {exitCode, stderr} = await running.finished;
		expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
	});

	test('does not stop a migration', async () => {
		const running = startProgram(['--practice']);
		await until('the first step', () => running.stderr().includes('[1/'));
		running.closeStdout();
		const {exitCode, stderr} = await running.finished;
		expect(exitCode).toBe(0);
		expect(stderr).toContain('Done.');
	});
});

test('a defect of the program leaves no stack on the screen', async () => {
	const hook = 'data:text/javascript,JSON.stringify=()=>null.planted';
	const {exitCode, stdout, stderr} = await runProgram(['plan', '--practice', '--json'], {
		env: cleanEnvironment({NODE_OPTIONS: `--import=${hook}`}),
	});
	expect(exitCode).toBe(1);
	expect(stdout + stderr).not.toMatch(/^\s+at /m);
	expect(stderr).toContain('This is a mistake in calico-rr-wizard');
});
