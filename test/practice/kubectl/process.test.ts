import {execFile} from 'node:child_process';
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster} from '../../../src/practice/cluster.ts';
import {servePractice} from '../../../src/practice/server.ts';
import {practiceBin} from '../../support/program.ts';

const kubectl = join(practiceBin, 'kubectl');

test('kubectl in a process of its own', async () => {
	const cluster = createPracticeCluster({clock: createSteppedClock(), datastore: 'kubernetes-native'});
	const server = await servePractice(cluster, join(mkdtempSync(join(tmpdir(), 'practice-')), 'socket'));
	const run = (argv: readonly string[], input = ''): Promise<unknown> =>
		new Promise(resolve => {
			const options = {env: {...process.env, PRACTICE_SOCKET: server.path}};
			const child = execFile(kubectl, argv, options, (_error, stdout, stderr) =>
				resolve({stdout, stderr, exitCode: child.exitCode}),
			);
			child.stdin?.end(input);
		});
	const peer = 'kind: BGPPeer\napiVersion: projectcalico.org/v3\nmetadata: {name: p}\nspec: {nodeSelector: all()}\n';
	try {
		const created = {stdout: 'bgppeer.projectcalico.org/p created\n', stderr: '', exitCode: 0};
		expect(await run(['create', '-f', '-'], peer)).toEqual(created);
		expect(await run(['create', '-f', '-'], peer)).toEqual({
			stdout: '',
			stderr:
				'Error from server (AlreadyExists): error when creating "STDIN": bgppeers.projectcalico.org "p" already exists\n',
			exitCode: 1,
		});
		expect(await run(['get', 'bgppeers.projectcalico.org', '-o', 'name'])).toEqual({
			...created,
			stdout: 'bgppeer.projectcalico.org/p\n',
		});
	} finally {
		await server.close();
	}
});
