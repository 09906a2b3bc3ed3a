import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Context} from '../../src/cluster/kubectl/contexts.ts';
import {chooseTool} from '../../src/commands/choose-tool.ts';
import type {Options} from '../../src/commands/table.ts';

const lab: Context = {name: 'lab', server: 'https://10.0.0.1:6443', current: true};
const other: Context = {...lab, name: 'other', current: false};
const both = ['kubectl', 'calicoctl'];

/** A folder with programs of those names. */
function pathWith(programs: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), 'path-'));
	for (const program of programs) {
		writeFileSync(join(folder, program), '');
		chmodSync(join(folder, program), 0o755);
	}
	return folder;
}

function choose(
	programs: readonly string[],
	{
		env = {},
		contexts = [],
		options = {},
	}: {env?: Record<string, string>; contexts?: readonly Context[]; options?: Options} = {},
) {
	const home = mkdtempSync(join(tmpdir(), 'home-'));
	return chooseTool(options, {
		env: {PATH: pathWith(programs), HOME: home, ...env},
		readContexts: async () => contexts,
	});
}

describe('without --via', () => {
	test.each([
		[{ETCD_ENDPOINTS: 'http://10.0.0.1:2379'}],
		[{CALICO_ETCD_ENDPOINTS: 'http://10.0.0.1:2379'}],
		[{DATASTORE_TYPE: 'etcdv3'}],
		[{CALICO_DATASTORE_TYPE: 'etcdv3'}],
	])('calicoctl where it is set up for etcd: %j', async env => {
		expect(await choose(both, {env, contexts: [lab]})).toEqual({tool: 'calicoctl', named: false});
	});

	test('kubectl where calicoctl is told of Kubernetes, endpoints or not', async () => {
		const env = {DATASTORE_TYPE: 'kubernetes', ETCD_ENDPOINTS: 'http://10.0.0.1:2379'};
		expect(await choose(both, {env, contexts: [lab]})).toMatchObject({tool: 'kubectl'});
	});

	test('kubectl where it has a current context', async () => {
		expect(await choose(both, {contexts: [other, lab]})).toEqual({
			tool: 'kubectl',
			named: false,
			contexts: [other, lab],
		});
	});

	test('kubectl inside a pod', async () => {
		expect(await choose(['kubectl'], {env: {KUBERNETES_SERVICE_HOST: '10.96.0.1'}})).toMatchObject({tool: 'kubectl'});
	});

	test('kubectl with a context that is named, and calicoctl where there is no kubectl', async () => {
		const options = {context: 'other'};
		expect(await choose(both, {contexts: [other], options})).toMatchObject({tool: 'kubectl', named: true});
		expect(await choose(['calicoctl'], {options})).toMatchObject({tool: 'calicoctl', named: true});
	});

	test('calicoctl where kubectl has no current context and calicoctl is set up', async () => {
		const env = {K8S_API_ENDPOINT: 'https://10.0.0.1:6443'};
		expect(await choose(both, {env, contexts: [other]})).toMatchObject({tool: 'calicoctl'});
	});

	test.each([
		[[], 'there is neither kubectl nor calicoctl on PATH'],
		[['kubectl'], 'kubectl has no current context, and there is no calicoctl on PATH'],
		[['calicoctl'], 'there is no kubectl on PATH, and calicoctl is not configured'],
		[both, 'kubectl has no current context, and calicoctl is not configured'],
	])('nothing with %j, and it says why', async (programs, why) => {
		expect(await choose(programs, {contexts: [other]})).toMatchObject({tool: null, why});
	});
});

describe('what a flag says', () => {
	test.each<[Options, string]>([
		[{via: 'calicoctl'}, 'calicoctl'],
		[{via: 'kubectl'}, 'kubectl'],
		[{'calicoctl-config': '/etc/x'}, 'calicoctl'],
		[{kubeconfig: '/etc/y'}, 'kubectl'],
	])('%j is %s', async (options, tool) => {
		expect(await choose([], {options})).toEqual({tool, named: true});
	});

	test.each<[Options, string]>([
		[{via: 'kubectl', calicoctl: '/bin/x'}, '--calicoctl is not for kubectl.'],
		[{via: 'calicoctl', kubeconfig: '/etc/y'}, '--kubeconfig is not for calicoctl.'],
		[{calicoctl: '/bin/x', kubeconfig: '/etc/y'}, '--kubeconfig is not for calicoctl.'],
	])('%j is refused', async (options, message) => {
		await expect(choose(both, {options})).rejects.toThrow(message);
	});
});
