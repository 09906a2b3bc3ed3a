import {describe, expect, test} from 'vitest';
import {adminRules, readerRules, type User, withoutExecRules} from '../../../src/practice/kubernetes/rbac.ts';
import {apiShapes, startKubectlPractice} from '../../support/practice-kubectl.ts';

const users: readonly User[] = [
	{name: 'kubernetes-admin', rules: adminRules},
	{name: 'viewer', rules: []},
	{name: 'reader', rules: readerRules},
	{name: 'no-exec', rules: withoutExecRules},
	{name: 'late', rules: adminRules, expired: true},
];
const contexts = users.map(({name}) => ({name, cluster: 'practice', user: name}));
const unreachable = {name: 'away', cluster: 'away', user: 'kubernetes-admin', server: 'https://127.0.0.1:1'};
const kubernetes = {users, kubeconfig: {contexts: [...contexts, unreachable], current: 'kubernetes-admin'}};

describe.each(apiShapes)('users with fewer rights, %s', shape => {
	const {kubectl, calicoctl, group, version} = startKubectlPractice(shape, {kubernetes});
	const peer = `kind: BGPPeer\napiVersion: ${version}\nmetadata: {name: p}\nspec: {nodeSelector: all()}\n`;
	const pod = async (): Promise<string> => {
		const words = 'get pods -n calico-system -l k8s-app=calico-node -o jsonpath={.items[0].metadata.name}';
		return (await kubectl(words)).stdout;
	};

	test('a viewer without rights is told what is missing', async () => {
		expect(await kubectl(`--context viewer get nodes,bgppeers.${group} -o json`)).toMatchObject({
			exitCode: 1,
			stderr:
				'Error from server (Forbidden): nodes is forbidden: User "viewer" cannot list resource "nodes" in API group "" at the cluster scope\n' +
				`Error from server (Forbidden): bgppeers.${group} is forbidden: User "viewer" cannot list resource "bgppeers" in API group "${group}" at the cluster scope\n`,
		});
	});

	test('a reader may not write, and nothing is written', async () => {
		const {stderr} = await kubectl('--context reader create -f -', peer);
		expect(stderr).toBe(
			`Error from server (Forbidden): error when creating "STDIN": bgppeers.${group} is forbidden: User "reader" cannot create resource "bgppeers" in API group "${group}" at the cluster scope\n`,
		);
		expect((await kubectl(`get bgppeers.${group} -o name`)).stdout).toBe('');
	});

	test('a dry run finds out what is forbidden', async () => {
		expect(await kubectl('--context reader create -f - --dry-run=server', peer)).toMatchObject({exitCode: 1});
		expect(await kubectl('create -f - --dry-run=server', peer)).toMatchObject({exitCode: 0});
	});

	test.each(['reader', 'no-exec'])('%s may not run commands in pods', async user => {
		const name = await pod();
		const {stderr, exitCode} = await kubectl(
			`--context ${user} exec -n calico-system ${name} -c calico-node -- birdcl`,
		);
		expect(stderr).toBe(
			`Error from server (Forbidden): pods "${name}" is forbidden: User "${user}" cannot create resource "pods/exec" in API group "" in the namespace "calico-system"\n`,
		);
		expect(exitCode).toBe(1);
	});

	test('auth can-i answers by exit code and word', async () => {
		const ask = (user: string, words: string) => kubectl(`--context ${user} auth can-i ${words}`);
		expect(await ask('no-exec', 'create pods --subresource=exec -n calico-system')).toEqual({
			stdout: 'no\n',
			stderr: '',
			exitCode: 1,
		});
		expect(await ask('no-exec', `create bgppeers.${group}`)).toEqual({
			stdout: 'yes\n',
			stderr: `Warning: resource 'bgppeers' is not namespace scoped in group '${group}'\n\n`,
			exitCode: 0,
		});
	});

	test('many questions in one call', async () => {
		const review = (verb: string, resource: string): string =>
			`apiVersion: authorization.k8s.io/v1\nkind: SelfSubjectAccessReview\nspec:\n  resourceAttributes: {verb: ${verb}, resource: ${resource}}\n`;
		const input = `${review('patch', 'nodes')}---\n${review('get', 'nodes')}`;
		const {stdout} = await kubectl('--context reader create -f - -o jsonpath={.status.allowed},', input);
		expect(stdout).toBe('false,true,');
	});

	test('calicoctl is refused like its user', async () => {
		const {stderr, exitCode} = await calicoctl('get nodes --context viewer');
		expect(stderr).toContain(
			'unable to get Cluster Information to verify version mismatch: connection is unauthorized: ',
		);
		expect(stderr).toContain('User "viewer" cannot get resource "clusterinformations"');
		expect(exitCode).toBe(1);
	});

	test('expired credentials', async () => {
		const {stderr, exitCode} = await kubectl('--context late get nodes');
		expect(stderr).toMatch(/^E1123 .*the server has asked for the client to provide credentials/);
		expect(stderr).toMatch(
			/\nerror: You must be logged in to the server \(the server has asked for the client to provide credentials\)\n$/,
		);
		expect(exitCode).toBe(1);
	});

	test('no API server listens', async () => {
		const last = 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n';
		expect((await kubectl('--context away get --raw /apis')).stderr).toBe(last);
		expect((await kubectl('--context away delete bgppeers p')).stderr.endsWith(last)).toBe(true);
		expect((await calicoctl('get nodes --context=away')).stderr).toContain(
			'dial tcp 127.0.0.1:1: connect: connection refused',
		);
	});

	test('what the kubeconfig does not know', async () => {
		expect(await kubectl('--context nope get nodes')).toEqual({
			stdout: '',
			stderr: 'Error in configuration: context was not found for specified context: nope\n',
			exitCode: 1,
		});
		expect(await kubectl('--kubeconfig nofile get nodes')).toMatchObject({
			stderr: 'error: stat nofile: no such file or directory\n',
		});
	});

	test('someone else’s rights', async () => {
		const question = 'auth can-i get secrets/bgp -n calico-system --as=system:serviceaccount:calico-system:calico-node';
		expect(await kubectl(question)).toMatchObject({stdout: 'no\n', exitCode: 1});
		expect((await kubectl(`--context reader ${question}`)).stderr).toContain(
			'cannot impersonate resource "serviceaccounts"',
		);
	});
});
