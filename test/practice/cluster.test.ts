import {describe, expect, test} from 'vitest';
import {createClock, createSteppedClock} from '../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeOptions} from '../../src/practice/cluster.ts';
import type {FaultKind} from '../../src/practice/faults.ts';
import {peerManifest} from '../support/practice-calicoctl.ts';

const timeout = 60_000;
const create = ['create', '-f', '-'];
const input = peerManifest('a', {nodeSelector: 'has(a)', peerSelector: 'has(b)'});

function createCluster(options: Partial<PracticeOptions> = {}) {
	return createPracticeCluster({clock: createClock({speed: 'jump', start: 0}), ...options});
}

test('there is calicoctl and node-exec, and nothing else', async () => {
	const {exec} = createCluster();
	expect((await exec('calicoctl', ['get', 'nodes'], {timeout})).exitCode).toBe(0);
	expect(await exec('kubectl', ['get', 'nodes'], {timeout})).toEqual({
		stdout: '',
		stderr: '',
		exitCode: null,
		failure: 'not-found',
	});
});

test('the same seed gives the same cluster', async () => {
	const nodes = async (seed: number): Promise<string> =>
		(await createCluster({seed}).exec('calicoctl', ['get', 'nodes', '-o', 'json'], {timeout})).stdout;
	expect(await nodes(1)).toBe(await nodes(1));
	expect(await nodes(1)).not.toBe(await nodes(2));
});

test('a user without rights is told so by node status', async () => {
	const {exec} = createCluster({localNode: null});
	expect(await exec('calicoctl', ['node', 'status'], {timeout})).toEqual({
		stdout: 'Need super user privileges: Operation not permitted\n',
		stderr: '',
		exitCode: 1,
	});
});

describe('a fault', () => {
	test.each<[FaultKind, boolean, object]>([
		['fail', false, {exitCode: 1, stdout: '', stderr: 'etcdserver: request timed out\n'}],
		['hang-without-effect', false, {exitCode: null, failure: 'timeout'}],
		['hang-after-effect', true, {exitCode: null, failure: 'timeout'}],
		['killed', false, {exitCode: null, failure: 'killed'}],
		['answer-lost', true, {exitCode: null, failure: 'killed'}],
	])('%s has an effect: %s', async (kind, effect, result) => {
		const {exec, faults, datastore, clock} = createCluster();
		faults.add({match: /calicoctl create/, kind, stderr: 'etcdserver: request timed out\n'});
		expect(await exec('calicoctl', create, {timeout, input})).toMatchObject(result);
		expect(datastore.get('BGPPeer', 'a') !== undefined).toBe(effect);
		expect(clock.now()).toBe('failure' in result && result.failure === 'timeout' ? timeout : 0);
	});

	test('strikes as often as it says, after as many as it lets pass', async () => {
		const {exec, faults} = createCluster();
		faults.add({match: (file, argv) => file === 'calicoctl' && argv[0] === 'get', kind: 'fail', after: 1, times: 2});
		const codes: (number | null)[] = [];
		for (let run = 0; run < 5; run++) {
			codes.push((await exec('calicoctl', ['version'], {timeout})).exitCode);
			codes.push((await exec('calicoctl', ['get', 'nodes'], {timeout})).exitCode);
		}
		expect(codes).toEqual([0, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
	});

	test('can look at the input, and can be taken off', async () => {
		const {exec, faults} = createCluster();
		faults.add({match: (_file, _argv, text) => text.includes('"a"'), kind: 'fail', times: Number.POSITIVE_INFINITY});
		expect((await exec('calicoctl', create, {timeout, input})).exitCode).toBe(1);
		faults.clear();
		expect((await exec('calicoctl', create, {timeout, input})).exitCode).toBe(0);
	});

	test('that hangs ends when the caller gives up', async () => {
		const clock = createSteppedClock();
		const {exec, faults} = createCluster({clock});
		faults.add({match: /version/, kind: 'hang-without-effect'});
		const controller = new AbortController();
		const hanging = exec('calicoctl', ['version'], {timeout, signal: controller.signal});
		await clock.advance(timeout - 1);
		controller.abort();
		expect(await hanging).toMatchObject({exitCode: null, failure: 'aborted'});
		const late = await exec('calicoctl', ['version'], {timeout, signal: controller.signal});
		expect(late).toMatchObject({exitCode: null, failure: 'aborted'});
	});
});
