import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {cleanEnvironment, runProgram} from '../support/program.ts';
import {practiceNodeShell, type SharedPractice, sharePractice} from '../support/shared-practice.ts';

const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
writeFileSync(join(folder, 'broken.yaml'), 'kind: [');

const practice = ['--practice', '--speed', 'jump'];

/** What is typed, and the one sentence that answers. */
const rows: readonly (readonly [what: string, args: readonly string[], sentence: RegExp])[] = [
	[
		'an unknown node',
		['apply', ...practice, '--reflectors', 'ip-172-31-45-28', '--yes'],
		/^There is no node ip-172-31-45-28; did you mean ip-172-31-45-29\?/,
	],
	[
		'the same node twice',
		['plan', ...practice, '--reflectors', 'ip-172-31-45-29,ip-172-31-45-29'],
		/^Node ip-172-31-45-29 is named twice\./,
	],
	[
		'a bad cluster ID',
		['plan', ...practice, '--cluster-id', '224.0.0.256'],
		/^Cluster ID "224\.0\.0\.256" is not an IPv4 address\./,
	],
	[
		'a cluster ID that is no address',
		['plan', ...practice, '--cluster-id', 'rr'],
		/^Cluster ID "rr" is not an IPv4 address\./,
	],
	[
		'an unreadable file',
		['predict', '-f', '/nowhere/nodes.yaml'],
		/^Cannot read \/nowhere\/nodes\.yaml: there is no such file\./,
	],
	['a folder as a file', ['predict', '-f', folder], /it is a folder/],
	['a broken file', ['predict', '-f', join(folder, 'broken.yaml')], /is not valid YAML/],
	['an unknown flag', ['plan', '--reflektors', 'a'], /^There is no flag --reflektors\. Did you mean --reflectors\?/],
	['an unknown command', ['statsu'], /^There is no command 'statsu'\. Did you mean status\?/],
	['a flag of another command', ['status', '--yes'], /^status knows no --yes/],
	["another tool's flag", ['plan', '--via', 'kubectl', '--calicoctl', 'x'], /^--calicoctl is not for kubectl\./],
	[
		'no cluster named',
		['apply', '--reflectors', 'a', '--yes'],
		/^No cluster is named, and there is neither kubectl nor calicoctl on PATH\./,
	],
	['no journal', ['rollback', ...practice], /^There is no run on this cluster to take back/],
	[
		'a journal that is not there',
		['rollback', ...practice, '--journal', '/nowhere/x.jsonl'],
		/^The journal \/nowhere\/x\.jsonl cannot be read/,
	],
	['a template without a node', ['status', '--node-shell', 'ssh {command}'], /^--node-shell lacks \{node\}\./],
	['a word for the wizard', ['wizard', 'please'], /^wizard takes no 'please'\./],
	['a word for plan', ['plan', ...practice, 'please'], /^plan takes no 'please'\./],
	['a folder that is not empty', ['plan', ...practice, '--save', folder], /is not empty/],
];

test.each(rows)('%s: one sentence and exit 2', async (_, args, sentence) => {
	const {exitCode, stderr, stdout} = await runProgram(args);
	const lines = stderr.split('\n').filter(line => line !== '' && !/^(The practice clock|Proposed|Cluster:)/.test(line));
	expect(lines[0]).toMatch(sentence);
	expect(exitCode).toBe(2);
	expect(stdout + stderr).not.toMatch(/^\s+at /m);
});

let shared: SharedPractice;
beforeAll(async () => {
	shared = await sharePractice({
		nodes: [{name: 'a', ipv4Address: '10.0.0.1/24'}, {name: 'b', ipv4Address: '10.0.0.2/24'}, {name: 'no-bgp'}],
	});
});
afterAll(() => shared.close());

test.each<[string, readonly string[], RegExp]>([
	['a node that is not in BGP', ['--reflectors', 'no-bgp', '--yes'], /^Node no-bgp has no BGP address/],
	[
		'no terminal and no --yes',
		['--reflectors', 'a'],
		/^The cluster is changed only after a yes, and there is no terminal/,
	],
	['no terminal and no --reflectors', ['--yes'], /^Nobody said which nodes become route reflectors/],
])('%s: one sentence and exit 2, and nothing is written', async (_, args, sentence) => {
	const before = shared.datastore();
	for (const command of [['apply'], []]) {
		const {exitCode, stderr} = await runProgram([...command, ...practiceNodeShell, ...args], {
			env: cleanEnvironment(shared.env),
		});
		const lines = stderr
			.split('\n')
			.filter(line => line !== '' && !/^(Cluster:|Route reflectors:|Warning:|\d+ to create)/.test(line));
		expect(lines[0]).toMatch(sentence);
		expect(exitCode).toBe(2);
	}
	expect(shared.datastore()).toBe(before);
});
