import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {makeTranscript, transcripts} from '../../recordings/transcripts.ts';
import {parseRecording} from '../../src/apply/recording-read.ts';
import type {RecordedCall} from '../../src/cluster/recorder.ts';
import {runProgram} from '../support/program.ts';

/** `npm run record` sets this: the transcripts are made anew instead of compared. */
const renew = process.env.RECORD === '1';

function pathOf(name: string): string {
	return fileURLToPath(new URL(`../../recordings/${name}.jsonl`, import.meta.url));
}

describe.each(transcripts)('$name', transcript => {
	const path = pathOf(transcript.name);

	test.runIf(renew)('is made', async () => {
		writeFileSync(path, await makeTranscript(transcript));
	});

	test('is what the practice cluster answers, to the last byte', async () => {
		expect(await makeTranscript(transcript)).toBe(readFileSync(path, 'utf8'));
	});

	test('can be shown again', async () => {
		const {stdout, stderr, exitCode} = await runProgram(['replay', path, '--speed', 'jump']);
		expect(exitCode, stderr).toBe(0);
		expect(stdout.split('\n').length).toBeGreaterThan(20);
	});
});

function read(name: string) {
	const path = pathOf(name);
	return parseRecording(readFileSync(path, 'utf8'), path);
}

/** What the calls of one command printed, in their order. */
function printed(calls: readonly RecordedCall[], command: string): readonly string[] {
	return calls.filter(call => call.argv.join(' ').endsWith(command)).map(call => call.stdout);
}

test('the tutorial ends with reflectors and without a mesh', () => {
	const [first = '', client = '', reflector = ''] = printed(read('tutorial').calls, 'calicoctl node status');
	const rows = (text: string, type: string) =>
		text.split('\n').filter(line => line.includes(`| ${type} `) && line.includes('| Established |'));
	expect(rows(first, 'node-to-node mesh')).toHaveLength(4);
	expect(rows(client, 'node specific')).toHaveLength(3);
	expect(client + reflector).not.toContain('node-to-node mesh');
	expect(rows(reflector, 'node specific')).toHaveLength(4);
});

test('with the mesh off first all routes are gone, and come back with it', () => {
	const {calls} = read('mesh-off-first');
	const routes = printed(calls, 'ip route show proto bird').map(
		text => text.split('\n').filter(line => line.includes(' via ')).length,
	);
	expect(routes[0]).toBe(4);
	expect(routes[1]).toBe(0);
	expect(routes.at(-1)).toBe(4);
	const tables = printed(calls, 'calicoctl node status');
	expect(tables[1]).toContain('No IPv4 peers found.');
	expect(tables.at(-1)?.split('| Established |')).toHaveLength(5);
});

test('the migration is done, and the way back leads to where it began', () => {
	expect(read('migration').events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'done'});
	const {events, calls, plan} = read('going-back');
	expect(events.find(event => event.type === 'turned-back')).toMatchObject({reason: 'failure'});
	expect(events.at(-1)).toMatchObject({type: 'run-ended', outcome: 'went-back', left: []});
	const peers = printed(calls, 'calicoctl get bgppeers -o json');
	expect(JSON.parse(peers.at(-1) ?? '').items).toEqual([]);
	expect(plan?.original.bgpPeers).toEqual([]);
});
