import {cleanup} from 'ink-testing-library';
import {afterEach, describe, expect, test} from 'vitest';
import type {Cluster} from '../../src/cluster/port.ts';
import {summaryText} from '../../src/wizard/summary.ts';
import {openConfirmation, openWizard} from '../support/wizard-app.tsx';

const enter = '\r';
const escapeKey = '\u001B';
const down = '\u001B[B';
const ctrlC = '\u0003';

afterEach(cleanup);

describe('the migration', () => {
	test('goes from ten mesh sessions to nine, seen from nodes to done', async () => {
		const {type, see, ended, practice} = await openConfirmation();
		type('apply\r');
		await see('Done');
		const applied = await see(/✔ done +Turn the node-to-node mesh off/);
		expect(applied).not.toMatch(/waiting|running|failed/);
		type(enter);
		const done = await see('Done: the cluster uses route reflectors.');
		expect(done).toContain('10 before, 9 now');
		type(enter);
		const {screen, looks} = await ended();
		expect(screen.exitCode).toBe(0);
		const summary = summaryText(screen, looks);
		expect(summary).toMatch(/\| 172\.31\.40\.30 +\| node-to-node mesh \| up +\| [\d:]+ +\| Established \|/);
		for (const address of ['172.31.37.123', '172.31.40.217', '172.31.42.47']) {
			expect(summary).toMatch(new RegExp(`\\| ${address} +\\| node specific \\| up +\\| [\\d:]+ \\| Established \\|`));
		}
		expect(summary).toContain('Peers of ip-172-31-45-29, before:');
		expect(summary).toContain('calico-rr-wizard rollback --journal /state/journal.jsonl');
		expect(practice.datastore.snapshot().bgpConfigurations[0]?.spec.nodeToNodeMeshEnabled).toBe(false);
	});

	test('writes nothing before the word, and nothing when left', async () => {
		const {type, see, ended, resources} = await openWizard();
		await see('4/4 up');
		const before = resources();
		type(enter);
		await see('Chosen');
		type(enter);
		await see('3 to add, 3 to change, 0 to delete');
		type('s');
		await see('The plan is saved in /somewhere/plan');
		type(ctrlC);
		const {screen, looks} = await ended();
		expect(screen.exitCode).toBe(130);
		expect(summaryText(screen, looks)).toBe('Nothing was changed.');
		expect(resources()).toEqual(before);
	});

	test('a failed write shows the words of the tool, goes back, and ends with 1', async () => {
		const {type, see, ended, practice, resources} = await openConfirmation();
		const before = resources();
		practice.faults.add({match: /patch node ip-172-31-42-47/, kind: 'fail', stderr: 'Failed: \u001B[31mdisk quota\n'});
		type('apply\r');
		const text = await see('Gone back: the cluster is as it was');
		expect(text).toContain('Failed: disk quota');
		expect(text).toContain('Taken back by itself');
		type(enter, enter);
		expect((await ended()).screen.exitCode).toBe(1);
		expect(resources()).toEqual(before);
	});
});

/** A cluster whose write of one resource waits until it is let go. */
function holding(name: string): {hold: (cluster: Cluster) => Cluster; reached: Promise<void>; letGo: () => void} {
	let letGo = (): void => undefined;
	let reach = (): void => undefined;
	const reached = new Promise<void>(resolve => {
		reach = resolve;
	});
	const held = new Promise<void>(resolve => {
		letGo = resolve;
	});
	const hold = (cluster: Cluster): Cluster => ({
		...cluster,
		async write(write, signal) {
			if (write.name === name) {
				reach();
				await held;
			}
			return cluster.write(write, signal);
		},
	});
	return {hold, reached, letGo: () => letGo()};
}

describe('interrupts', () => {
	test('Ctrl+C once finishes the write and goes back; the screen says so; exit code 130', async () => {
		const {hold, reached, letGo} = holding('ip-172-31-40-217');
		const {type, see, ended, resources} = await openConfirmation(({cluster}) => ({cluster: hold(cluster)}));
		const before = resources();
		type('apply\r');
		await reached;
		type(ctrlC);
		await see('the write under way is finished, then everything is taken back');
		letGo();
		await see('Taken back, as you asked');
		await see('Gone back: the cluster is as it was');
		type(enter, enter);
		expect((await ended()).screen.exitCode).toBe(130);
		expect(resources()).toEqual(before);
	});

	test('Ctrl+C twice stops at once and says how to go on', async () => {
		const {hold, reached, letGo} = holding('ip-172-31-40-217');
		const {type, see, ended} = await openConfirmation(({cluster}) => ({cluster: hold(cluster)}));
		type('apply\r');
		await reached;
		type(ctrlC, ctrlC);
		await see('Stopping at once');
		letGo();
		const {screen, looks} = await ended();
		expect(screen.exitCode).toBe(130);
		expect(summaryText(screen, looks)).toContain('rollback --journal /state/journal.jsonl');
	});

	test('SIGTERM during a run goes back first and leaves with its code by itself', async () => {
		const {hold, reached, letGo} = holding('ip-172-31-40-217');
		const {type, signals, ended, resources} = await openConfirmation(({cluster}) => ({cluster: hold(cluster)}));
		const before = resources();
		type('apply\r');
		await reached;
		signals.abort(143);
		letGo();
		expect((await ended()).screen.exitCode).toBe(143);
		expect(resources()).toEqual(before);
	});

	test('SIGTERM before a run leaves at once', async () => {
		const {see, signals, ended} = await openWizard();
		await see('4/4 up');
		signals.abort(143);
		expect((await ended()).screen.exitCode).toBe(143);
	});
});

describe('keys', () => {
	test('pasted, torn and repeated keys do what they say', async () => {
		const {type, see} = await openWizard();
		await see('4/4 up');
		// Two downs in one read, then one whose escapeKey byte comes in a read of its own.
		type(`${down}${down}`, escapeKey, '[B');
		await see(/❯ ip-172-31-42-47/);
		type('/30\r');
		const filtered = await see(/\/30 +\(esc clears\)/);
		expect(filtered).toMatch(/❯ ip-172-31-40-30/);
		expect(filtered).not.toContain('ip-172-31-45-29');
		type(escapeKey);
		await see('ip-172-31-45-29');
	});

	test('back keeps what was chosen', async () => {
		const {type, see} = await openWizard();
		await see('4/4 up');
		type(enter);
		await see('Chosen');
		type(' ', 'i');
		await see(/2 of 5[\s\S]*one for each|one for each[\s\S]*2 of 5/);
		type(enter);
		await see('The whole plan');
		type(escapeKey);
		await see(/2 of 5[\s\S]*one for each|one for each[\s\S]*2 of 5/);
	});

	test('help shows what works here and any key closes it', async () => {
		const {type, see} = await openWizard();
		await see('4/4 up');
		type('?');
		await see('read again');
		await see('any key closes');
		type('x');
		await see('4/4 up');
	});
});

test('peers show before beside now on a wide terminal, and all nodes as a matrix', async () => {
	const {type, see} = await openConfirmation(undefined, {columns: 130, rows: 40});
	type('apply\r');
	await see(/✔ Done/);
	type('p');
	const peers = await see('before, at the first look');
	expect(peers).toMatch(
		/172\.31\.\d+\.\d+ node-to-node mesh up +[\d:]+ Established +│ 172\.31\.\d+\.\d+ +node specific +up/,
	);
	type('b');
	await see('before the mesh went off');
	type('m');
	await see(/ip-172-31-37-123 +reflector +- +4\/4 +- +4\/4/);
	type(escapeKey, '');
	await see('✔ Done');
});

test('the terminal may become too small and grow again', async () => {
	const {see, resize} = await openWizard();
	await see('4/4 up');
	resize(40, 10);
	await see('needs 60x16, is 40x10');
	resize(60, 16);
	const text = await see('4/4 up');
	expect(text.split('\n').length).toBeLessThanOrEqual(15);
});

test('flags answer questions: with all of them answered the preview comes next', async () => {
	const reflectors = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];
	const {type, see} = await openWizard(() => ({preset: {reflectors, clusterId: {mode: 'shared', id: '224.0.0.7'}}}));
	await see('4/4 up');
	type(enter);
	await see('The whole plan');
	type(escapeKey);
	await see('4/4 up');
});

test('an unknown node in a flag ends it with one sentence and exit code 2', async () => {
	const {ended} = await openWizard(() => ({preset: {reflectors: ['ip-172-31-37-12']}}));
	const {screen, looks} = await ended();
	expect(screen.exitCode).toBe(2);
	expect(summaryText(screen, looks)).toContain('ip-172-31-37-12');
});

test('a cluster that cannot be read shows the words of the tool, and r reads again', async () => {
	const {type, see} = await openWizard(({cluster}) => {
		let reads = 0;
		const read: Cluster['read'] = async signal => {
			reads += 1;
			if (reads === 1) throw new Error('dial tcp 10.0.0.1:2379: connection refused');
			return cluster.read(signal);
		};
		return {cluster: {...cluster, read}};
	});
	await see('connection refused');
	type('r');
	await see('4/4 up');
});

test('a journal that cannot be written begins nothing', async () => {
	const {type, see, ended, resources} = await openConfirmation(() => ({
		openJournal: () => {
			throw new Error('no space left on device');
		},
	}));
	const before = resources();
	type('apply\r');
	await see('no space left on device');
	type(enter, enter);
	expect((await ended()).screen.exitCode).toBe(1);
	expect(resources()).toEqual(before);
});

describe('the doctor as preflight', () => {
	test('two AS numbers stop the wizard before the first write, in words', async () => {
		const {type, see, practice, resources, unmount} = await openWizard();
		await see('4/4 up');
		const argv = ['patch', 'node', 'ip-172-31-40-30', '-p', '{"spec":{"bgp":{"asNumber":64513}}}'];
		expect(practice.run({file: 'calicoctl', argv})).toMatchObject({exitCode: 0});
		const before = resources();
		type('r');
		await see(/Doctor: .*block/);
		type('d');
		const findings = await see('For the route reflectors');
		expect(findings).toMatch(/✖ .*AS number/);
		expect(findings).toContain('64513');
		type(escapeKey);
		await see('SESSIONS');
		type(enter);
		await see('Chosen');
		type(enter);
		await see(/✖ .*AS numbers/);
		type(enter);
		await see('The doctor stops this:');
		expect(resources()).toEqual(before);
		unmount();
	});
});
