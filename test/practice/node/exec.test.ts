import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {answerAtOnce} from '../../../src/practice/node/exec.ts';
import {
	createFiveNodes,
	type FiveNodes,
	nodeNames,
	peerTo,
	reflectorPeers,
	reflectors,
	snapshotOf,
} from '../bgp/network-of-five.ts';

type Row = {readonly at: number; readonly argv: readonly string[]; readonly stdout: string};

/** What a node printed on real Calico, by the number of the row in a transcript. */
function transcript(name: string): readonly Row[] {
	const path = new URL(`../../transcripts/etcd-v3.32.1/${name}.jsonl`, import.meta.url);
	return readFileSync(path, 'utf8')
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line) as Row);
}

function masked(text: string): string {
	return text.replaceAll(/\b\d\d:\d\d:\d\d\b/g, 'HH:MM:SS');
}

function run(network: FiveNodes, node: string, command: string) {
	return answerAtOnce(network, node, command.split(' '));
}

function mesh(): FiveNodes {
	const network = createFiveNodes();
	network.configure(snapshotOf({}), network.now);
	return network;
}

/** The half states of the transcript: a label first, then the BGPPeer, then a cluster ID on another node. */
function halfStates(until: number): FiveNodes {
	const network = mesh();
	const start = network.now + 1000;
	const label = {'node-0': {label: true}};
	const bgpPeers = reflectorPeers.slice(0, 1);
	const steps = [
		[0.07, snapshotOf({nodes: label})],
		[0.18, snapshotOf({nodes: label, bgpPeers})],
		[8.3, snapshotOf({nodes: {...label, 'node-1': {clusterId: '224.0.0.1'}}, bgpPeers})],
	] as const;
	for (const [at, snapshot] of steps) {
		if (at >= until) break;
		network.now = start + at * 1000;
		network.configure(snapshot, network.now);
	}
	network.now = start + until * 1000;
	return network;
}

describe('as real Calico printed it', () => {
	const rows = transcript('half-states').filter(({argv}) => argv[0] === 'node-exec');

	test.each(rows.map(row => [`${row.at} ${row.argv.slice(1).join(' ')}`, row] as const))(
		'%s',
		(_, {at, argv, stdout}) => {
			const [, node = '', ...command] = argv;
			const result = answerAtOnce(halfStates(at), node, command);
			expect(result).toMatchObject({exitCode: 0, stderr: ''});
			expect(masked(result.stdout)).toBe(masked(stdout));
		},
	);
	test('all of them are looked at', () => expect(rows).toHaveLength(21));
});

describe('birdcl', () => {
	/** Three reflectors and no mesh, a minute later. */
	function reflected(): FiveNodes {
		const network = mesh();
		network.now += 1000;
		const nodes = reflectors(['node-0', 'node-1', 'node-2']);
		network.configure(snapshotOf({nodes, mesh: false, bgpPeers: reflectorPeers}), network.now);
		network.now += 60_000;
		return network;
	}

	test('show protocols all of a session that is up', () => {
		const {stdout} = run(reflected(), 'node-0', 'birdcl show protocols all Node_172_31_40_5');
		const lines = masked(stdout)
			.replaceAll(/\d+\/(240|80)/g, 'N/$1')
			.split('\n');
		expect(lines).toEqual([
			'BIRD v0.3.3+birdv1.6.8 ready.',
			'name     proto    table    state  since       info',
			'Node_172_31_40_5 BGP      master   up     HH:MM:SS    Established   ',
			'  Description:    Connection to BGP peer',
			'  Preference:     100',
			'  Input filter:   (unnamed)',
			'  Output filter:  (unnamed)',
			'  Routes:         1 imported, 4 exported, 1 preferred',
			'  Route change stats:     received   rejected   filtered    ignored   accepted',
			'    Import updates:              1          0          0          0          1',
			'    Import withdraws:            0          0        ---          0          0',
			'    Export updates:              4          0          0        ---          4',
			'    Export withdraws:            0        ---        ---        ---          0',
			'  BGP state:          Established',
			'    Neighbor address: 172.31.40.5',
			'    Neighbor AS:      64512',
			'    Neighbor ID:      172.31.40.5',
			'    Neighbor caps:    refresh enhanced-refresh restart-able llgr-aware AS4 add-path-rx add-path-tx',
			'    Session:          internal multihop route-reflector AS4 add-path-rx add-path-tx',
			'    Source address:   172.31.40.1',
			'    Hold timer:       N/240',
			'    Keepalive timer:  N/80',
			'',
			'',
		]);
	});

	test('the numbers of routes, seen from a client and between reflectors, are those of real BIRD', () => {
		const routes = (node: string, protocol: string): string | undefined =>
			/Routes: +(.*)/.exec(run(reflected(), node, `birdcl show protocols all ${protocol}`).stdout)?.[1];
		expect(routes('node-3', 'Node_172_31_40_1')).toMatch(/^4 imported, 1 exported, [12] preferred$/);
		expect(routes('node-0', 'Node_172_31_40_2')).toBe('3 imported, 3 exported, 1 preferred');
		expect(routes('node-3', 'static1')).toBe('1 imported, 0 exported, 1 preferred');
		expect(routes('node-3', 'kernel1')).toBe('0 imported, 5 exported, 0 preferred');
	});

	test('show route for: the best path marked, the others behind it, with who sent them', () => {
		const {stdout} = run(reflected(), 'node-3', 'birdcl show route for 10.65.1.7 all');
		const lines = masked(stdout).trimEnd().split('\n').slice(1);
		expect(lines.slice(0, 7)).toEqual([
			'10.65.1.0/26       via 172.31.40.5 on eth0 [Node_172_31_40_1 HH:MM:SS from 172.31.40.1] * (100/0) [i]',
			'\tType: BGP unicast univ',
			'\tBGP.origin: IGP',
			'\tBGP.as_path: ',
			'\tBGP.next_hop: 172.31.40.5',
			'\tBGP.local_pref: 2147482623',
			'\tBGP.originator_id: 172.31.40.5',
		]);
		expect(lines[7]).toBe('\tBGP.cluster_list: 224.0.0.1');
		expect(lines[8]).toMatch(
			/^ {19}via 172\.31\.40\.5 on eth0 \[Node_172_31_40_[23] HH:MM:SS from 172\.31\.40\.[23]\] \(100\/0\) \[i\]$/,
		);
		expect(lines).toHaveLength(24);
	});

	test("show route walks BIRD's hash table, and knows protocol, primary and count", () => {
		const network = reflected();
		const destinations = (command: string): readonly string[] =>
			run(network, 'node-3', command)
				.stdout.split('\n')
				.slice(1, -1)
				.flatMap(line => line.slice(0, 18).trim() || []);
		expect(destinations('birdcl show route')).toEqual([
			'10.65.0.64/26',
			'10.65.0.0/26',
			'10.65.0.192/26',
			'10.65.0.192/32',
			'10.65.0.128/26',
			'10.65.1.0/26',
			'172.31.0.0/16',
		]);
		expect(destinations('birdcl show route protocol Node_172_31_40_2')).toHaveLength(4);
		expect(run(network, 'node-3', 'birdcl show route primary').stdout.match(/\] \*/g)).toHaveLength(7);
		expect(run(network, 'node-3', 'birdcl show route count').stdout).toContain('15 of 15 routes for 7 networks\n');
		expect(run(network, 'node-3', 'birdcl show route 10.65.0.64/26').stdout).toContain('[Node_172_31_40_2 ');
	});

	test('a session in a graceful restart, and one that waits after an error', () => {
		const network = mesh();
		network.killBird('node-4', network.now);
		network.now += 500;
		const dead = run(network, 'node-0', 'birdcl show protocols all Mesh_172_31_40_5').stdout;
		expect(dead).toContain('    Neighbor graceful restart active\n    Restart timer:    120/-\n');
		expect(dead).toContain('    Last error:       Socket: Connection closed\n');
		network.configure(snapshotOf({nodes: {'node-3': {as: 64_999}}}), network.now);
		network.now += 3500;
		const mismatch = run(network, 'node-3', 'birdcl show protocols all Mesh_172_31_40_1').stdout;
		expect(mismatch).toMatch(/ {4}Error wait: {7}[1-5]\/5\n {4}Last error: {7}(BGP Error|Received): Bad peer AS\n/);
	});

	test('show status', () => {
		const {stdout} = run(mesh(), 'node-2', 'birdcl show status');
		expect(stdout.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'DATE')).toBe(
			[
				'BIRD v0.3.3+birdv1.6.8 ready.',
				'BIRD v0.3.3+birdv1.6.8',
				'Router ID is 172.31.40.3',
				'Current server time is DATE',
				'Last reboot on DATE',
				'Last reconfiguration on DATE',
				'Daemon is up and running\n',
			].join('\n'),
		);
	});

	test('times older than 20 hours are dates', () => {
		const network = mesh();
		network.now += 21 * 3600 * 1000;
		expect(run(network, 'node-0', 'birdcl show protocols Mesh_172_31_40_2').stdout).toMatch(
			/Mesh_172_31_40_2 BGP {6}master {3}up {5}2026-11-2[234] {2}Established {3}\n/,
		);
	});

	test.each([
		['show protocols nope', 'nope is not a protocol'],
		['show protocols all nope', 'nope is not a protocol'],
		['show protocols a b', 'syntax error'],
		['show route for nowhere', 'IP address expected'],
		['show route nowhere', 'IP address expected'],
		['show route 10.65.0.64', 'syntax error'],
		['show route for 1.2.3.4', 'Network not in table'],
		['show route protocol nope', 'nope is not a protocol'],
		['show frob', "No such command. Press `?' for help."],
		['frob', "No such command. Press `?' for help."],
	])('%s: BIRD says so, and birdcl exits 0', (command, words) => {
		expect(run(mesh(), 'node-0', `birdcl ${command}`)).toEqual({
			exitCode: 0,
			stderr: '',
			stdout: `BIRD v0.3.3+birdv1.6.8 ready.\n${words}\n`,
		});
	});

	test('a pattern in quotes', () => {
		const result = answerAtOnce(mesh(), 'node-0', ['birdcl', 'show', 'protocols', '"Mesh_*_[45]"']);
		expect(result.stdout).toContain('No protocols match');
		expect(answerAtOnce(mesh(), 'node-0', ['birdcl', 'show', 'protocols', '"Mesh*"']).stdout.split('\n')).toHaveLength(
			7,
		);
	});

	test.each([
		[
			'birdcl -s /nowhere show status',
			1,
			'Unable to connect to server control socket (/nowhere): No such file or directory\n',
		],
		['birdcl -x show status', 1, "birdcl: invalid option -- 'x'\nUsage: birdcl [-s <control-socket>] [-v] [-r] [-l]\n"],
		[
			'birdcl -s',
			1,
			"birdcl: option requires an argument -- 's'\nUsage: birdcl [-s <control-socket>] [-v] [-r] [-l]\n",
		],
		[
			'birdcl restart Mesh_172_31_40_2',
			1,
			'the practice cluster does not know this command: birdcl restart Mesh_172_31_40_2\n',
		],
		['birdcl show memory', 1, 'the practice cluster does not know this command: birdcl show memory\n'],
		['frob', 127, 'frob: command not found\n'],
		['ip frob', 1, 'Object "frob" is unknown, try "ip help".\n'],
		['ip route bogus', 255, 'Command "bogus" is unknown, try "ip route help".\n'],
		['ip route show proto nope', 255, 'Error: argument "nope" is wrong: invalid "protocol"\n\n'],
		['ip route show bogus', 1, 'Error: any valid prefix is expected rather than "bogus".\n'],
		[
			'ip route append 10.0.0.0/8 via 1.2.3.4',
			1,
			'the practice cluster does not know this command: ip route append 10.0.0.0/8 via 1.2.3.4\n',
		],
		['ip addr', 1, 'the practice cluster does not know this command: ip addr\n'],
		['calicoctl node run', 1, 'the practice cluster does not know this command: calicoctl node run\n'],
	])('%s fails loudly', (command, exitCode, stderr) => {
		expect(run(mesh(), 'node-0', command)).toEqual({exitCode, stderr, stdout: ''});
	});

	test('a node that is not there', () => {
		expect(run(mesh(), 'node-9', 'birdcl show status').exitCode).toBe(255);
	});
});

describe('IPv6', () => {
	function dualStack(): FiveNodes {
		const blocks = (name: string): readonly string[] => {
			const index = (nodeNames as readonly string[]).indexOf(name);
			return [`10.65.${index}.0/26`, `fd00:65:0:${index + 1}::/122`];
		};
		const network = createFiveNodes({blocks});
		const nodes = Object.fromEntries(nodeNames.map(name => [name, {ipv6: true}]));
		network.configure(snapshotOf({nodes}), network.now);
		return network;
	}

	test('bird6 has its own socket, table and kernel routes', () => {
		const network = dualStack();
		const viaSocket = run(network, 'node-0', 'birdcl -s /var/run/calico/bird6.ctl show protocols').stdout;
		expect(viaSocket).toContain('Mesh_fd00_1__2 BGP      master   up     ');
		expect(run(network, 'node-0', 'birdcl6 show protocols').stdout).toBe(viaSocket);
		expect(run(network, 'node-0', 'birdcl6 show route for fd00:65:0:3::5').stdout).toContain(
			'fd00:65:0:3::/122  via fd00:1::3 on eth0 [Mesh_fd00_1__3 ',
		);
		expect(run(network, 'node-0', 'ip -6 route show proto bird').stdout.split('\n').slice(0, 2)).toEqual([
			'blackhole fd00:65:0:1::/122 dev lo metric 1024 pref medium',
			'fd00:65:0:2::/122 via fd00:1::2 dev eth0 metric 1024 pref medium',
		]);
		expect(run(network, 'node-0', 'ip -6 route').stdout).toContain(
			'fd00:1::/64 dev eth0 proto kernel metric 256 pref medium\n',
		);
		expect(run(network, 'node-0', 'calicoctl node status').stdout).toContain(
			'| fd00:1::2    | node-to-node mesh | up    |',
		);
	});
});

describe('ip route', () => {
	test("shows BIRD's routes and the kernel's own", () => {
		expect(run(mesh(), 'node-1', 'ip route').stdout).toBe(
			[
				'10.65.0.0/26 via 172.31.40.1 dev eth0 proto bird metric 1024 ',
				'blackhole 10.65.0.64/26 proto bird ',
				'10.65.0.128/26 via 172.31.40.3 dev eth0 proto bird metric 1024 ',
				'10.65.0.192/26 via 172.31.40.4 dev eth0 proto bird metric 1024 ',
				'10.65.1.0/26 via 172.31.40.5 dev eth0 proto bird metric 1024 ',
				'172.31.0.0/16 dev eth0 proto kernel scope link src 172.31.40.2 ',
				'',
			].join('\n'),
		);
		expect(run(mesh(), 'node-1', 'ip route show proto kernel').stdout).toBe(
			'172.31.0.0/16 dev eth0 scope link src 172.31.40.2 \n',
		);
		expect(run(mesh(), 'node-1', 'ip r l 10.65.1.0/26').stdout).toBe(
			'10.65.1.0/26 via 172.31.40.5 dev eth0 proto bird metric 1024 \n',
		);
	});
});

describe('calicoctl node status', () => {
	test('says when BIRD is dead, and birdcl does too', () => {
		const network = mesh();
		network.killBird('node-0', network.now);
		expect(run(network, 'node-0', 'calicoctl node status').stdout).toBe(
			'Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n\n',
		);
		expect(run(network, 'node-0', 'birdcl show status')).toMatchObject({
			exitCode: 1,
			stderr: 'Unable to connect to server control socket (/var/run/calico/bird.ctl): Connection refused\n',
		});
		expect(run(network, 'node-0', 'ip route show proto bird').stdout.split('\n')).toHaveLength(6);
	});

	test("shows a peer's port as part of its address, and global peers", () => {
		const network = mesh();
		const spec = {peerIP: '192.0.2.1:1179', asNumber: 64_700};
		network.configure(snapshotOf({mesh: false, bgpPeers: [{...peerTo('tor', '', ''), spec}]}), network.now);
		network.now += 10_000;
		expect(run(network, 'node-0', 'calicoctl node status').stdout).toContain(
			'| 192.0.2.1.port.1179 | global    | up    |',
		);
	});
});
