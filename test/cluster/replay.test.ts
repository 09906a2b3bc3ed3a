import {expect, test} from 'vitest';
import type {ExecResult} from '../../src/cluster/exec.ts';
import {type RecordedCall, recordCalls} from '../../src/cluster/recorder.ts';
import {createReplay} from '../../src/cluster/replay.ts';
import {createSteppedClock} from '../../src/practice/clock.ts';
import {transcript} from './transcripts.ts';

const options = {timeout: 1000};

function call(at: number, argv: string, stdout: string, seconds = 0): RecordedCall {
	return {at, argv: argv.split(' '), exit: 0, stdout, stderr: '', seconds};
}

test('a transcript of real Calico answers in its order, with exit codes and inputs', async () => {
	const rows = transcript('etcd-v3.32.1/errors');
	const calls = rows.map(({argv, stdin, exit, stdout, stderr}, index) => ({
		at: index,
		argv,
		...(stdin !== undefined && {stdin}),
		exit,
		stdout,
		stderr,
	}));
	const {exec, rest} = createReplay(calls);
	for (const {argv, stdin, exit, stdout, stderr} of calls) {
		const [file = '', ...args] = argv;
		const result = await exec(file, args, {...options, ...(stdin !== undefined && {input: stdin})});
		expect(result).toEqual({exitCode: exit, stdout, stderr});
	}
	expect(rest()).toEqual([]);
});

test('answers come in the recorded order, whatever the order of the calls', async () => {
	const {exec} = createReplay([call(0, 'look a', '1', 3), call(1, 'look b', '2', 4)]);
	const order: string[] = [];
	const ask = (node: string) => exec('look', [node], options).then(({stdout}) => order.push(stdout));
	await Promise.all([ask('b'), ask('a')]);
	expect(order).toEqual(['1', '2']);
});

test('time passes as it did, without waiting', async () => {
	const {exec, clock} = createReplay([call(2, 'look', '', 0.5), call(9, 'look', '', 1)], {origin: 1000});
	const began = performance.now();
	expect(clock.now()).toBe(1000);
	await exec('look', [], options);
	expect(clock.now()).toBe(3500);
	await clock.sleep(60_000);
	expect(clock.now()).toBe(63_500);
	expect(performance.now() - began).toBeLessThan(5000);
});

test('a sleep that ended before an answer came ends before it again', async () => {
	const {exec, clock} = createReplay([call(0, 'slow', '', 10)]);
	const order: string[] = [];
	await Promise.all([
		exec('slow', [], options).then(() => order.push('answer')),
		clock.sleep(4000).then(() => order.push('sleep')),
	]);
	expect(order).toEqual(['sleep', 'answer']);
});

test('a call that was never recorded fails, and so does all that follows', async () => {
	const {exec, clock} = createReplay([call(0, 'calicoctl get nodes', 'a'), call(1, 'calicoctl get bgppeers', 'b')]);
	await exec('calicoctl', ['get', 'nodes'], options);
	const words = 'Not recorded: calicoctl delete bgppeer x; the recording goes on with: calicoctl get bgppeers';
	await expect(exec('calicoctl', ['delete', 'bgppeer', 'x'], options)).rejects.toThrow(words);
	await expect(exec('calicoctl', ['get', 'bgppeers'], options)).rejects.toThrow(words);
	await expect(clock.sleep(1)).rejects.toThrow(words);
});

test('a call more than was recorded fails', async () => {
	const {exec} = createReplay([call(0, 'look', 'a')]);
	await exec('look', [], options);
	await expect(exec('look', [], options)).rejects.toThrow('Not recorded: look; the recording has ended.');
});

test('a call that is left out fails the next one, and says which was expected', async () => {
	const {exec} = createReplay([call(0, 'look a', '1'), call(1, 'look b', '2')]);
	await expect(exec('look', ['b'], options)).rejects.toThrow('Expected call 1, and it does not come: look a');
});

test('another input is another call', async () => {
	const {exec} = createReplay([{...call(0, 'calicoctl create -f -', ''), stdin: 'kind: BGPPeer'}]);
	await expect(exec('calicoctl', ['create', '-f', '-'], {...options, input: 'kind: Node'})).rejects.toThrow(
		'Not recorded: calicoctl create -f - < kind: Node; the recording goes on with: calicoctl create -f - < kind: BGPPeer',
	);
});

test('a call is given up by its signal', async () => {
	const {exec} = createReplay([call(0, 'first', ''), call(0, 'second', '')]);
	const controller = new AbortController();
	const given = exec('second', [], {...options, signal: controller.signal});
	controller.abort();
	expect(await given).toMatchObject({exitCode: null, failure: 'aborted'});
	expect((await exec('first', [], options)).exitCode).toBe(0);
});

test('the recorder passes on what it keeps', async () => {
	const clock = createSteppedClock({start: 5000});
	const results: ExecResult[] = [
		{stdout: 'out', stderr: 'err', exitCode: 3},
		{stdout: '', stderr: '', exitCode: null, failure: 'timeout'},
	];
	const kept: RecordedCall[] = [];
	const inner = async () => {
		await clock.advance(250);
		return results[kept.length] as ExecResult;
	};
	const exec = recordCalls(inner, {clock, origin: 4000, take: each => kept.push(each)});
	expect(await exec('a', ['b'], {...options, input: 'c'})).toBe(results[0]);
	expect(await exec('a', [], options)).toBe(results[1]);
	expect(kept).toEqual([
		{at: 1, argv: ['a', 'b'], stdin: 'c', exit: 3, stdout: 'out', stderr: 'err', seconds: 0.25},
		{at: 1.25, argv: ['a'], exit: null, failure: 'timeout', stdout: '', stderr: '', seconds: 0.25},
	]);
});
