import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type KubectlProgram, patience, shareKubernetes} from '../support/kubectl-program.ts';
import {practiceBin, type Running, startProgram, until} from '../support/program.ts';
import {TestTerminal} from '../support/terminal.ts';

/** One node whose `kubectl exec` hangs for 30 s, as where its kubelet is gone, among five that answer. */
const slow = 'ip-172-31-40-217';
let program: KubectlProgram;
let env: Record<string, string>;
/** When the cluster last answered a look at each node. */
let answered: Map<string, number>;
/** From now on the node hangs. */
let hang: () => void;

beforeEach(async () => {
	program = await shareKubernetes('kubernetes-v1', {nodes: 5, speed: 1});
	const pods: {metadata: {name: string}; spec: {nodeName: string}}[] = (
		await program.kubectl('get', 'pods', '-n', 'calico-system')
	).items;
	const nodeOf = new Map(pods.map(pod => [pod.metadata.name, pod.spec.nodeName]));
	const podOf = new Map([...nodeOf].map(([pod, node]) => [node, pod]));
	answered = new Map();
	program.shared.cluster.faults.add({
		match: (_file, argv) => {
			const node = argv.includes('exec') ? argv.map(word => nodeOf.get(word)).find(Boolean) : undefined;
			if (node !== undefined) answered.set(node, performance.now());
			return false;
		},
		kind: 'fail',
	});
	const folder = mkdtempSync(join(tmpdir(), 'slow-node-'));
	const script = [
		'#!/bin/sh',
		`case "$*" in *exec*${podOf.get(slow)}*) [ ! -e '${join(folder, 'hang')}' ] || exec /bin/sleep 30 ;; esac`,
		`exec '${join(practiceBin, 'kubectl')}' "$@"`,
	];
	writeFileSync(join(folder, 'kubectl'), script.join('\n'));
	chmodSync(join(folder, 'kubectl'), 0o755);
	env = {...program.env, PATH: [folder, program.env.PATH].join(delimiter)};
	hang = () => writeFileSync(join(folder, 'hang'), '');
});
afterEach(() => program.shared.close());

/** Milliseconds between the cluster's answer about each node but the slow one and its row; rows as they come. */
async function delays(running: Running): Promise<readonly number[]> {
	const found = new Map<string, number>();
	await until(
		'all other rows',
		() => {
			for (const [, name = ''] of running.stdout().matchAll(/^Node (\S+)/gm)) {
				if (name !== slow && !found.has(name)) found.set(name, performance.now() - (answered.get(name) ?? 0));
			}
			return found.size === 4;
		},
		60_000,
	);
	return [...found.values()];
}

describe('status', () => {
	test(
		'every other row is there no more than a second later',
		async () => {
			const usual = startProgram(['status'], {env});
			const longest = Math.max(...(await delays(usual)));
			await usual.finished;
			hang();
			const running = startProgram(['status'], {env});
			expect(Math.max(...(await delays(running)))).toBeLessThan(longest + 1000);
			expect(running.stdout()).not.toContain(`Node ${slow}`);
			const {stdout, exitCode} = await running.finished;
			expect(stdout).toMatch(new RegExp(`^Node ${slow} .*\\nNot known: the node did not answer in time`, 'm'));
			expect(stdout).toContain('16 of 16 session ends Established on 4 nodes; 1 node not known.');
			expect(exitCode).toBe(0);
		},
		patience,
	);
});

describe('status --watch', () => {
	test(
		'on a terminal the row says why and how old its last state is, and the others go on',
		async () => {
			const terminal = new TestTerminal(['status', '--watch'], {cols: 120, rows: 60, env});
			await terminal.waitFor('20 of 20 session ends Established on 5 nodes.', 60_000);
			hang();
			await terminal.waitFor('Not known: the node did not answer in time', 60_000);
			const sentence = /Last seen (\d+) s ago: 4 of 4 session ends Established\./;
			const age = () => Number(sentence.exec(terminal.text())?.[1]);
			const text = await terminal.waitFor(sentence);
			expect(text.split('\n').filter(line => line.startsWith('Not known'))).toHaveLength(1);
			// Counted from the answer that was the last, which came before the one that was waited 5 s for.
			const lasted = (performance.now() - (answered.get(slow) ?? 0)) / 1000;
			expect(Math.abs(age() - lasted)).toBeLessThan(3);
			const first = age();
			const others = new Map(answered);
			await terminal.waitUntil('the age to grow', () => age() >= first + 2);
			const goOn = () => [...answered].every(([node, at]) => node === slow || at > (others.get(node) ?? 0));
			await until('the others to be asked again', goOn);
			terminal.press('\u0003');
			expect(await terminal.exit).toBe(130);
		},
		patience,
	);

	test.each([
		['as lines', [], /^ip-172-31-40-217: not known: the node did not answer in time; last seen \d+ s ago$/m],
		[
			'as JSON',
			['--json'],
			/^\{"type":"node","node":"ip-172-31-40-217","error":"the node did not answer in time","lastSeen":\d{13}\}$/m,
		],
	])(
		'without one, too: %s',
		async (_, more, line) => {
			const running = startProgram(['status', '--watch', ...more], {env});
			await until('the first picture', () => running.stdout().includes('\n') && answered.size === 5, 60_000);
			const seen = answered.get(slow) ?? 0;
			await until('another look', () => (answered.get(slow) ?? 0) > seen, 60_000);
			hang();
			await until('the line', () => line.test(running.stdout()), 60_000);
			running.signal('SIGTERM');
			expect((await running.finished).exitCode).toBe(143);
		},
		patience,
	);
});
