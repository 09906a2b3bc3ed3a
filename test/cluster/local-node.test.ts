import {describe, expect, it} from 'vitest';
import {findLocalNode, thisMachine} from '../../src/cluster/local-node.ts';
import type {NodeResource} from '../../src/core/resources.ts';

const node = (name: string, ipv4Address: string, ipv6Address?: string): NodeResource => ({
	apiVersion: 'projectcalico.org/v3',
	kind: 'Node',
	metadata: {name},
	spec: {bgp: {ipv4Address, ...(ipv6Address !== undefined && {ipv6Address})}},
});
const nodes = [node('a', '10.0.0.1/24'), node('b', '10.0.0.2/24', 'FD00::2/64'), node('c', '10.0.0.2/24')];

describe('findLocalNode', () => {
	it.each([
		['its IPv4 address', 'x', ['192.168.0.1', '10.0.0.1'], 'a'],
		['its IPv6 address', 'x', ['fd00::2'], 'b'],
		['its name', 'c', ['192.168.0.1'], 'c'],
		['its address before its name', 'c', ['10.0.0.1'], 'a'],
		['no guess between two', 'x', ['10.0.0.2'], undefined],
		['nothing', 'x', [], undefined],
		['no part of an address', 'x', ['10.0.0.10'], undefined],
	])('goes by %s', (_, hostname, addresses, expected) => {
		expect(findLocalNode(nodes, {hostname, addresses})).toBe(expected);
	});

	it('knows this machine', () => {
		expect(thisMachine().hostname).not.toBe('');
		expect(thisMachine().addresses).not.toContain('127.0.0.1');
	});
});
