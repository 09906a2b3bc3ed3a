import {chmodSync, mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {cleanEnvironment, nodeBin, runProgram, startProgram, until} from '../support/program.ts';

const esc = '\u001B';
/** What a terminal acts on: control characters other than line breaks, and marks that change the direction of text. */
const dangerous = /[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/u;
const hostile = [
	'$(touch owned)',
	'`touch owned`',
	'; touch owned',
	'| touch owned',
	'&& touch owned',
	`a'"b c\\d*?~`,
	'-oProxyCommand=touch owned',
	'--config=/etc/passwd',
	'%s%n$HOME',
] as const;

/** A PATH of recording programs: each writes down its arguments, one JSON line a start, and answers as it is told. */
function recorders(answer: string): {readonly path: string; readonly started: () => readonly string[][]} {
	const path = mkdtempSync(join(tmpdir(), 'recorders-'));
	const record = join(path, 'record.jsonl');
	writeFileSync(record, '');
	// A package.json further up may say otherwise.
	writeFileSync(join(path, 'package.json'), '{"type":"commonjs"}');
	writeFileSync(join(path, 'answer'), answer);
	const script = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(record)}, JSON.stringify([require('node:path').basename(process.argv[1]), ...process.argv.slice(2)]) + '\\n');
const others = {bgppeers: 'BGPPeer', bgpconfig: 'BGPConfiguration', ippools: 'IPPool'};
const kind = others[process.argv[3]];
const apiVersion = 'projectcalico.org/v3';
if (kind) process.stdout.write(JSON.stringify({kind: kind + 'List', apiVersion, items: []}));
else if (process.argv[3] === 'clusterinformation') process.stdout.write(JSON.stringify({kind: 'ClusterInformation', apiVersion, metadata: {name: 'default'}, spec: {}}));
else process.stdout.write(fs.readFileSync(${JSON.stringify(join(path, 'answer'))}));
`;
	for (const name of ['calicoctl', 'kubectl', 'ssh', 'sh', 'bash', 'dash', 'env', 'touch', 'cat', 'which', 'sudo']) {
		writeFileSync(join(path, name), script);
		chmodSync(join(path, name), 0o755);
	}
	return {
		path,
		started: () =>
			readFileSync(record, 'utf8')
				.split('\n')
				.filter(Boolean)
				.map(line => JSON.parse(line)),
	};
}

function nodesNamed(names: readonly string[]): string {
	return JSON.stringify({
		kind: 'NodeList',
		apiVersion: 'projectcalico.org/v3',
		items: names.map((name, index) => ({
			kind: 'Node',
			apiVersion: 'projectcalico.org/v3',
			metadata: {name},
			spec: {bgp: {ipv4Address: `10.0.0.${index + 1}/24`}},
		})),
	});
}

describe('no shell', () => {
	test.each(hostile)('flags arrive as they are: %s', async word => {
		const {path, started} = recorders(nodesNamed(['a', 'b']));
		const env = cleanEnvironment({PATH: `${path}:${nodeBin}`});
		await runProgram(['status', `--calicoctl-config=${word}`, `--context=${word}`], {env, directory: path});
		expect(started().length).toBeGreaterThan(0);
		for (const [file, ...args] of started()) {
			expect(file).toBe('calicoctl');
			if (args[0] === 'get') expect(args).toEqual(expect.arrayContaining([`--config=${word}`, `--context=${word}`]));
		}
	});

	test.each(hostile)('a node of this name is refused before anything is made of it: %s', async name => {
		const {path, started} = recorders(nodesNamed(['good', name]));
		const env = cleanEnvironment({PATH: `${path}:${nodeBin}`});
		const args = ['status', '--via=calicoctl', '--node-shell', 'ssh -- {node} sudo {command}'];
		const {stdout, stderr} = await runProgram(args, {env, directory: path});
		expect(stdout + stderr).toMatch(/Node number 2 of the list has no usable name|cannot be passed to --node-shell/);
		const words = started().map(([file, ...rest]) => (file === 'calicoctl' ? [] : rest));
		expect(words.flat()).not.toContain(name);
		for (const [file] of started()) expect(['calicoctl', 'ssh']).toContain(file);
	});
});

describe('what a tool prints', () => {
	test.each<[string, string]>([
		['escape sequences', nodesNamed([`a${esc}]0;owned\u0007${esc}[2J`, 'b\u009B31m\u202Etxt'])],
		['a line of 1 MB', `{"kind":"NodeList","items":"${'x'.repeat(1_000_000)}`],
		['a megabyte of escapes', `${esc}]`.repeat(500_000)],
		['JSON 100,000 deep', '['.repeat(100_000)],
		['deep JSON that is closed', `${'{"items":['.repeat(5000)}${']}'.repeat(5000)}`],
		['nothing', ''],
		['null', 'null'],
		['bytes that are no UTF-8', '\u0080\uFFFE'],
	])('%s: ends, and nothing of it acts on the terminal', async (_, answer) => {
		const {path} = recorders(answer);
		const env = cleanEnvironment({PATH: `${path}:${nodeBin}`});
		const args = ['status', '--via=calicoctl', '--node-shell', 'ssh {node} {command}'];
		const running = startProgram(args, {env, directory: path});
		let over = false;
		void running.finished.then(() => {
			over = true;
		});
		await until('the end', () => over, 30_000);
		const {stdout, stderr} = await running.finished;
		expect(stdout + stderr).not.toMatch(dangerous);
		expect(stdout + stderr).not.toContain('This is a mistake in calico-rr-wizard');
		expect((stdout + stderr).length).toBeLessThan(100_000);
	});
});

const levels = 'abcdefghijkl'.split('');
const bomb = levels
	.map(
		(name, index) =>
			`${name}: &${name} [${Array(10)
				.fill(index === 0 ? 'lol' : `*${levels[index - 1]}`)
				.join(', ')}]`,
	)
	.join('\n');

/** Each alias brings in a list of a megabyte: few aliases, much text. */
const wideBomb = `a: &a [${'"lol",'.repeat(150_000)}]\nb: [${'*a,'.repeat(1000)}]`;
const mergeBomb = levels
	.map(
		(name, index) =>
			`${name}: &${name}\n  <<: ${index === 0 ? '{x: 1}' : `[${Array(10).fill(`*${levels[index - 1]}`)}]`}`,
	)
	.join('\n');
const anchors = Array.from({length: 50_000}, (_, index) => `k${index}: &a${index} v`).join('\n');

describe('files for predict', () => {
	test.each<[string, string | Buffer, number]>([
		['a YAML bomb', bomb, 2],
		['an alias to itself', 'kind: &a [*a]', 2],
		['YAML 20,000 deep', '['.repeat(20_000).replaceAll('[', '- '), 2],
		['JSON 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 2],
		['JSON lists of lists, 3,000 deep', `${'['.repeat(3000)}${']'.repeat(3000)}`, 2],
		['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80, 0x3a, 0x20, 0xc3]), 2],
		['a line of 1 MB', `kind: ${'x'.repeat(1_000_000)}`, 0],
		['a key __proto__', '{"kind":"Node","__proto__":{"polluted":1},"metadata":{"name":"a"},"spec":{}}', 0],
		['a kind of escape sequences', `kind: "\\e]0;owned\\a\\e[2J"\nmetadata: {name: a}`, 0],
		['aliases below the limit that make a document of 1 GB', wideBomb, 2],
		['a document whose merge keys bring in each other', mergeBomb, 2],
		['20,000 documents', 'kind: Secret\n---\n'.repeat(20_000), 0],
		['an anchor in each of 50,000 lines', anchors, 2],
		['half of a surrogate pair', '{"kind":"Node","metadata":{"name":"a\\ud800"},"spec":{}}', 0],
		['a NUL in the middle', 'kind: No\u0000de', 0],
		['the same key twice, far apart', `${anchors}\nk0: w`, 2],
	])('%s: ends soon, with words', async (_, content, exit) => {
		const file = join(mkdtempSync(join(tmpdir(), 'hostile-')), 'file');
		writeFileSync(file, content);
		const running = startProgram(['predict', '-f', file]);
		let over = false;
		void running.finished.then(() => {
			over = true;
		});
		await until('the end', () => over, 30_000);
		const {exitCode, stdout, stderr} = await running.finished;
		expect(stderr).not.toContain('This is a mistake in calico-rr-wizard');
		expect(stdout + stderr).not.toMatch(dangerous);
		expect(exitCode).toBe(exit);
	});
});
