import {describe, expect, it} from 'vitest';
import {type CalicoctlOptions, createCalicoctlCluster} from '../../../src/cluster/calicoctl/cluster.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import type {Exec} from '../../../src/cluster/exec.ts';
import {createPracticeNodeShell} from '../../../src/cluster/node-shell.ts';
import type {Clock} from '../../../src/core/clock.ts';
import type {BgpPeerResource, NodeResource} from '../../../src/core/resources.ts';
import type {Observation} from '../../../src/core/session.ts';
import {createTableExec, never} from '../table-exec.ts';
import {row, transcript} from '../transcripts.ts';

const clock: Clock = {now: () => 1000, sleep: () => Promise.resolve()};
const make = (exec: Exec, options: Partial<CalicoctlOptions> = {}) =>
	createCalicoctlCluster({exec, allowVersionMismatch: false, practice: false, clock, env: {}, ...options});

/** What real calicoctl 3.32.1 answered, by command line. */
const fresh = Object.fromEntries(
	transcript('etcd-v3.32.1/safe-and-back')
		.slice(0, 6)
		.map(({argv, stdout, stderr, exit}) => [argv.join(' '), {stdout, stderr, exitCode: exit}]),
);
const nodesOnly = {'calicoctl get nodes -o json': fresh['calicoctl get nodes -o json'] ?? {}};

async function failure(promise: Promise<unknown>): Promise<ClusterError> {
	const error = await promise.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof ClusterError)) throw new Error(`not a ClusterError: ${error}`);
	return error;
}

async function all(observations: AsyncIterable<Observation>): Promise<Observation[]> {
	const list: Observation[] = [];
	for await (const observation of observations) list.push(observation);
	return list;
}

describe('read', () => {
	it('asks once for each kind and keeps what comes', async () => {
		const {exec, calls} = createTableExec(fresh);
		const cluster = make(exec);
		expect(cluster.identity.guid).toBe('unknown');
		const {snapshot, information} = await cluster.read();
		expect(snapshot.nodes.map(({metadata}) => metadata.name)).toEqual([
			'node-0',
			'node-1',
			'node-2',
			'node-3',
			'node-4',
		]);
		expect(snapshot.ipPools[0]?.spec.cidr).toBe('10.65.0.0/16');
		expect(snapshot).toMatchObject({bgpPeers: [], bgpConfigurations: []});
		expect(information?.spec.calicoVersion).toBe('v3.32.1');
		expect(cluster.identity).toEqual({
			via: 'calicoctl',
			practice: false,
			name: "calicoctl's own configuration",
			guid: '0a1b2c',
		});
		expect(calls).toHaveLength(5);
		expect(new Set(calls.map(({timeout}) => timeout))).toEqual(new Set([15_000]));
	});

	it('asks three kinds at once, no more', async () => {
		let running = 0;
		let most = 0;
		const {exec} = createTableExec(fresh);
		const slow: Exec = async (...call) => {
			most = Math.max(most, ++running);
			await new Promise(resolve => setTimeout(resolve, 5));
			running--;
			return exec(...call);
		};
		await make(slow).read();
		expect(most).toBe(3);
	});

	it('does without ClusterInformation', async () => {
		const missing = {
			stdout: 'null',
			stderr: 'resource does not exist: ClusterInformation(default) with error: <nil>\n',
			exitCode: 1,
		};
		const {exec} = createTableExec({...fresh, 'calicoctl get clusterinformation default -o json': missing});
		const cluster = make(exec);
		expect((await cluster.read()).information).toBeUndefined();
		expect(cluster.identity.guid).toBe('unknown');
	});

	it('stops the other questions with the first failure', async () => {
		const {stdout, stderr} = row('etcd-v3.33-against-v3.32/version-mismatch', 2);
		const {exec, calls} = createTableExec({
			...Object.fromEntries(Object.keys(fresh).map(key => [key, never])),
			'calicoctl get nodes -o json': {stdout, stderr, exitCode: 1},
		});
		const error = await failure(make(exec).read());
		expect(error.kind).toBe('version-mismatch');
		expect(error.detail.next.join()).toContain('--allow-version-mismatch');
		expect(calls.length).toBeLessThanOrEqual(5);
	});

	it('passes on what the user gave, and only then', async () => {
		const options = ' --config=/etc/c.cfg --context=lab --allow-version-mismatch';
		const {exec, calls} = createTableExec(
			Object.fromEntries(Object.entries(fresh).map(([line, answer]) => [line + options, answer])),
		);
		const cluster = make(exec, {configFile: '/etc/c.cfg', context: 'lab', allowVersionMismatch: true});
		await cluster.read();
		expect(calls).toHaveLength(5);
		expect(cluster.identity.name).toBe('configuration /etc/c.cfg, context lab');
	});

	it.each([
		['no JSON', '<html>'],
		['another shape', '{"kind":"NodeList","items":[{"kind":"Node"}]}'],
	])('does not take %s for an answer', async (_, stdout) => {
		const {exec} = createTableExec({...fresh, 'calicoctl get nodes -o json': {stdout}});
		const error = await failure(make(exec).read());
		expect(error.kind).toBe('unreadable-answer');
		expect(error.detail.words).toBe(stdout);
	});

	it('can be stopped', async () => {
		const {exec} = createTableExec(Object.fromEntries(Object.keys(fresh).map(key => [key, never])));
		const abort = new AbortController();
		const error = failure(make(exec).read(abort.signal));
		abort.abort();
		expect((await error).kind).toBe('aborted');
	});
});

describe('identity', () => {
	it.each([
		[{KUBECONFIG: '/k'}, 'kubeconfig /k'],
		[
			{ETCD_ENDPOINTS: 'https://root:secret@etcd-1:2379,https://etcd-2:2379', KUBECONFIG: '/k'},
			'etcd at https://etcd-1:2379,https://etcd-2:2379',
		],
		[{CALICO_K8S_CURRENT_CONTEXT: 'lab'}, 'context lab'],
		[{}, "calicoctl's own configuration"],
	])('says how calicoctl finds the cluster: %j', (env, name) => {
		expect(make(createTableExec({}).exec, {env}).identity.name).toBe(name);
	});
});

describe('readResource', () => {
	const line = 'calicoctl get bgpconfig default -o json';

	it('understands that there is none', async () => {
		const {stdout, stderr, exit} = row('etcd-v3.32.1/errors', 3);
		const {exec} = createTableExec({[line]: {stdout, stderr, exitCode: exit}});
		expect(await make(exec).readResource('BGPConfiguration', 'default')).toBeUndefined();
	});

	it('does not take another failure for absence', async () => {
		const stderr = 'connection is unauthorized: bgpconfigurations "default" is forbidden: User "u" cannot get resource';
		const {exec} = createTableExec({[line]: {stdout: 'null', stderr, exitCode: 1}});
		expect((await failure(make(exec).readResource('BGPConfiguration', 'default'))).kind).toBe('forbidden');
	});

	it('reads one resource, warnings on stderr or not', async () => {
		const resource = {
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPConfiguration',
			metadata: {name: 'default'},
			spec: {},
		};
		const stderr = 'I1123 16:34:11.634315    6039 warnings.go:107] "Warning: unknown field \\"status\\""\n';
		const {exec} = createTableExec({[line]: {stdout: JSON.stringify(resource), stderr}});
		expect(await make(exec).readResource('BGPConfiguration', 'default')).toEqual(resource);
	});
});

describe('write', () => {
	const peer: BgpPeerResource = {
		apiVersion: 'projectcalico.org/v3',
		kind: 'BGPPeer',
		metadata: {name: 'rrs-to-rrs'},
		spec: {nodeSelector: 'has(calico-route-reflector)', peerSelector: 'has(calico-route-reflector)'},
	};
	const create = {verb: 'create', kind: 'BGPPeer', name: 'rrs-to-rrs', after: peer} as const;

	it('runs exactly the command it shows', async () => {
		const {exec, calls} = createTableExec({
			'calicoctl create -f -': {stdout: "Successfully created 1 'BGPPeer' resource(s)\n"},
		});
		const cluster = make(exec);
		await cluster.write(create);
		const {file, args, input} = cluster.commandFor(create);
		expect(calls).toEqual([{argv: [file, ...args], input, timeout: 30_000}]);
	});

	it('tells a refused write from one whose outcome nobody knows', async () => {
		const {stdout, stderr} = row('etcd-v3.32.1/errors', 12);
		const refused = createTableExec({'calicoctl create -f -': {stdout, stderr, exitCode: 1}});
		expect(await failure(make(refused.exec).write(create))).toMatchObject({kind: 'exists', detail: {settled: true}});
		const silent = createTableExec({'calicoctl create -f -': never});
		const error = await failure(make(silent.exec, {timeouts: {write: 20}}).write(create));
		expect(error).toMatchObject({kind: 'timeout', detail: {settled: false, exitCode: null}});
	});

	it('says that calicoctl is not there', async () => {
		const {exec} = createTableExec({'/opt/c create -f -': {failure: 'not-found'}});
		const error = await failure(make(exec, {binary: '/opt/c'}).write(create));
		expect(error).toMatchObject({kind: 'tool-not-found', message: '/opt/c is not there.', detail: {settled: true}});
	});

	it('never deletes a Node', async () => {
		const before: NodeResource = {apiVersion: 'projectcalico.org/v3', kind: 'Node', metadata: {name: 'a'}, spec: {}};
		const {exec, calls} = createTableExec({});
		expect((await failure(make(exec).write({verb: 'delete', kind: 'Node', name: 'a', before}))).kind).toBe('invalid');
		expect(calls).toEqual([]);
	});
});

describe('observe, with a node shell', () => {
	const bird = (node: string) => `node-exec ${node} birdcl -s /var/run/calico/bird.ctl show protocols`;
	const bird6 = (node: string) => `node-exec ${node} birdcl6 -s /var/run/calico/bird6.ctl show protocols`;
	const protocols = {stdout: row('etcd-v3.32.1/safe-and-back', 9).stdout};
	const head = 'BIRD v0.3.3+birdv1.6.8 ready.\nname     proto    table    state  since       info\n';
	const routes = {stdout: row('etcd-v3.32.1/half-states', 19).stdout};
	const withShell = (table: Parameters<typeof createTableExec>[0], options: Partial<CalicoctlOptions> = {}) => {
		const {exec, calls} = createTableExec({...nodesOnly, ...table});
		return {cluster: make(exec, {nodeShell: createPracticeNodeShell(exec), ...options}), calls};
	};

	it('asks BIRD of each node, and the kernel only where routes are asked for', async () => {
		const {cluster, calls} = withShell({
			[bird('node-0')]: protocols,
			'node-exec node-0 ip route show proto bird': routes,
		});
		expect(await all(cluster.observe(['node-0'], {routes: false}))).toMatchObject([
			{node: 'node-0', at: 1000, sessions: {known: true, value: [{address: '172.31.40.2'}, {}, {}, {}]}},
		]);
		expect(calls.map(({argv}) => argv[0])).toEqual(['calicoctl', 'node-exec']);
		expect(calls[1]?.timeout).toBe(5000);
		const [seen] = await all(cluster.observe(['node-0'], {routes: true}));
		expect(seen?.routes).toMatchObject({known: true, value: [{destination: '10.65.0.0/26'}, {blackhole: true}]});
		// The node list is known by now.
		expect(calls).toHaveLength(4);
	});

	it('asks IPv6 of a node that has an IPv6 BGP address', async () => {
		const {stdout} = row('etcd-v3.32.1/safe-and-back', 2);
		const dual = stdout.replace(
			'"ipv4Address": "172.31.40.1/16"',
			'"ipv4Address": "172.31.40.1/16", "ipv6Address": "fd00::1/64"',
		);
		const {cluster} = withShell({
			'calicoctl get nodes -o json': {stdout: dual},
			[bird('node-0')]: protocols,
			[bird6('node-0')]: {stdout: `${head}Mesh_fd00__2 BGP      master   up     16:36:14    Established   \n`},
			'node-exec node-0 ip route show proto bird': routes,
			'node-exec node-0 ip -6 route show proto bird': {},
		});
		const [seen] = await all(cluster.observe(['node-0'], {routes: true}));
		expect(seen?.sessions.known && seen.sessions.value.map(({address}) => address).at(-1)).toBe('fd00::2');
		expect(seen?.routes?.known && seen.routes.value).toHaveLength(2);
	});

	it('gives each node as soon as it answered, and says why one did not', async () => {
		const {cluster} = withShell(
			{
				[bird('node-0')]: never,
				[bird('node-1')]: {
					exitCode: 1,
					stderr: 'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory\n',
				},
				[bird('node-2')]: {failure: 'not-found', stderr: 'spawn node-exec ENOENT'},
				[bird('node-3')]: {stdout: `${head}Mesh_172_31_4`},
				[bird('node-4')]: protocols,
			},
			{timeouts: {observe: 100}},
		);
		const seen = await all(
			cluster.observe(['node-0', 'node-1', 'node-2', 'node-3', 'node-4', 'gone'], {routes: false}),
		);
		expect(seen.at(-1)?.node).toBe('node-0');
		const reasons = Object.fromEntries(seen.map(({node, sessions}) => [node, sessions.known ? '' : sessions.reason]));
		expect(reasons).toEqual({
			'node-0': 'the node did not answer in time',
			'node-1': 'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory',
			'node-2': 'the node shell cannot be run: spawn node-exec ENOENT',
			'node-3': 'the answer could not be read: line 3: the output is cut off after "Mesh_172_31_4"',
			'node-4': '',
			gone: 'there is no such node',
		});
	});

	it('asks a silent node last the next time, and only so many at once', async () => {
		const names = ['node-0', 'node-1', 'node-2', 'node-3', 'node-4'];
		const {cluster, calls} = withShell(
			{...Object.fromEntries(names.map(name => [bird(name), protocols])), [bird('node-0')]: never},
			{timeouts: {observe: 30}, observeLimit: 1},
		);
		await all(cluster.observe(names, {routes: false}));
		await all(cluster.observe(names, {routes: false}));
		expect(calls.slice(1).map(({argv}) => argv[1])).toEqual([...names, ...names.slice(1), 'node-0']);
	});

	it('stops when it is told to, and when nobody listens any more', async () => {
		const {cluster} = withShell({[bird('node-0')]: never, [bird('node-1')]: protocols});
		const abort = new AbortController();
		const seen: string[] = [];
		for await (const {node} of cluster.observe(['node-0', 'node-1'], {routes: false, signal: abort.signal})) {
			seen.push(node);
			abort.abort();
		}
		for await (const {node} of cluster.observe(['node-0', 'node-1'], {routes: false})) {
			seen.push(node);
			break;
		}
		expect(seen).toEqual(['node-1', 'node-1']);
	});

	it('says that it sees all nodes', async () => {
		const {cluster} = withShell({});
		expect(await cluster.visibility({nodes: [], bgpPeers: [], bgpConfigurations: [], ipPools: []})).toEqual({
			nodes: 'all',
			source: 'BIRD on the nodes, through "node-exec {node} {command}"',
		});
	});
});

describe('observe, without a node shell', () => {
	const machine = () => ({hostname: 'somewhere', addresses: ['172.31.40.5']});
	const status = {stdout: row('etcd-v3.32.1/tutorial', 2).stdout};

	it('shows the node it runs on, and says why no other', async () => {
		const {exec} = createTableExec({...nodesOnly, 'calicoctl node status': status});
		const seen = await all(make(exec, {machine}).observe(['node-3', 'node-4'], {routes: false}));
		expect(seen).toMatchObject([
			{node: 'node-3', sessions: {known: false, reason: expect.stringContaining('not visible from here')}},
			{node: 'node-4', sessions: {known: true, value: [{address: '172.31.40.1', info: 'Established'}, {}, {}, {}]}},
		]);
	});

	it("reads this machine's own routes", async () => {
		const routes = {stdout: row('etcd-v3.32.1/half-states', 19).stdout};
		const {exec} = createTableExec({...nodesOnly, 'calicoctl node status': status, 'ip route show proto bird': routes});
		const [seen] = await all(make(exec, {localNodeName: 'node-1'}).observe(['node-1'], {routes: true}));
		expect(seen?.routes?.known && seen.routes.value).toHaveLength(2);
	});

	it.each([
		[
			{stdout: 'Need super user privileges: Operation not permitted\n', exitCode: 1},
			'"calicoctl node status" needs root',
		],
		[{stderr: 'Calico process is not running.\n', exitCode: 1}, 'Calico process is not running.'],
		[
			{stdout: 'Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n\n'},
			'The BGP backend process (BIRD) is not running.',
		],
		[
			{
				stdout:
					"Calico process is running.\n\nINFO: BIRDv4 process: 'bird' is not running.\n\nIPv6 BGP status\nNo IPv6 peers found.\n\n",
			},
			"INFO: BIRDv4 process: 'bird' is not running.",
		],
	])('says why it cannot: %j', async (answer, reason) => {
		const {exec} = createTableExec({...nodesOnly, 'calicoctl node status': answer});
		const [seen] = await all(make(exec, {machine}).observe(['node-4'], {routes: false}));
		expect(seen?.sessions).toEqual({known: false, reason});
	});

	it('does not need IPv6 of a node that has none', async () => {
		const stdout = status.stdout.replace(
			'IPv6 BGP status\nNo IPv6 peers found.',
			"INFO: BIRDv6 process: 'bird6' is not running.",
		);
		const {exec} = createTableExec({...nodesOnly, 'calicoctl node status': {stdout}});
		const [seen] = await all(make(exec, {machine}).observe(['node-4'], {routes: false}));
		expect(seen?.sessions).toMatchObject({known: true});
	});

	it('says which nodes it sees', async () => {
		const {exec} = createTableExec(fresh);
		const {snapshot} = await make(exec).read();
		expect(await make(exec, {machine}).visibility(snapshot)).toEqual({
			nodes: ['node-4'],
			source: '"calicoctl node status" on this machine',
			reason: "Without --node-shell only this machine's own node, node-4, is visible.",
		});
		const elsewhere = {machine: () => ({hostname: 'laptop', addresses: []})};
		expect(await make(exec, elsewhere).visibility(snapshot)).toMatchObject({
			nodes: [],
			reason: expect.stringContaining("none of the cluster's nodes"),
		});
	});
});
