import {expect, test} from 'vitest';
import {lab as dualStack} from '../../src/lab/labs/dual-stack.ts';
import {topologyLines} from '../../src/lab/topology.ts';
import {openWorld} from '../../src/lab/world.ts';
import {createAdjustableClock} from '../../src/practice/adjustable-clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';

test('the picture of a cluster with both families tells of each', async () => {
	const clock = createAdjustableClock({speed: 1});
	const world = await openWorld(dualStack, {clock, start: options => createPracticeCluster({...options, clock})});
	const lines = topologyLines(await world.look(new Map()));
	expect(lines).toContain('Over IPv4 pods of every two nodes reach each other.');
	expect(lines).toContain('Over IPv6 pods of 10 of 10 pairs of nodes do not reach each other:');
	await world.close();
});
