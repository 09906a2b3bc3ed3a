import {describe, expect, it} from 'vitest';
import {parseBirdRoutes} from '../../../src/cluster/parse/bird-routes.ts';
import {allRows, row} from '../transcripts.ts';
import {expectNoGuess} from './mutations.ts';

const head = 'BIRD v0.3.3+birdv1.6.8 ready.\n';

describe('parseBirdRoutes', () => {
	it('reads what a real node had', () => {
		const parsed = parseBirdRoutes(row('etcd-v3.32.1/half-states', 23).stdout);
		expect(parsed).toMatchObject({ok: true});
		expect(parsed.ok && parsed.value.map(({destination, protocol}) => [destination, protocol])).toEqual([
			['10.65.0.0/26', 'Mesh_172_31_40_1'],
			['10.65.0.192/26', 'Mesh_172_31_40_4'],
			['10.65.0.128/26', 'Mesh_172_31_40_3'],
			['10.65.1.0/26', 'static1'],
			['10.65.1.0/32', 'direct1'],
			['172.31.0.0/16', 'direct1'],
		]);
		expect(parsed.ok && parsed.value[0]).toEqual({
			destination: '10.65.0.0/26',
			via: ['172.31.40.1'],
			device: 'eth0',
			protocol: 'Mesh_172_31_40_1',
			since: '16:38:05',
			from: null,
			best: true,
		});
	});

	it('reads every such row of the transcripts', () => {
		const outputs = allRows().filter(({argv}) => argv.includes('birdcl') && argv.includes('route'));
		expect(outputs.length).toBeGreaterThan(0);
		for (const {stdout} of outputs) expect(parseBirdRoutes(stdout).ok).toBe(true);
	});

	it('reads further copies of a route, reflected ones and several next hops', () => {
		const output = `${head}10.65.0.0/26       via 172.31.40.1 on eth0 [Node_172_31_40_2 16:35:44 from 172.31.40.2] * (100/0) [i]
                   via 172.31.40.1 on eth0 [Node_172_31_40_3 16:35:46 from 172.31.40.3] (100/0) [i]
10.65.0.64/26      multipath [kernel1 16:35:46] * (10)
	via 172.31.40.4 on eth0 weight 1
	via 172.31.40.5 on eth0 weight 1
`;
		expect(parseBirdRoutes(output)).toMatchObject({
			ok: true,
			value: [
				{destination: '10.65.0.0/26', protocol: 'Node_172_31_40_2', from: '172.31.40.2', best: true},
				{destination: '10.65.0.0/26', protocol: 'Node_172_31_40_3', from: '172.31.40.3', best: false},
				{destination: '10.65.0.64/26', via: ['172.31.40.4', '172.31.40.5'], protocol: 'kernel1'},
			],
		});
	});

	it.each([
		['no greeting', 'Network not in table\n', 1],
		['a message', `${head}Network not in table\n`, 2],
		['no destination', `${head}                   via 172.31.40.1 on eth0 [Node_1 16:35:46] (100/0) [i]\n`, 2],
	])('says where it cannot be read: %s', (_, output, line) => {
		expect(parseBirdRoutes(output)).toMatchObject({ok: false, error: {line}});
	});

	it('never guesses from output that is cut or wrapped', () => {
		expectNoGuess([row('etcd-v3.32.1/half-states', 23).stdout], parseBirdRoutes, value => value);
	});
});
