import {describe, expect, test} from 'vitest';
import {createSteppedClock} from '../../src/practice/clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';
import {isLongUsage, masked, readTranscript, transcriptNames} from '../support/practice-transcripts.ts';

/** The nodes that the transcripts were made with: one /26 block each, no encapsulation. */
const blocks = ['10.65.0.0/26', '10.65.0.64/26', '10.65.0.128/26', '10.65.0.192/26', '10.65.1.0/26'];
const nodes = blocks.map((block, index) => ({
	name: `node-${index}`,
	ipv4Address: `172.31.40.${index + 1}/16`,
	blocks: [block],
}));

/** Rows that the practice cluster cannot match, with the reason. Each is checked to be still different. */
const different: Readonly<Record<string, string>> = {};

/**
 * Seeds of the runs whose sessions met by chance what they met in a transcript: there, twice running, the connections
 * between node-0 and node-4 collided, and no others did. One seed in some 3000 does; they were tried in turn.
 */
const seeds: Readonly<Record<string, number>> = {'etcd-v3.32.1/safe-and-back.jsonl': 3443};

/** BIRD had been up for some seconds, its sessions Established, when a transcript began. */
const warmUp = 6;

describe.each([
	{folder: 'etcd-v3.32.1', clientVersion: 'v3.32.1'},
	{folder: 'etcd-v3.33-against-v3.32', clientVersion: 'v3.33.0'},
])('real Calico, $folder', ({folder, clientVersion}) => {
	describe.each(transcriptNames(folder))('%s', name => {
		const clock = createSteppedClock({start: Date.UTC(2026, 10, 23, 16, 35, 36)});
		const cluster = createPracticeCluster({
			nodes,
			clock,
			seed: seeds[name] ?? 1,
			clientVersion,
			clusterGuid: '0a1b2c',
			pool: '10.65.0.0/16',
		});
		const start = clock.now() + warmUp * 1000;

		const rows = readTranscript(name).map((row, index) => [`${name} ${index}: ${row.argv.join(' ')}`, row] as const);
		test.each(rows)('%s', async (id, row) => {
			await clock.advance(start + row.at * 1000 - clock.now());
			const [file = '', ...argv] = row.argv;
			const options = {timeout: 1000, ...(row.stdin !== undefined && {input: row.stdin})};
			const {exitCode, stdout, stderr} = await cluster.exec(file, argv, options);
			const compared = (text: string): string => (isLongUsage(row.stderr) ? (text.split('\n')[0] ?? '') : masked(text));
			const ours = {exit: exitCode, stdout: masked(stdout), stderr: compared(stderr)};
			const real = {exit: row.exit, stdout: masked(row.stdout), stderr: compared(row.stderr)};
			if (different[id] === undefined) expect(ours).toEqual(real);
			else expect(ours).not.toEqual(real);
		});
	});

	test('every row that is listed as different is a row of a transcript', () => {
		const ids = transcriptNames(folder).flatMap(name =>
			readTranscript(name).map((row, index) => `${name} ${index}: ${row.argv.join(' ')}`),
		);
		const listed = Object.keys(different).filter(id => id.startsWith(`${folder}/`));
		expect(ids).toEqual(expect.arrayContaining(listed));
	});
});
