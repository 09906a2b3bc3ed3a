import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {formatNodeStatus, formatPeerTable} from '../../src/core/node-status-table.ts';
import type {Session} from '../../src/core/session.ts';

const mesh = (last: number, since: string): Session => ({
	protocol: `Mesh_172_31_40_${last}`,
	family: 4,
	address: `172.31.40.${last}`,
	port: null,
	type: 'node-to-node mesh',
	state: 'up',
	since,
	info: 'Established',
});
const specific = (last: number, since: string): Session => ({
	...mesh(last, since),
	protocol: `Node_172_31_40_${last}`,
	type: 'node specific',
});

/** What calicoctl 3.32.1 printed: row `number` (from 1) of a transcript. */
function printed(file: string, number: number): string {
	const lines = readFileSync(new URL(`../transcripts/etcd-v3.32.1/${file}.jsonl`, import.meta.url), 'utf8').split('\n');
	return JSON.parse(lines[number - 1] ?? '').stdout;
}

describe('formatNodeStatus', () => {
	it('prints the mesh as calicoctl 3.32.1 did', () => {
		const v4 = [1, 2, 3, 4].map(last => mesh(last, '16:35:39'));
		expect(formatNodeStatus({running: true, v4, v6: []})).toBe(printed('tutorial', 2));
	});

	it('prints the reflectors as calicoctl 3.32.1 did', () => {
		const v4 = [specific(1, '16:35:44'), specific(2, '16:35:44'), specific(3, '16:35:46')];
		expect(formatNodeStatus({running: true, v4, v6: []})).toBe(printed('tutorial', 32));
	});

	it('prints a session that waits behind another as calicoctl 3.32.1 did', () => {
		const v4 = [
			...[1, 3, 4].map(last => mesh(last, '16:38:05')),
			{...specific(1, '16:38:06'), state: 'start', info: 'Idle'},
		];
		expect(formatNodeStatus({running: true, v4, v6: []})).toBe(printed('half-states', 22));
	});

	it.each([
		[{running: false, v4: null, v6: null}, 'Calico process is not running.\n'],
		[
			{running: true, v4: null, v6: null},
			'Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n\n',
		],
		[
			{running: true, v4: [], v6: null},
			"Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n\nINFO: BIRDv6 process: 'bird6' is not running.\n\n",
		],
	])('says what is not running: %j', (status, text) => {
		expect(formatNodeStatus(status)).toBe(text);
	});
});

describe('formatPeerTable', () => {
	it('wraps a long INFO as tablewriter does', () => {
		const session: Session = {
			...mesh(1, '17:19:38'),
			address: '192.168.63.204',
			state: 'start',
			info: 'Active Socket: Connection refused',
		};
		expect(formatPeerTable([session])).toBe(
			[
				'+----------------+-------------------+-------+----------+--------------------------------+',
				'|  PEER ADDRESS  |     PEER TYPE     | STATE |  SINCE   |              INFO              |',
				'+----------------+-------------------+-------+----------+--------------------------------+',
				'| 192.168.63.204 | node-to-node mesh | start | 17:19:38 | Active Socket: Connection      |',
				'|                |                   |       |          | refused                        |',
				'+----------------+-------------------+-------+----------+--------------------------------+',
				'',
			].join('\n'),
		);
	});

	it('breaks into the least ragged lines, not into the fullest first one', () => {
		// Filling the first line would give "a… b…" and then "cc" alone.
		const info = `${'a'.repeat(14)} ${'b'.repeat(14)} cc ${'d'.repeat(28)} e`;
		const cells = formatPeerTable([{...mesh(1, '00:00:00'), info}])
			.split('\n')
			.slice(3, -2)
			.map(row => row.split('|')[5]?.trim());
		expect(cells).toEqual(['a'.repeat(14), `${'b'.repeat(14)} cc`, `${'d'.repeat(28)} e`]);
	});

	it('grows with a word longer than the limit', () => {
		const word = 'x'.repeat(41);
		const table = formatPeerTable([{...mesh(1, '00:00:00'), info: `a ${word} b`}]);
		const lines = table.trimEnd().split('\n');
		expect(new Set(lines.map(row => row.length)).size).toBe(1);
		expect(table).toContain(`| ${word} |`);
	});

	it('shows a port as a part of the address, as calicoctl does', () => {
		const v4: Session = {...specific(3, '00:00:00'), port: 150};
		const v6: Session = {...v4, family: 6, address: 'fe0a::3'};
		expect(formatPeerTable([v4])).toContain('| 172.31.40.3.port.150 |');
		expect(formatPeerTable([v6])).toContain('| fe0a::3:port:150 |');
	});
});
