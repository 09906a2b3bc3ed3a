import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {pingArguments, probeCommand, probePace, probeScope} from '../../../src/core/probe/scope.ts';
import {emptySnapshot, type Snapshot} from '../../../src/core/snapshot.ts';
import type {Write} from '../../../src/core/write.ts';

function nodes(count: number): Snapshot {
	return {
		...emptySnapshot,
		nodes: Array.from({length: count}, (_, index) => ({
			apiVersion: 'projectcalico.org/v3',
			kind: 'Node',
			metadata: {name: `n${index}`},
			spec: {bgp: {ipv4Address: `10.0.0.${index + 1}/24`}},
		})),
	};
}
function patches({nodes: list}: Snapshot, count: number): readonly Write[] {
	return list.slice(0, count).map(node => ({
		verb: 'patch',
		kind: 'Node',
		name: node.metadata.name,
		before: node,
		after: node,
	}));
}

describe('probeScope', () => {
	it('is every pair of a small cluster, in both directions', () => {
		const {pairs, of} = probeScope(nodes(5), []);
		expect(of).toBe(20);
		expect(new Set(pairs.map(({from, to}) => `${from} ${to}`)).size).toBe(20);
		expect(probeScope(nodes(1), [])).toEqual({pairs: [], of: 0, leavesOutIpv6: false});
	});

	it('says where the nodes have another family that is not pinged', () => {
		const {nodes: list, ...rest} = nodes(3);
		const dual = list.map(node => ({...node, spec: {bgp: {...node.spec.bgp, ipv6Address: 'fd00::1/64'}}}));
		expect(probeCommand(probeScope({...rest, nodes: list}, []))).toMatch(/until the run ends$/);
		expect(probeCommand(probeScope({...rest, nodes: dual}, []))).toMatch(
			/until the run ends; over IPv4 where both nodes have it$/,
		);
	});

	it('on any larger one is at most twenty pairs, each in both directions, with those that convert', () => {
		fc.assert(
			fc.property(fc.integer({min: 6, max: 60}), fc.integer({min: 0, max: 60}), (count, converting) => {
				const snapshot = nodes(count);
				const writes = patches(snapshot, Math.min(count, converting));
				const {pairs, of} = probeScope(snapshot, writes);
				expect(of).toBe(count * (count - 1));
				expect(pairs.length).toBeGreaterThan(0);
				expect(pairs.length).toBeLessThanOrEqual(20);
				const names = new Set(pairs.map(({from, to}) => `${from} ${to}`));
				expect(names.size).toBe(pairs.length);
				for (const {from, to} of pairs) expect(names.has(`${to} ${from}`) && from !== to).toBe(true);
				if (converting === 0 || converting >= count) return;
				const written = new Set(writes.map(({name}) => name));
				for (const {from, to} of pairs) expect(written.has(from)).not.toBe(written.has(to));
			}),
		);
	});
});

it('a round is one command without a shell, and the preview shows it', () => {
	expect(pingArguments({source: '10.65.0.0', target: '10.65.0.64', pace: probePace}).join(' ')).toBe(
		'ping -n -O -i 0.2 -c 25 -W 1 -I 10.65.0.0 10.65.0.64',
	);
	expect(probeCommand(probeScope(nodes(24), patches(nodes(24), 3)))).toMatch(
		/^ping -n -O -i 0\.2 -c 25 -W 1 -I ADDRESS POD-ADDRESS .* for 18 of 552 pairs,/,
	);
});
