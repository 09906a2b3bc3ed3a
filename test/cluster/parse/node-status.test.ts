import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseNodeStatus} from '../../../src/cluster/parse/node-status.ts';
import {formatNodeStatus} from '../../../src/core/node-status-table.ts';
import {peerTypes, type Session} from '../../../src/core/session.ts';
import {allRows, row} from '../transcripts.ts';
import {decorated, expectNoGuess} from './mutations.ts';

const outputs = allRows()
	.filter(({argv}) => argv.slice(-2).join(' ') === 'node status')
	.map(({stdout}) => stdout);

/** calicoctl 3.33 with go-pretty: headers to the left, INFO on one line. */
const goPretty = `Calico process is running.

IPv4 BGP status
+--------------+-------------------+-------+----------+-----------------------------------+
| PEER ADDRESS | PEER TYPE         | STATE | SINCE    | INFO                              |
+--------------+-------------------+-------+----------+-----------------------------------+
| 172.17.8.102 | node-to-node mesh | up    | 23:30:04 | Established                       |
| 172.17.8.103 | node-to-node mesh | start | 23:30:04 | Active Socket: Connection refused |
+--------------+-------------------+-------+----------+-----------------------------------+

IPv6 BGP status
No IPv6 peers found.

`;
/** calicoctl up to 3.32 with tablewriter: headers centred, INFO on several rows. */
const wrapped = `Calico process is running.

IPv4 BGP status
+----------------------+---------------+-------+------------+--------------------------------+
|     PEER ADDRESS     |   PEER TYPE   | STATE |   SINCE    |              INFO              |
+----------------------+---------------+-------+------------+--------------------------------+
| 10.192.0.3.port.150  | node specific | start | 2026-11-16 | Connect Socket: Host is        |
|                      |               |       |            | unreachable                    |
| 10.192.0.4           | global        | start | 17:19:38   | Passive                        |
+----------------------+---------------+-------+------------+--------------------------------+

IPv6 BGP status
+-------------------+-------------------+-------+----------+-------------+
|   PEER ADDRESS    |     PEER TYPE     | STATE |  SINCE   |    INFO     |
+-------------------+-------------------+-------+----------+-------------+
| fe0a::3:port:150  | node specific     | up    | 17:19:38 | Established |
| fd80:24e2::2      | node-to-node mesh | up    | 17:19:38 | Established |
+-------------------+-------------------+-------+----------+-------------+

`;

function sessions(output: string): readonly Session[] {
	const parsed = parseNodeStatus(output);
	if (!parsed.ok) throw parsed.error;
	if (!parsed.value.running) return [];
	return [parsed.value.v4, parsed.value.v6].flatMap(status => (status.state === 'peers' ? status.sessions : []));
}

describe('parseNodeStatus', () => {
	it('reads the mesh from real calicoctl', () => {
		expect(sessions(row('etcd-v3.32.1/tutorial', 2).stdout)[0]).toEqual({
			protocol: 'Mesh_172_31_40_1',
			family: 4,
			address: '172.31.40.1',
			port: null,
			type: 'node-to-node mesh',
			state: 'up',
			since: '16:35:39',
			info: 'Established',
		});
	});

	it('reads every output of the transcripts', () => {
		expect(outputs.length).toBeGreaterThan(4);
		for (const output of outputs) expect(sessions(output)).toHaveLength((output.match(/^\| \d/gm) ?? []).length);
	});

	it('reads headers to the left and INFO on one line, as from 3.33', () => {
		expect(sessions(goPretty).map(({address, info}) => [address, info])).toEqual([
			['172.17.8.102', 'Established'],
			['172.17.8.103', 'Active Socket: Connection refused'],
		]);
	});

	it('reads wrapped INFO, ports, dates and IPv6', () => {
		expect(
			sessions(wrapped).map(({protocol, address, port, since, info}) => [protocol, address, port, since, info]),
		).toEqual([
			['Node_10_192_0_3_port_150', '10.192.0.3', 150, '2026-11-16', 'Connect Socket: Host is unreachable'],
			['Global_10_192_0_4', '10.192.0.4', null, '17:19:38', 'Passive'],
			['Node_fe0a__3_port_150', 'fe0a::3', 150, '17:19:38', 'Established'],
			['Mesh_fd80_24e2__2', 'fd80:24e2::2', null, '17:19:38', 'Established'],
		]);
	});

	it.each([
		['Calico process is not running.\n', {running: false, reason: 'Calico process is not running.'}],
		[
			'Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n\n',
			{running: false, reason: 'The BGP backend process (BIRD) is not running.'},
		],
		[
			"Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n\nINFO: BIRDv6 process: 'bird6' is not running.\n\n",
			{running: true, v4: {state: 'peers', sessions: []}, v6: {state: 'unknown'}},
		],
		[
			'Calico process is running.\n\nIPv4 BGP status\nError querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/bird/bird.ctl: connect: no such file or directory\nIPv6 BGP status\nNo IPv6 peers found.\n\n',
			{running: true, v4: {state: 'unknown', reason: expect.stringContaining('no such file')}, v6: {state: 'peers'}},
		],
	])('reads what is not running: %j', (output, report) => {
		expect(parseNodeStatus(output)).toMatchObject({ok: true, value: report});
	});

	it.each([
		['root needed', 'Need super user privileges: Operation not permitted\n', 1, 'missing'],
		['nothing', '', 1, 'missing'],
		['no IPv6', 'Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n\n', 5, 'IPv6 sessions'],
		['a table of something else', goPretty.replace('PEER TYPE', 'PEER NAME'), 5, 'heading'],
		['six cells', goPretty.replace('| up ', '| up | x '), 7, 'five cells'],
		['an unknown type', goPretty.replace('node-to-node mesh | up', 'local workload    | up'), 7, 'not a session'],
		['an IPv6 address in IPv4', goPretty.replace('172.17.8.102', 'fd00::1     '), 7, 'not a session'],
		['more behind it', `${goPretty}PS: all is well\n`, 14, 'not expected'],
	])('says where it cannot be read: %s', (_, output, line, problem) => {
		const parsed = parseNodeStatus(output);
		expect(parsed).toMatchObject({ok: false, error: {line}});
		expect(!parsed.ok && parsed.error.message).toContain(problem);
	});

	it('never guesses from output that is cut or wrapped', () => {
		expectNoGuess([...outputs.slice(0, 2), goPretty, wrapped], parseNodeStatus, value =>
			value.running ? [value.v4, value.v6] : [],
		);
	});

	it('reads through escape sequences and CRLF', () => {
		fc.assert(
			fc.property(decorated([...outputs, goPretty, wrapped]), ({output, original}) => {
				expect(parseNodeStatus(output)).toEqual(parseNodeStatus(original));
			}),
		);
	});

	it('reads back what formatNodeStatus prints', () => {
		const word = fc.stringMatching(/^[A-Za-z:()'-]{1,14}$/);
		const session = (family: 4 | 6) =>
			fc
				.record({
					address: family === 4 ? fc.ipV4() : fc.constantFrom('fd00::1', 'fe80:1::2', '2001:db8:1:2:3:4:5:6'),
					port: fc.option(fc.integer({min: 1, max: 65535})),
					kind: fc.constantFrom('Mesh', 'Node', 'Global'),
					state: fc.constantFrom('up', 'start', 'down', 'wait'),
					since: fc.constantFrom('23:59:59', '2026-11-21'),
					bgp: fc.constantFrom('Established', 'Active', 'OpenConfirm', 'Down'),
					error: fc.array(word, {maxLength: 8}),
				})
				.map(({address, port, kind, state, since, bgp, error}): Session => {
					const suffix = kind === 'Mesh' || port === null ? '' : `_port_${port}`;
					return {
						protocol: `${kind}_${address.replaceAll(/[.:]/g, '_')}${suffix}`,
						family,
						address,
						port: suffix === '' ? null : port,
						type: peerTypes[kind === 'Mesh' ? 'mesh' : kind === 'Node' ? 'node' : 'global'],
						state,
						since,
						info: [bgp, ...error].join(' '),
					};
				});
		fc.assert(
			fc.property(fc.array(session(4), {maxLength: 5}), fc.array(session(6), {maxLength: 5}), (v4, v6) => {
				expect(sessions(formatNodeStatus({running: true, v4, v6}))).toEqual([...v4, ...v6]);
			}),
		);
	});
});
