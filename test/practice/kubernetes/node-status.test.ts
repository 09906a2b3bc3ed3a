import {describe, expect, test} from 'vitest';
import {apiShapes, type KubectlPractice, startKubectlPractice} from '../../support/practice-kubectl.ts';

type Status = {
	readonly metadata: {readonly generation: number};
	readonly status?: {
		readonly lastUpdated: string;
		readonly bgp: {
			readonly numberEstablishedV4: number;
			readonly numberNotEstablishedV4: number;
			readonly peersV4?: readonly {readonly peerIP: string; readonly state?: string; readonly type: string}[];
		};
	};
};

const dualStack = [1, 2, 3].map(index => ({
	name: `n${index}`,
	ipv4Address: `10.0.0.${index}/24`,
	ipv6Address: `fd00::${index}/64`,
}));

async function ask({kubectl, version}: KubectlPractice, name: string, node: string, period: number): Promise<void> {
	const manifest = {
		kind: 'CalicoNodeStatus',
		apiVersion: version,
		metadata: {name},
		spec: {node, classes: ['BGP'], updatePeriodSeconds: period},
	};
	const {stderr, exitCode} = await kubectl('create -f -', JSON.stringify(manifest));
	if (exitCode !== 0) throw new Error(stderr);
}

const read = ({json, group}: KubectlPractice, name: string): Promise<Status> =>
	json(`get caliconodestatuses.${group} ${name}`) as Promise<Status>;

describe.each(apiShapes)('CalicoNodeStatus, %s', shape => {
	test('is filled from BIRD, and again each second while a family has no peers', async () => {
		const practice = startKubectlPractice(shape);
		const node = 'ip-172-31-45-29';
		await ask(practice, 's', node, 1);
		expect((await read(practice, 's')).status).toBeUndefined();
		await practice.clock.advance(3200);
		const {status, metadata} = await read(practice, 's');
		expect(status?.bgp).toMatchObject({numberEstablishedV4: 4, numberNotEstablishedV4: 0});
		expect(status?.bgp.peersV4).toHaveLength(4);
		expect(status?.bgp.peersV4?.[0]).toMatchObject({state: 'Established', type: 'NodeMesh'});
		expect(status?.lastUpdated).toBe('2026-11-23T16:00:03Z');
		// Made, and reported at 0, 1, 2 and 3 seconds; Calico's API server shows no generation.
		if (shape !== 'kubernetes-aggregated') expect(metadata.generation).toBe(5);
	});

	test('keeps its lastUpdated while nothing changes, where both families have peers', async () => {
		const practice = startKubectlPractice(shape, {nodes: dualStack});
		await ask(practice, 's', 'n1', 1);
		await practice.clock.advance(500);
		const first = await read(practice, 's');
		await practice.clock.advance(30_000);
		expect((await read(practice, 's')).status?.lastUpdated).toBe(first.status?.lastUpdated);
		practice.cluster.network.killBird('n2', practice.clock.now());
		await practice.clock.advance(10_000);
		const later = await read(practice, 's');
		expect(later.status?.bgp.numberEstablishedV4).toBe(1);
		expect(later.status?.lastUpdated).not.toBe(first.status?.lastUpdated);
	});

	test('is reported once with a period of 0', async () => {
		const practice = startKubectlPractice(shape);
		await ask(practice, 's', 'ip-172-31-45-29', 0);
		await practice.clock.advance(500);
		const first = await read(practice, 's');
		await practice.clock.advance(60_000);
		expect(await read(practice, 's')).toEqual(first);
	});

	test('hears of an edited spec only where the generation grows with it', async () => {
		const practice = startKubectlPractice(shape, {nodes: dualStack});
		await ask(practice, 's', 'n1', 0);
		await practice.clock.advance(500);
		const first = await read(practice, 's');
		const patch = JSON.stringify({spec: {updatePeriodSeconds: 1}});
		await practice.kubectl(`patch caliconodestatuses.${practice.group} s --type=merge -p ${patch}`);
		practice.cluster.network.killBird('n2', practice.clock.now());
		await practice.clock.advance(10_000);
		const isHeard = (await read(practice, 's')).status?.lastUpdated !== first.status?.lastUpdated;
		expect(isHeard).toBe(shape === 'kubernetes-native');
	});

	test('is never filled for a node that is not there, or whose BIRD for IPv6 cannot be reached', async () => {
		const practice = startKubectlPractice(shape, {kubernetes: {sockets: () => ({bird: true, bird6: false})}});
		await ask(practice, 'wrong', 'nowhere', 1);
		await ask(practice, 's', 'ip-172-31-45-29', 1);
		await practice.clock.advance(20_000);
		expect((await read(practice, 'wrong')).status).toBeUndefined();
		expect((await read(practice, 's')).status).toBeUndefined();
	});

	test('a session that only waits has no state', async () => {
		const practice = startKubectlPractice(shape, {nodes: dualStack});
		practice.cluster.network.killBird('n1', practice.clock.now());
		await practice.clock.advance(30_000);
		// n2's address is the greater text, so that it is n1 which would have to dial.
		await ask(practice, 's', 'n2', 1);
		await practice.clock.advance(500);
		const {status} = await read(practice, 's');
		const dead = status?.bgp.peersV4?.find(({peerIP}) => peerIP === '10.0.0.1');
		expect(dead).toBeDefined();
		expect(status?.bgp.numberNotEstablishedV4).toBe(1);
		const {stdout} = await practice.cluster.exec(
			'node-exec',
			['n2', 'birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols'],
			{timeout: 1000},
		);
		const shown = /Mesh_10_0_0_1\s.*start\s+\S+\s+(\w+)/.exec(stdout)?.[1];
		expect(dead?.state).toBe(shown === 'Passive' ? undefined : shown);
	});
});
