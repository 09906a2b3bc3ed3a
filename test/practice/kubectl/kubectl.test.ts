import {describe, expect, test} from 'vitest';
import {startKubectlPractice} from '../../support/practice-kubectl.ts';

const {kubectl, clock} = startKubectlPractice('kubernetes-v1', {
	nodes: ['a', 'b'].map((name, index) => ({name, ipv4Address: `10.0.0.${index + 1}/24`, labels: {zone: `z${index}`}})),
});

describe('what the practice cluster does not know fails loudly', () => {
	test.each([
		'get services',
		'get deployments.apps -A',
		'get nodes --watch',
		'get nodes -o go-template={{.}}',
		'get nodes --sort-by=.metadata.name',
		'get --raw /metrics',
		'describe node a',
		'drain a',
		'logs x',
		'top nodes',
		'delete node a',
		'create namespace x',
		'api-resources',
		'get globalnetworkpolicies.crd.projectcalico.org',
		'auth can-i --list',
		'config use-context x',
	])('kubectl %s', async words => {
		const {exitCode, stdout, stderr} = await kubectl(words);
		expect({exitCode, stdout}).toEqual({exitCode: 70, stdout: ''});
		expect(stderr).toMatch(/^the practice cluster does not know .+\n$/);
	});
});

// Each of these is what kubectl 1.32.4 itself printed when it was asked the same.
describe('kubectl’s own refusals', () => {
	test.each([
		['frob', 'Error: unknown command "frob" for "kubectl"'],
		['get frobs', 'error: the server doesn\'t have a resource type "frobs"'],
		['get bgppeers.projectcalico.org', 'error: the server doesn\'t have a resource type "bgppeers"'],
		['patch node a', 'error: must specify --patch or --patch-file containing the contents of the patch'],
		['exec a', 'error: you must specify at least one command for the container'],
		[
			'exec a b c',
			"error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples",
		],
		['delete bgppeers.crd.projectcalico.org', 'error: resource(s) were provided, but no name was specified'],
		[
			'auth can-i patch',
			"error: you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
		],
	])('kubectl %s', async (words, text) => {
		expect(await kubectl(words)).toEqual({stdout: '', stderr: `${text}\n`, exitCode: 1});
	});
});

describe('ways to print', () => {
	test.each([
		['get nodes -o name', 'node/a\nnode/b\n'],
		['get no a -o name', 'node/a\n'],
		['get nodes -l zone=z1 -o name', 'node/b\n'],
		['get nodes -l zone!=z1 -o name', 'node/a\n'],
		['get nodes -o jsonpath={.items[*].metadata.name}', 'a b'],
		['get node a -o jsonpath={.metadata.annotations.projectcalico\\.org/IPv4Address}', '10.0.0.1/24'],
		['get node a -o jsonpath={.status.conditions[?(@.type=="Ready")].status}', 'True'],
		[
			'get nodes -o custom-columns=NAME:.metadata.name,ZONE:.metadata.labels.zone,NONE:.spec.nothing',
			'NAME   ZONE   NONE\na      z0     <none>\nb      z1     <none>\n',
		],
		['get nodes --no-headers -o custom-columns=NAME:.metadata.name', 'a\nb\n'],
		['get node missing -o json --ignore-not-found', ''],
		['get caliconodestatuses.crd.projectcalico.org x y -o json --ignore-not-found', ''],
		['config current-context', 'practice\n'],
		['config get-contexts -o name', 'practice\n'],
	])('kubectl %s', async (words, stdout) => {
		expect(await kubectl(words)).toEqual({stdout, stderr: '', exitCode: 0});
	});

	test('a table', async () => {
		await clock.advance(90_000);
		expect((await kubectl('get nodes')).stdout).toBe(
			'NAME   STATUS   ROLES    AGE   VERSION\na      Ready    <none>   90s   v1.32.10\nb      Ready    <none>   90s   v1.32.10\n',
		);
	});
});

describe('exec', () => {
	const podOf = async (node: string): Promise<string> => {
		const {stdout} = await kubectl(`get pods -n calico-system --field-selector spec.nodeName=${node} -o name`);
		return stdout.trim().replace('pod/', '');
	};

	test('runs in the pod’s node', async () => {
		const pod = await podOf('b');
		const {stdout, exitCode} = await kubectl(
			`exec -n calico-system ${pod} -c calico-node -- birdcl -s /var/run/calico/bird.ctl show protocols`,
		);
		expect(stdout).toContain('Mesh_10_0_0_1');
		expect(exitCode).toBe(0);
	});

	test('ends as the command ended', async () => {
		const pod = await podOf('a');
		expect(await kubectl(`exec -n calico-system ${pod} -- ip frob`)).toEqual({
			stdout: '',
			stderr: 'Object "frob" is unknown, try "ip help".\ncommand terminated with exit code 1\n',
			exitCode: 1,
		});
	});

	test('of a pod that is not there', async () => {
		expect(await kubectl('exec -n calico-system nope -- ip')).toEqual({
			stdout: '',
			stderr: 'Error from server (NotFound): pods "nope" not found\n',
			exitCode: 1,
		});
	});
});
