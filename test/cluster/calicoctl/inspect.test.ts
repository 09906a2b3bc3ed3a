import {describe, expect, test} from 'vitest';
import {createCalicoctlCluster} from '../../../src/cluster/calicoctl/cluster.ts';
import type {Exec} from '../../../src/cluster/exec.ts';
import {startPractice} from '../../support/practice-run.ts';

describe('what calicoctl can tell the doctor', () => {
	test('its version, the cluster’s, and that FelixConfiguration is absent', async () => {
		const {cluster} = startPractice({clientVersion: 'v3.32.1', clusterVersion: 'v3.32.1'});
		expect(await cluster.inspect?.()).toMatchObject({
			tool: {known: true, value: {name: 'calicoctl', version: 'v3.32.1'}},
			calicoVersion: {known: true, value: 'v3.32.1'},
			felix: {known: true, value: null},
			exec: {known: false},
		});
	});

	test('a FelixConfiguration’s own fields', async () => {
		const {practice, clock} = startPractice();
		// The practice datastore keeps no FelixConfiguration: this is the form of calicoctl's other answers.
		const answer =
			'{"kind":"FelixConfiguration","metadata":{"name":"default"},"spec":{"programClusterRoutes":"Enabled"}}';
		const exec: Exec = (file, args, options) =>
			args[1] === 'felixconfig'
				? Promise.resolve({stdout: answer, stderr: '', exitCode: 0})
				: practice.exec(file, args, options);
		const cluster = createCalicoctlCluster({exec, allowVersionMismatch: false, practice: true, clock});
		expect((await cluster.inspect?.())?.felix).toEqual({known: true, value: {programClusterRoutes: 'Enabled'}});
	});

	test('a tool that gives no answer leaves it unknown, with its words', async () => {
		const {cluster, practice} = startPractice();
		practice.faults.add({match: /^calicoctl version/, kind: 'fail', stderr: 'exec format error'});
		practice.faults.add({match: /felixconfig/, kind: 'fail', stderr: 'no such luck'});
		expect(await cluster.inspect?.()).toMatchObject({
			tool: {known: false, reason: expect.stringContaining('exec format error')},
			felix: {known: false, reason: expect.stringContaining('no such luck')},
		});
	});
});
