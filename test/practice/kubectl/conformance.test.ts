import {describe, expect, test} from 'vitest';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster} from '../../../src/practice/cluster.ts';
import {labKubernetes, labNodes} from '../../support/kubernetes-lab.ts';
import {isLongUsage, masked, readTranscript, transcriptNames} from '../../support/practice-transcripts.ts';

/** Rows that the practice cluster cannot match, with the reason. Each is checked to be still different. */
const different: Readonly<Record<string, string>> = {};

/** BIRD had been up for some seconds, its sessions Established, when a transcript began. */
const warmUp = 6;

/** What no two runs have in common, beyond what every transcript has: the microseconds and process numbers of klog. */
function withoutNoise(text: string): string {
	return masked(text).replace(/^([EI]\d{4} HH:MM:SS)\.\d{6} +\d+ /gm, '$1 ');
}

describe.each([
	{folder: 'kdd-v3.32.1', datastore: 'kubernetes-v1'},
	{folder: 'kdd-native-v3.32.1', datastore: 'kubernetes-native'},
] as const)('real Calico, $folder', ({folder, datastore}) => {
	describe.each(transcriptNames(folder))('%s', name => {
		const clock = createSteppedClock({start: Date.UTC(2026, 10, 23, 16, 35, 36)});
		const cluster = createPracticeCluster({
			nodes: labNodes,
			clock,
			datastore,
			clusterGuid: '0a1b2c',
			pool: '10.65.0.0/16',
			kubernetes: labKubernetes,
		});
		const start = clock.now() + warmUp * 1000;

		const rows = readTranscript(name).map((row, index) => [`${name} ${index}: ${row.argv.join(' ')}`, row] as const);
		test.each(rows)('%s', async (id, row) => {
			await clock.advance(start + row.at * 1000 - clock.now());
			const [file = '', ...argv] = row.argv;
			const options = {timeout: 1000, ...(row.stdin !== undefined && {input: row.stdin})};
			const {exitCode, stdout, stderr} = await cluster.exec(file, argv, options);
			const compared = (text: string): string =>
				isLongUsage(row.stderr) ? (text.split('\n')[0] ?? '') : withoutNoise(text);
			const ours = {exit: exitCode, stdout: withoutNoise(stdout), stderr: compared(stderr)};
			const real = {exit: row.exit, stdout: withoutNoise(row.stdout), stderr: compared(row.stderr)};
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
