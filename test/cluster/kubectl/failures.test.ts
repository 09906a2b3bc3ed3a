import {describe, expect, it} from 'vitest';
import type {ExecResult} from '../../../src/cluster/exec.ts';
import {failureOf, isMissing, wordsOf} from '../../../src/cluster/kubectl/failures.ts';
import {printed} from './table-exec.ts';

const command = {file: 'kubectl', args: ['patch', 'node', 'node-0', '--type=merge', '-p', '{}']};
const write = {writes: true, timeout: 30_000};
const refused = (stderr: string, stdout = ''): ExecResult => ({stdout, stderr, exitCode: 1});

describe.each(['kdd-v3.32.1/kubectl', 'kdd-native-v3.32.1/kubectl'])('failureOf on %s', file => {
	const group = file.includes('native') ? 'projectcalico.org' : 'crd.projectcalico.org';
	it.each([
		[7, 'missing', `There is no bgpconfigurations.${group} default.`],
		[10, 'failed', 'The cluster does not know nodes.'],
		[15, 'exists', `There is a bgppeers.${group} peer-to-rrs already.`],
		[20, 'missing', `There is no bgpconfigurations.${group} default.`],
		[24, 'invalid', 'The cluster does not accept this.'],
		[25, 'invalid', 'The cluster does not accept this.'],
		[26, 'conflict', `Somebody else changed bgppeers.${group} peer-to-rrs at the same moment.`],
		[27, 'missing', `There is no bgppeers.${group} nope.`],
		[29, 'missing', 'There is no nodes nowhere.'],
		[32, 'forbidden', 'The cluster does not allow you to do this.'],
		[33, 'forbidden', 'The cluster does not allow you to do this.'],
		[34, 'unreachable', "The cluster's API server cannot be reached."],
	])('reads row %i as %s', (number, kind, message) => {
		const result = printed(file, number);
		const error = failureOf(command, result, write);
		expect({kind: error.kind, message: error.message}).toEqual({kind, message});
		expect(error.detail).toMatchObject({exitCode: 1, settled: true, command});
		expect(error.detail.next.length).toBeGreaterThan(0);
		expect(error.detail.words).not.toMatch(/memcache\.go/);
		expect(result.stderr).toContain(error.detail.words);
	});
});

// What no transcript has: kubectl's and the API server's words for it.
describe('failureOf', () => {
	it.each([
		[
			'no-dry-run',
			true,
			'Error from server (BadRequest): error when creating "STDIN": admission webhook "audit.example" does not support dry run',
		],
		[
			'invalid',
			true,
			'Error from server (Forbidden): error when creating "STDIN": admission webhook "policy.example" denied the request: no',
		],
		[
			'invalid',
			true,
			"The bgppeers \"x\" is invalid: : ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: false",
		],
		[
			'invalid',
			true,
			'Error from server (BadRequest): error when creating "STDIN": BGPPeer in version "v3" cannot be handled as a BGPPeer: strict decoding error: unknown field "spec.colour"',
		],
		['invalid', true, 'error: error validating "STDIN": error validating data: unknown object type'],
		[
			'failed',
			true,
			'Error from server (InternalError): Internal error occurred: failed calling webhook "x": Post "https://x": dial tcp 10.0.0.1:443: connect: connection refused',
		],
		['forbidden', true, 'error: You must be logged in to the server (Unauthorized)'],
		[
			'forbidden',
			true,
			'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
		],
		[
			'forbidden',
			true,
			'Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255',
		],
		[
			'forbidden',
			true,
			'Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
		],
		['unreachable', true, 'Unable to connect to the server: dial tcp: lookup api.example on 10.0.0.2:53: no such host'],
		['unreachable', false, 'Unable to connect to the server: dial tcp 10.9.9.9:6443: i/o timeout'],
		['unreachable', false, 'Unable to connect to the server: EOF'],
		['unreachable', false, 'error: http2: client connection lost'],
		['unreachable', true, 'Unable to connect to the server: x509: certificate signed by unknown authority'],
		['unreachable', true, 'Error in configuration: context was not found for specified context: nope'],
		['unreachable', true, 'error: context "nope" does not exist'],
		['unreachable', true, 'error: stat /nope: no such file or directory'],
		[
			'unreachable',
			true,
			'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
		],
		['timeout', false, 'Unable to connect to the server: context deadline exceeded'],
		[
			'timeout',
			false,
			'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request',
		],
		[
			'timeout',
			false,
			'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
		],
		['unreachable', false, 'Error from server: etcdserver: leader changed'],
		['failed', true, 'Error: unknown flag: --bogus'],
		['failed', true, 'error: resource mapping not found for name: "x": no matches for kind "BGPPeer" in version "v1"'],
		['failed', false, 'panic: runtime error: invalid memory address'],
	])('tells %s (settled: %s) from %j', (kind, settled, stderr) => {
		const {kind: found, detail} = failureOf(command, refused(`${stderr}\n`), write);
		expect([found, detail.settled]).toEqual([kind, settled]);
		expect(failureOf(command, refused(`${stderr}\n`), {...write, writes: false}).detail.settled).toBe(true);
	});

	it('tells missing credentials from a question for them', () => {
		const asks = refused('EOF\n', 'Please enter Username: ');
		expect(failureOf(command, asks, write).message).toMatch(/credentials/);
	});

	it.each([
		['not-found', 'tool-not-found', true],
		['not-executable', 'tool-not-found', true],
		['timeout', 'timeout', false],
		['aborted', 'aborted', false],
		['killed', 'failed', false],
	] as const)('tells %s, and whether the write may have happened', (failure, kind, settled) => {
		const result: ExecResult = {stdout: '', stderr: '', exitCode: null, failure};
		const error = failureOf(command, result, write);
		expect([error.kind, error.detail.settled]).toEqual([kind, settled]);
	});

	it('leaves server warnings out of the words', () => {
		const words = 'Warning: bgppeers is deprecated\nError from server (Conflict): something\n';
		expect(wordsOf(refused(words))).toBe('Error from server (Conflict): something');
		expect(failureOf(command, refused(words), write).kind).toBe('conflict');
	});
});

describe('isMissing', () => {
	it('is about that one resource only', () => {
		const result = printed('kdd-v3.32.1/kubectl', 7);
		expect(isMissing(result, 'default')).toBe(true);
		expect(isMissing(result, 'other')).toBe(false);
		expect(isMissing({...result, exitCode: 0}, 'default')).toBe(false);
		expect(isMissing(refused('Error from server (Forbidden): nodes "default" is forbidden'), 'default')).toBe(false);
	});
});
