import {describe, expect, test} from 'vitest';
import {createAdjustableClock} from '../../../src/practice/adjustable-clock.ts';
import {createPracticeCluster} from '../../../src/practice/cluster.ts';
import {createRouter, type LabHandler} from '../../../src/practice/host/router.ts';
import type {ServedRequest} from '../../../src/practice/server.ts';

function start(onLab?: LabHandler) {
	const clock = createAdjustableClock({speed: 1, start: 0});
	const cluster = createPracticeCluster({clock});
	const router = createRouter({cluster: () => cluster, clock, onLab});
	const run = (line: string, more: Partial<ServedRequest> = {}) => {
		const [file = '', ...argv] = line.split(' ');
		return router.run({file, argv, ...more});
	};
	return {clock, run};
}

const refusal = {stdout: 'Need super user privileges: Operation not permitted\n', stderr: '', exitCode: 1};
const succeeds = {exitCode: 0};

describe('rights', () => {
	test.each<[string, Partial<ServedRequest>, object]>([
		['calicoctl node status', {}, refusal],
		['calicoctl node status', {root: true}, succeeds],
		['sudo -E calicoctl node status', {}, succeeds],
		['sudo /usr/local/bin/calicoctl node status', {}, succeeds],
		['calicoctl get nodes', {}, succeeds],
		['ssh ip-172-31-40-30 calicoctl node status', {root: true}, refusal],
		['ssh ip-172-31-40-30 sudo calicoctl node status', {}, succeeds],
		['sudo ssh ip-172-31-40-30 calicoctl node status', {}, refusal],
		[
			'ip route add 10.9.0.0/16 via 172.31.40.30',
			{},
			{exitCode: 2, stderr: 'RTNETLINK answers: Operation not permitted\n'},
		],
		['ip route', {}, succeeds],
	])('%s %j', async (line, more, expected) => {
		expect(await start().run(line, more)).toMatchObject(expected);
	});
});

describe('what the caller starts itself', () => {
	test.each([
		['ssh 172.31.40.30', {argv: null, env: {PRACTICE_NODE: 'ip-172-31-40-30', PRACTICE_ROOT: ''}}],
		['sudo -i', {argv: null, env: {PRACTICE_ROOT: '1'}}],
		['sudo su -', {argv: null, env: {PRACTICE_ROOT: '1'}}],
		['sudo vi node.yaml', {argv: ['vi', 'node.yaml'], env: {PRACTICE_ROOT: '1'}}],
		[
			'ssh 172.31.40.30 cat x',
			{argv: ['/bin/sh', '-c', 'cat x'], env: {PRACTICE_NODE: 'ip-172-31-40-30', PRACTICE_ROOT: ''}},
		],
	])('%s', async (line, expected) => {
		expect(await start().run(line)).toEqual({start: expected});
	});
});

test.each([
	'reboot',
	'sudo reboot',
	'ssh 172.31.40.30 reboot',
	'sudo /sbin/reboot',
	'ssh 172.31.40.30 sudo systemctl stop x',
])('%s does nothing here', async line => {
	expect(await start().run(line)).toMatchObject({
		exitCode: 127,
		stderr: expect.stringContaining('the practice cluster has no'),
	});
});

describe('lab', () => {
	test('goes to the handler, with the folder it is typed in', async () => {
		const {run} = start((argv, {directory}) => ({
			stdout: `${argv.join(' ')} in ${directory}`,
			stderr: '',
			exitCode: 3,
		}));
		expect(await run('lab check now', {directory: '/here'})).toEqual({
			stdout: 'check now in /here',
			stderr: '',
			exitCode: 3,
		});
	});

	test.each([
		['lab time x10', {speed: 10, skipped: 0}],
		['lab time x0.5', {speed: 0.5, skipped: 0}],
		['lab time +60', {speed: 1, skipped: 60}],
		['lab time +5m', {speed: 1, skipped: 300}],
		['lab time +3d', {speed: 1, skipped: 259_200}],
	])('%s', async (line, {speed, skipped}) => {
		const {clock, run} = start();
		expect(await run(line)).toMatchObject(succeeds);
		expect(clock.speed()).toBe(speed);
		expect(Math.floor(clock.now() / 10_000) * 10).toBe(skipped);
	});

	test.each(['lab time x0', 'lab time x5000', 'lab time 10', 'lab time -60', 'lab time +60 +60', 'lab check'])(
		'%s is refused',
		async line => {
			const {clock, run} = start();
			expect(await run(line)).toMatchObject({exitCode: 2});
			expect(clock.speed()).toBe(1);
		},
	);
});
