import {describe, expect, test} from 'vitest';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster} from '../../../src/practice/cluster.ts';

describe('the routes of a VXLAN pool', () => {
	const start = () => {
		const clock = createSteppedClock({start: Date.UTC(2026, 10, 23, 16)});
		const practice = createPracticeCluster({nodes: 3, clock, vxlanMode: 'Always'});
		const ip = async (...words: string[]) =>
			(await practice.exec('node-exec', ['ip-172-31-40-30', 'ip', 'route', 'show', ...words], {timeout: 1000})).stdout;
		return {clock, practice, ip};
	};

	test('are of Felix, and none of them is of BIRD', async () => {
		const {ip} = start();
		expect(await ip()).toBe(
			[
				'172.31.32.0/20 dev eth0 proto kernel scope link src 172.31.40.30 ',
				'192.168.0.0/26 via 192.168.0.0 dev vxlan.calico proto 80 onlink ',
				'blackhole 192.168.0.64/26 proto 80 ',
				'192.168.0.128/26 via 192.168.0.128 dev vxlan.calico proto 80 onlink ',
				'',
			].join('\n'),
		);
		expect(await ip('proto', 'bird')).toBe('');
		expect(await ip('proto', '80')).toContain('192.168.0.0/26 via 192.168.0.0 dev vxlan.calico onlink ');
	});

	test('stay though every BIRD is dead', async () => {
		const {clock, practice, ip} = start();
		const before = await ip();
		for (const {metadata} of practice.datastore.snapshot().nodes) {
			practice.network.killBird(metadata.name, clock.now());
		}
		await clock.advance(600_000);
		expect(await ip()).toBe(before);
	});
});
