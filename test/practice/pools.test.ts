import {expect, test} from 'vitest';
import {createClock} from '../../src/practice/clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';

const nodes = [1, 2].map(index => ({
	name: `n${index}`,
	ipv4Address: `172.31.40.${index}/20`,
	ipv6Address: `fd00:1::${index}/64`,
	blocks: [`192.168.${index}.0/26`, `fd00:10:244:${index}::/122`],
}));

test.each(['etcd', 'kubernetes-v1', 'kubernetes-aggregated', 'kubernetes-native'] as const)(
	'%s: a pool around the blocks of each family, with the mode that was asked for',
	datastore => {
		const clock = createClock({speed: 'jump'});
		const pools = (options: object) =>
			createPracticeCluster({clock, datastore, ...options})
				.datastore.snapshot()
				.ipPools.map(({metadata, spec}) => [metadata.name, spec.cidr, spec.vxlanMode]);
		expect(pools({})).toEqual([['default-ipv4-ippool', '192.168.0.0/16', 'Never']]);
		expect(pools({nodes, vxlanMode: 'Always'})).toEqual([
			['default-ipv4-ippool', '192.168.0.0/16', 'Always'],
			['default-ipv6-ippool', 'fd00:10:244::/48', 'Never'],
		]);
	},
);
