import {existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, test} from 'vitest';
import {leftovers, PracticeShell, shellEnvironment} from '../support/practice-shell.ts';
import {runProgram, startProgram, until} from '../support/program.ts';
import {keys, TestTerminal} from '../support/terminal.ts';

let shell: PracticeShell | undefined;
afterEach(async () => {
	await shell?.terminal.close();
	shell = undefined;
});

async function open(...given: Parameters<typeof PracticeShell.open>): Promise<PracticeShell> {
	shell = await PracticeShell.open(...given);
	return shell;
}

/** The tutorial's two BGPPeers, as here-documents. */
const peer = (name: string, from: string) => `calicoctl apply -f - <<EOF
kind: BGPPeer
apiVersion: projectcalico.org/v3
metadata:
  name: ${name}
spec:
  nodeSelector: ${from}
  peerSelector: has(calico-route-reflector)
EOF`;

const meshOff = `calicoctl create -f - << EOF
 apiVersion: projectcalico.org/v3
 kind: BGPConfiguration
 metadata:
   name: default
 spec:
   nodeToNodeMeshEnabled: false
   asNumber: 64512
EOF`;

/** The tutorial's two tables; times are its own. */
const firstTable = `
| PEER ADDRESS  |     PEER TYPE     | STATE |  SINCE   |    INFO     |
+---------------+-------------------+-------+----------+-------------+
| 172.31.37.123 | node-to-node mesh | up    | hh:mm:ss | Established |
| 172.31.40.217 | node-to-node mesh | up    | hh:mm:ss | Established |
| 172.31.40.30  | node-to-node mesh | up    | hh:mm:ss | Established |
| 172.31.45.29  | node-to-node mesh | up    | hh:mm:ss | Established |
+---------------+-------------------+-------+----------+-------------+
`;
const lastTable = `Calico process is running.

IPv4 BGP status
+---------------+---------------+-------+----------+-------------+
| PEER ADDRESS  |   PEER TYPE   | STATE |  SINCE   |    INFO     |
+---------------+---------------+-------+----------+-------------+
| 172.31.37.123 | node specific | up    | hh:mm:ss | Established |
| 172.31.40.217 | node specific | up    | hh:mm:ss | Established |
| 172.31.42.47  | node specific | up    | hh:mm:ss | Established |
+---------------+---------------+-------+----------+-------------+

IPv6 BGP status
No IPv6 peers found.
`;
const withoutTimes = (text: string) => text.replaceAll(/\b\d\d:\d\d:\d\d\b/g, 'hh:mm:ss');

test('every command of the tutorial, typed as it stands there, ends with its own last table', async () => {
	const {type} = bound(await open());
	await type(`cd ${mkdtempSync(join(tmpdir(), 'tutorial-'))}`);
	// "On one of the nodes in your cluster where you have calicoctl installed, check the status": the tutorial's is 172.31.42.47.
	await type('ssh 172.31.42.47');
	expect(withoutTimes(await type('sudo calicoctl node status'))).toContain(firstTable);
	await type('exit');
	for (const node of ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47']) {
		await type(`calicoctl get node ${node} -o yaml --export > node.yaml`);
		// The tutorial says "Edit the YAML to add"; sed stands for the editor.
		await type(
			`sed -i -e '/^  labels:/a\\    calico-route-reflector: ""' -e '/^  bgp:/a\\    routeReflectorClusterID: 224.0.0.1' node.yaml`,
		);
		expect(await type('calicoctl apply -f node.yaml')).toContain("Successfully applied 1 'Node' resource(s)");
	}
	expect(await type(peer('peer-to-rrs', '"!has(calico-route-reflector)"'))).toContain("applied 1 'BGPPeer'");
	expect(await type(peer('rrs-to-rrs', 'has(calico-route-reflector)'))).toContain("applied 1 'BGPPeer'");
	expect(await type(meshOff)).toContain("Successfully created 1 'BGPConfiguration' resource(s)");
	// Sessions take their seconds, as on a real cluster.
	await type('lab time +60');
	expect(withoutTimes(await type('sudo calicoctl node status'))).toContain(lastTable);
	shell?.terminal.press(keys.ctrlD);
	expect(await shell?.terminal.exit).toBe(0);
	expect(leftovers(shell?.env ?? {})).toEqual([]);
});

describe('what a shell can do with the tools', () => {
	test('pipes, redirections, here-documents, files and substitutions', async () => {
		const {type} = bound(await open());
		await type(`cd ${mkdtempSync(join(tmpdir(), 'files-'))}`);
		expect(await type('calicoctl get nodes -o yaml | grep -c ipv4Address:')).toMatch(/^5$/m);
		expect(await type('calicoctl get node nosuch > out 2> err; echo "code $?"; cat err')).toMatch(
			/^code 1\n.*resource does not exist: Node\(nosuch\)/m,
		);
		expect(await type('for n in 1 2; do calicoctl get nodes | wc -l; done')).toMatch(/^7\n7$/m);
		expect(await type(`calicoctl apply -f <(calicoctl get node ip-172-31-40-30 -o yaml)`)).toContain(
			'Successfully applied 1',
		);
		expect(await type('calicoctl get nodes -o yaml | calicoctl validate -f /dev/stdin')).toContain('validated 5');
		expect(
			await type('mkdir sub && calicoctl get node ip-172-31-40-30 -o json > sub/n.json && calicoctl apply -f sub'),
		).toContain('Successfully applied 1');
	});

	test('ssh to a node: commands, pipes there, and a shell whose prompt names it', async () => {
		const {type} = bound(await open());
		expect(await type('ssh -o StrictHostKeyChecking=no admin@172.31.40.30 ip route show 172.31.32.0/20')).toContain(
			'src 172.31.40.30',
		);
		expect(await type(`ssh ip-172-31-40-30 "sudo calicoctl node status | grep -c '| up '"`)).toMatch(/^4$/m);
		expect(await type('ssh ip-172-31-40-30')).toContain('practice ip-172-31-40-30 ');
		expect(await type('calicoctl node status')).toContain('Need super user privileges: Operation not permitted');
		const status = await type('sudo calicoctl node status');
		expect(status).toContain('172.31.45.29');
		expect(status).not.toContain('172.31.40.30 ');
		expect(await type('sudo -i')).toMatch(/practice ip-172-31-40-30 \/.*\(root\)[#$] $/);
		expect(await type('calicoctl node status')).toContain('172.31.45.29');
		await type('exit');
		await type('exit 4');
		expect(await type('echo "code $?"')).toContain('code 4');
		expect(await type('ssh nosuch true; echo "code $?"')).toMatch(/Could not resolve hostname nosuch.*\ncode 255/);
	});

	test('what is typed at a program that reads nothing is left for the shell', async () => {
		const {type} = bound(await open());
		const lines = await type(
			'printf "172.31.40.30\\n172.31.42.47\\n" | while read n; do ssh $n ip route | head -1; done',
		);
		expect(lines).toMatch(/src 172\.31\.40\.30 *\n.*src 172\.31\.42\.47/);
	});

	test("time is the learner's to change", async () => {
		const {type} = bound(await open());
		expect(await type('lab time')).toContain('as fast as real time');
		expect(await type('lab time x10')).toContain('10 times as fast');
		expect(await type('lab time x0; echo "code $?"')).toMatch(/lab time takes x1 to x1000(?:.|\n)*code 2/);
		await type('lab time +1d');
		// A session that is older than 20 hours shows its date (BIRD's conf.c).
		expect(await type('sudo calicoctl node status')).toMatch(/\| up {4}\| \d{4}-\d\d-\d\d \|/);
	});

	test('the wizard works on the practice cluster and keeps nothing elsewhere', async () => {
		const env = shellEnvironment();
		const {type} = bound(await open(['--speed', '20'], env));
		const end = await type('calico-rr-wizard apply --yes --no-hold --reflectors ip-172-31-40-30 </dev/null', 120_000);
		expect(end).toContain('After: 4 BGP sessions');
		expect(await type('calicoctl get bgppeers')).toContain('rrs-to-rrs');
		expect(existsSync(env.XDG_STATE_HOME ?? '')).toBe(false);
	});

	test('with a Kubernetes, kubectl works on it', async () => {
		const {type} = bound(await open(['--via', 'kubectl']));
		expect(await type('kubectl get nodes')).toMatch(/ip-172-31-45-29 +Ready/);
		const [, namespace, pod] = /^(\S+) +(calico-node-\w+)/m.exec(await type('kubectl get pods -A')) ?? [];
		expect(
			await type(`kubectl exec -n ${namespace} ${pod} -c calico-node -- birdcl show protocols | grep -c Mesh`),
		).toMatch(/^4$/m);
		expect(await type('echo "show protocols" | kubectl exec -i nosuch -- cat; echo "code $?"')).toContain('code 1');
		expect(await type('calico-rr-wizard status --node ip-172-31-45-29')).toContain('node-to-node mesh');
	});
});

describe('isolation', () => {
	/** Neither settings nor tools of the learner's are found. */
	async function expectNothingReal(type: PracticeShell['type']): Promise<void> {
		expect(await type('env | grep -i real; echo "code $?"')).toMatch(/\ncode 1\n/);
		expect(await type('calicoctl get nodes')).toContain('ip-172-31-45-29');
		expect(await type('kubectl get nodes')).toContain('this practice cluster keeps Calico in etcd');
		expect(await type('ssh ip-172-31-40-30 ip route | head -1')).toContain('src 172.31.40.30');
	}

	test("nothing of a real cluster's settings, and no tool of the learner's, gets in", async () => {
		const env = shellEnvironment({
			KUBECONFIG: '/real/kubeconfig',
			K8S_API_ENDPOINT: 'https://real:6443',
			CALICO_ETCD_ENDPOINTS: 'http://real:2379',
			ETCD_CA_CERT_FILE: '/real/ca',
			KUBERNETES_SERVICE_HOST: '10.0.0.1',
		});
		const own = join(env.HOME ?? '', 'own');
		mkdirSync(own);
		writeFileSync(join(own, 'calicoctl'), '#!/bin/sh\necho real calicoctl\n', {mode: 0o755});
		writeFileSync(
			join(env.HOME ?? '', '.bashrc'),
			`export PATH=${own}:$PATH KUBECONFIG=/real/too K8S_TOKEN=real ETCD_ENDPOINTS=http://real
alias kubectl='echo real alias'
ssh() { echo real function; }
greeting='from my own bashrc'
PROMPT_COMMAND='PS1=mine'
`,
		);
		const {type} = bound(await open([], env));
		expect(await type('echo $greeting')).toContain('\nfrom my own bashrc\n');
		await expectNothingReal(type);
		expect(await type('cat $KUBECONFIG | grep server')).toContain('https://127.0.0.1:1');
		for (const command of [
			'reboot',
			'sudo systemctl stop kubelet',
			'ssh ip-172-31-40-30 sudo /sbin/reboot',
			'docker ps',
		]) {
			expect(await type(`${command}; echo "code $?"`)).toMatch(/the practice cluster has no \w+, (?:.|\n)*code 127/);
		}
	});

	test.skipIf(!existsSync('/bin/zsh'))('nor through the start files of zsh', async () => {
		const env = shellEnvironment({SHELL: '/bin/zsh'});
		const home = env.HOME ?? '';
		mkdirSync(join(home, 'own'));
		writeFileSync(join(home, 'own', 'calicoctl'), '#!/bin/sh\necho real calicoctl\n', {mode: 0o755});
		writeFileSync(join(home, '.zshenv'), 'export KUBECONFIG=/real/early\n');
		writeFileSync(
			join(home, '.zshrc'),
			`path=(~/own $path); export KUBECONFIG=/real/too K8S_TOKEN=real
alias kubectl='echo real alias'
ssh() { echo real function; }
precmd() { PROMPT=mine; }
greeting='from my own zshrc'
`,
		);
		const {type} = bound(await open([], env));
		expect(await type('echo $greeting')).toContain('from my own zshrc\n');
		await expectNothingReal(type);
		expect(await type('ssh ip-172-31-40-30')).toContain('practice ip-172-31-40-30 ');
	});

	test('only the owner can use the socket or look into its folder', async () => {
		const {env} = await open();
		const [name = ''] = readdirSync(env.XDG_RUNTIME_DIR ?? '');
		const folder = join(env.XDG_RUNTIME_DIR ?? '', name);
		const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
		expect([folder, join(folder, 'socket'), join(folder, 'bin'), join(folder, 'kubeconfig')].map(mode)).toEqual([
			'700',
			'600',
			'700',
			'600',
		]);
	});
});

describe('other shells', () => {
	test.each(
		['/bin/sh', '/bin/zsh', '/usr/bin/fish-that-is-not-there'].filter(path => path !== '/bin/zsh' || existsSync(path)),
	)('%s', async path => {
		const {type, terminal} = bound(await open([], shellEnvironment({SHELL: path})));
		expect(await type('calicoctl get nodes | grep -c ip-')).toMatch(/^5$/m);
		expect(await type('ssh ip-172-31-40-30')).toContain('practice ip-172-31-40-30 ');
		await type('exit');
		terminal.press(keys.ctrlD);
		expect(await terminal.exit).toBe(0);
	});
});

describe('practice run', () => {
	test('passes the exit code and the streams on', async () => {
		const env = shellEnvironment();
		const run = (...command: readonly string[]) =>
			runProgram(['practice', 'run', '--', ...command], {env, input: 'typed\n'});
		expect(await run('sh', '-c', 'cat; echo problem >&2; exit 7')).toEqual({
			exitCode: 7,
			stdout: 'typed\n',
			stderr: 'problem\n',
		});
		expect(await run('calicoctl', 'get', 'node', 'nosuch')).toMatchObject({exitCode: 1});
		expect(await run('nosuch')).toMatchObject({
			exitCode: 127,
			stderr: expect.stringContaining('There is no program nosuch.'),
		});
		expect(leftovers(env)).toEqual([]);
	});

	test('SIGTERM ends what runs', async () => {
		const env = shellEnvironment();
		const running = startProgram(['practice', 'run', '--', 'sleep', '1000'], {env});
		await until('sleep runs', () => leftovers(env).some(line => /^\d+ sleep 1000/.test(line)));
		running.signal('SIGTERM');
		expect((await running.finished).exitCode).toBe(143);
		expect(leftovers(env)).toEqual([]);
	});

	test('says what it needs', async () => {
		expect(await runProgram(['practice', 'run'])).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining('needs a command'),
		});
		expect(await runProgram(['practice', 'shell'])).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining('needs a terminal'),
		});
		expect(await runProgram(['practice', 'shel'])).toMatchObject({exitCode: 2});
		expect(await runProgram(['practice', 'run', '--speed', 'jump', '--', 'true'])).toMatchObject({exitCode: 2});
	});
});

describe('a kept cluster', () => {
	const env = shellEnvironment();
	// Whatever fails above, nothing stays behind.
	afterAll(async () => void (await runProgram(['practice', 'stop'], {env})));

	test('outlives its shell, is found again, and is ended by stop', async () => {
		const first = bound(await open(['--keep'], env));
		await first.type('calicoctl label nodes ip-172-31-40-30 kept=yes');
		first.terminal.press(keys.ctrlD);
		expect(await first.terminal.exit).toBe(0);
		expect(leftovers(env)).toHaveLength(2);
		const again = bound(await open([], env));
		expect(await again.type('calicoctl get node ip-172-31-40-30 -o yaml | grep kept')).toContain('kept: "yes"');
		again.terminal.press(keys.ctrlD);
		expect(await again.terminal.exit).toBe(0);
		const refused = await runProgram(['practice', 'run', '--keep', '--seed', '4', '--', 'true'], {env});
		expect(refused).toMatchObject({exitCode: 2, stderr: expect.stringContaining('is kept already')});
		expect(await runProgram(['practice', 'stop'], {env})).toMatchObject({exitCode: 0});
		expect(leftovers(env)).toEqual([]);
		expect(await runProgram(['practice', 'stop'], {env})).toMatchObject({exitCode: 1});
	});
});

describe('a kept lab', () => {
	const env = shellEnvironment({XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'state-'))});
	const start = (...flags: readonly string[]) => open(flags, env, ['lab', 'start', 'isolated-node']);
	afterAll(async () => void (await runProgram(['practice', 'stop'], {env})));

	test('is as it was left when it is started again, and no practice shell finds it', async () => {
		const first = bound(await start('--keep'));
		expect(first.terminal.raw).toContain('calico-rr-wizard practice stop');
		await first.type('calicoctl label nodes ip-172-31-40-30 kept=yes');
		expect(await first.type('lab hint')).not.toContain('third');
		first.terminal.press(keys.ctrlD);
		expect(await first.terminal.exit).toBe(0);
		const other = bound(await open([], env));
		expect(await other.type('calicoctl get nodes -o yaml | grep -c kept; true')).toMatch(/^0$/m);
		other.terminal.press(keys.ctrlD);
		expect(await other.terminal.exit).toBe(0);
		const again = bound(await start());
		expect(await again.type('calicoctl get node ip-172-31-40-30 -o yaml | grep kept')).toContain('kept: "yes"');
		expect(await again.type('lab check; echo "code $?"')).toContain('code 1');
		again.terminal.press(keys.ctrlD);
		expect(await again.terminal.exit).toBe(0);
		expect(await runProgram(['practice', 'stop'], {env})).toMatchObject({exitCode: 0});
		expect(leftovers(env)).toEqual([]);
	});

	test('what cannot be kept is refused with words', async () => {
		expect(await runProgram(['lab', 'run', 'isolated-node', '--keep'], {env})).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining('Only lab start can keep its cluster.'),
		});
		const broken = new TestTerminal(['lab', 'start', 'isolated-node', '--keep', '--speed', 'jump'], {env});
		expect(await broken.exit).toBe(1);
		expect(broken.text()).toMatch(/could not be started\.(?:.|\n)*The time of a lab cannot jump\./);
		expect(leftovers(env)).toEqual([]);
	});
});

/** `type` can be taken apart from its shell. */
function bound(opened: PracticeShell) {
	return {terminal: opened.terminal, env: opened.env, type: opened.type.bind(opened)};
}
