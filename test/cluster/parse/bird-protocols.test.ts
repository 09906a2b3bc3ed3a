import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseProtocolDetail} from '../../../src/cluster/parse/bird-protocol-detail.ts';
import {parseProtocols} from '../../../src/cluster/parse/bird-protocols.ts';
import {allRows, row} from '../transcripts.ts';
import {decorated, expectNoGuess} from './mutations.ts';

const outputs = allRows()
	.filter(({argv}) => argv[0] === 'node-exec' && argv.at(-1) === 'protocols')
	.map(({stdout}) => stdout);
const head = 'BIRD v0.3.3+birdv1.6.8 ready.\nname     proto    table    state  since       info\n';

describe('parseProtocols', () => {
	it('reads a mesh from real BIRD', () => {
		const parsed = parseProtocols(row('etcd-v3.32.1/safe-and-back', 9).stdout, 4);
		expect(parsed).toMatchObject({ok: true});
		expect(parsed.ok && parsed.value).toHaveLength(4);
		expect(parsed.ok && parsed.value[0]).toEqual({
			protocol: 'Mesh_172_31_40_2',
			family: 4,
			address: '172.31.40.2',
			port: null,
			type: 'node-to-node mesh',
			state: 'up',
			since: '16:36:14',
			info: 'Established',
		});
	});

	it('reads every output of the transcripts, each peer of it', () => {
		expect(outputs.length).toBeGreaterThan(70);
		for (const output of outputs) {
			const parsed = parseProtocols(output, 4);
			expect(parsed.ok && parsed.value.map(({protocol}) => protocol)).toEqual(
				[...output.matchAll(/^(?:Mesh|Node|Global)_\S+/gm)].map(([name]) => name),
			);
		}
	});

	it('collapses the blanks between BGP state and error, as calicoctl does', () => {
		const parsed = parseProtocols(
			`${head}Node_172_31_40_1 BGP      master   start  16:36:27    Active        Socket: Connection closed\n`,
			4,
		);
		expect(parsed).toMatchObject({ok: true, value: [{state: 'start', info: 'Active Socket: Connection closed'}]});
	});

	it.each([
		['Node_10_192_0_3_port_150', 4, '10.192.0.3', 150, 'node specific'],
		['Global_10_0_0_1', 4, '10.0.0.1', null, 'global'],
		['Mesh_fd80_24e2_f998_72d7__2', 6, 'fd80:24e2:f998:72d7::2', null, 'node-to-node mesh'],
		['Node_fe0a__3_port_150', 6, 'fe0a::3', 150, 'node specific'],
	] as const)('rebuilds the address of %s', (protocol, family, address, port, type) => {
		const parsed = parseProtocols(`${head}${protocol} BGP      master   up     2026-11-21  Established   \n`, family);
		expect(parsed).toMatchObject({ok: true, value: [{protocol, family, address, port, type, since: '2026-11-21'}]});
	});

	it('leaves out what calicoctl leaves out', () => {
		const rows =
			'Local_Workload_10_0_0_9 BGP      master   up     16:36:14    Established   \nbfd1     BFD      master   up     16:36:14    \n';
		expect(parseProtocols(head + rows, 4)).toEqual({ok: true, value: []});
	});

	it('passes over what a login printed first', () => {
		expect(parseProtocols(`Welcome to node-3!\n\n${head}`, 4)).toEqual({ok: true, value: []});
	});

	it.each([
		['nothing', '', 1, 'greeting'],
		['no socket', 'Unable to connect to server control socket\n', 1, 'greeting'],
		['no table', 'BIRD v0.3.3+birdv1.6.8 ready.\n', 2, 'missing'],
		['BIRD 2', 'BIRD 2.0.8 ready.\nName       Proto      Table      State  Since         Info\n', 2, 'heading'],
		['a message of BIRD', `${head}syntax error\n`, 3, 'not a row'],
		['an unknown state', `${head}Mesh_10_0_0_1 BGP      master   odd    16:36:14    Established\n`, 3, 'not a row'],
		['an unknown BGP state', `${head}Mesh_10_0_0_1 BGP      master   up     16:36:14    Splendid\n`, 3, 'no BGP state'],
		['no BGP state', `${head}Mesh_10_0_0_1 BGP      master   up     16:36:14    \n`, 3, 'no BGP state'],
		['an address of the other family', `${head}Mesh_fd00__1 BGP      master   up     16:36:14    Idle\n`, 3, 'no IPv4'],
		['no address', `${head}Mesh_node-1 BGP      master   up     16:36:14    Idle\n`, 3, 'no IPv4'],
	])('says where it cannot be read: %s', (_, output, line, problem) => {
		const parsed = parseProtocols(output, 4);
		expect(parsed).toMatchObject({ok: false, error: {line}});
		expect(!parsed.ok && parsed.error.message).toContain(problem);
	});

	it('never guesses from output that is cut or wrapped', () => {
		const few = [row('etcd-v3.32.1/safe-and-back', 9).stdout, row('etcd-v3.32.1/half-states', 2).stdout];
		const failing = outputs.find(output => output.includes('Connection closed')) ?? '';
		expect(failing).not.toBe('');
		expectNoGuess(
			[...few, failing],
			output => parseProtocols(output, 4),
			value => value,
		);
	});

	it('reads through escape sequences and CRLF', () => {
		fc.assert(
			fc.property(decorated(outputs), ({output, original}) => {
				expect(parseProtocols(output, 4)).toEqual(parseProtocols(original, 4));
			}),
		);
	});

	it('never crashes', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...head.split(/(?=\n|\s)/)))), pieces => {
				const parsed = parseProtocols(pieces.join(''), 6);
				expect(parsed.ok || parsed.error.line >= 1).toBe(true);
			}),
		);
	});
});

describe('parseProtocolDetail', () => {
	const down = `${head}Node_172_31_40_1 BGP      master   start  16:36:27    Active        Socket: Connection closed
  Description:    Connection to BGP peer
  Preference:     100
  Input filter:   ACCEPT
  Output filter:  calico_export_to_bgp_peers
  Routes:         0 imported, 0 exported, 0 preferred
  Route change stats:     received   rejected   filtered    ignored   accepted
    Import updates:              0          0          0          0          0
    Import withdraws:            0          0        ---          0          0
  BGP state:          Active
    Neighbor address: 172.31.40.1
    Neighbor AS:      64512
    Connect delay:    2/5
    Last error:       Socket: Connection closed
`;

	it('reads a session that waits to dial again', () => {
		expect(parseProtocolDetail(down, 4)).toMatchObject({
			ok: true,
			value: {
				session: {address: '172.31.40.1', state: 'start', type: 'node specific'},
				neighborAddress: '172.31.40.1',
				neighborAs: '64512',
				holdTimer: null,
				connectDelay: {left: 2, length: 5},
				lastError: 'Socket: Connection closed',
				attributes: [],
			},
		});
	});

	it('reads the timers of an established session', () => {
		const up = `${head}Node_172_31_40_1 BGP      master   up     16:36:27    Established   
  BGP state:          Established
    Neighbor address: 172.31.40.1
    Neighbor AS:      64512
    Session:          internal multihop route-reflector AS4 add-path-rx add-path-tx
    Hold timer:       66/90
    Keepalive timer:  12/30
`;
		expect(parseProtocolDetail(up, 4)).toMatchObject({
			ok: true,
			value: {
				holdTimer: {left: 66, length: 90},
				lastError: null,
				attributes: ['internal', 'multihop', 'route-reflector', 'AS4', 'add-path-rx', 'add-path-tx'],
			},
		});
	});

	it.each([
		['no such protocol', head, 3],
		['not a peer', `${head}kernel1  Kernel   master   up     16:36:27    \n`, 3],
		['a detail without a name', `${head}Node_10_0_0_1 BGP      master   start  16:36:27    Idle\nsyntax error\n`, 4],
		['a broken timer', `${down}    Hold timer:       66/\n`, 17],
	])('says where it cannot be read: %s', (_, output, line) => {
		expect(parseProtocolDetail(output, 4)).toMatchObject({ok: false, error: {line}});
	});
});
