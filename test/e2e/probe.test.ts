import {afterEach, describe, expect, test} from 'vitest';
import {withoutExecRules} from '../../src/practice/kubernetes/rbac.ts';
import {cleanEnvironment, type Finished, runProgram, startProgram, until} from '../support/program.ts';
import {practiceNodeShell, type SharedPractice, sharePractice} from '../support/shared-practice.ts';

/** The built program with a real process for every ping: three nodes, six pairs, so that a slow machine carries it. */
let shared: SharedPractice;
afterEach(() => shared.close());

const reflector = 'ip-172-31-40-217';
const client = 'ip-172-31-40-30';
const chosen = ['--reflectors', reflector, '--yes', '--probe', '--json'];
type Event = {
	readonly type: string;
	readonly state?: string;
	readonly text?: string;
	readonly report?: {readonly sent: number; readonly losses: readonly {readonly from: string; readonly to: string}[]};
};

function eventsOf({stdout, stderr}: Finished): readonly Event[] {
	// Node's own warnings would stand across the screen.
	expect(stderr).not.toContain('MaxListenersExceededWarning');
	return stdout
		.trimEnd()
		.split('\n')
		.map((line): Event => JSON.parse(line));
}
function noticesOf(events: readonly Event[]): readonly unknown[] {
	return events.flatMap(({type, text}) => (type === 'notice' ? [text] : []));
}
const environment = () => cleanEnvironment(shared.env);

describe('apply --probe --json', () => {
	test('with the hold, and the way back: not one ping is lost', async () => {
		shared = await sharePractice({speed: 10, nodes: 3});
		const env = environment();
		for (const args of [
			['apply', ...chosen],
			['rollback', '--yes', '--probe', '--json'],
		]) {
			const finished = await runProgram([...args, ...practiceNodeShell], {env});
			expect(finished.exitCode, finished.stderr).toBe(0);
			const probe = eventsOf(finished).filter(({type}) => type === 'probe');
			expect(probe.map(({state}) => state)).toEqual(['started', 'ended']);
			expect(probe[0]).toMatchObject({pairs: 6, of: 6, interval: 200, oneWay: 0, unmeasured: []});
			expect(probe[1]).toMatchObject({report: {pairs: 6, lost: 0, milliseconds: 0, losses: [], unknown: null}});
			expect(probe[1]?.report?.sent).toBeGreaterThanOrEqual(6 * 25);
		}
	});

	test('without the hold: what is cut off is told while it is, and at the end', async () => {
		shared = await sharePractice({speed: 10, nodes: 3});
		const {network, clock, faults} = shared.cluster;
		// From the reflector's write on no session comes up between it and a client, until the loss was told.
		faults.add({
			match: (file, argv) => {
				if (file === 'calicoctl' && argv.includes('patch') && argv.includes(reflector))
					network.blockBgp([reflector, client], clock.now());
				return false;
			},
			kind: 'fail',
		});
		const running = startProgram(['apply', ...chosen, '--no-hold', ...practiceNodeShell], {env: environment()});
		await until('a loss', () => running.stdout().includes('"state":"loss"'), 120_000);
		network.allowBgp([reflector, client], clock.now());
		const finished = await running.finished;
		expect(finished.exitCode, finished.stderr).toBe(0);
		const report = eventsOf(finished).find(({type, state}) => type === 'probe' && state === 'ended')?.report;
		expect(report).toMatchObject({pairs: 6, unknown: null});
		const pairs = report?.losses.map(({from, to}) => `${from} ${to}`) ?? [];
		expect(pairs).toEqual(expect.arrayContaining([`${reflector} ${client}`, `${client} ${reflector}`]));
		// Between the two that do not convert nothing is lost.
		expect(pairs.filter(pair => !pair.includes(reflector))).toEqual([]);
	});

	test('through kubectl, where the image has no ping: a notice, and the run is done', async () => {
		shared = await sharePractice({datastore: 'kubernetes-v1', nodes: 3, hasPing: () => false});
		const finished = await runProgram(['apply', '--via', 'kubectl', ...chosen], {env: environment()});
		expect(finished.exitCode, finished.stderr).toBe(0);
		const events = eventsOf(finished);
		expect(events.filter(({type}) => type === 'probe')).toEqual([]);
		expect(noticesOf(events)).toContainEqual(
			expect.stringMatching(
				/^No pings during this run: there is no ping where commands run on the nodes: calico-node has no such program \(.*exec: "ping": executable file not found in \$PATH/,
			),
		);
	});

	test('through kubectl, where commands in pods are forbidden: a notice, and the run is done', async () => {
		shared = await sharePractice({
			datastore: 'kubernetes-v1',
			nodes: 3,
			kubernetes: {users: [{name: 'kubernetes-admin', rules: withoutExecRules}]},
		});
		const finished = await runProgram(['apply', '--via', 'kubectl', ...chosen], {env: environment()});
		expect(finished.exitCode, finished.stderr).toBe(0);
		expect(noticesOf(eventsOf(finished))).toContain(
			'No pings during this run: kubectl exec is not allowed in calico-system',
		);
	});
});
