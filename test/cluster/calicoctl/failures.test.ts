import {describe, expect, it} from 'vitest';
import {failureOf, isMissing, wordsOf} from '../../../src/cluster/calicoctl/failures.ts';
import type {ExecResult} from '../../../src/cluster/exec.ts';
import {row} from '../transcripts.ts';

const command = {file: 'calicoctl', args: ['patch', 'node', 'node-0', '-p', '{}']};
const write = {writes: true, timeout: 30_000};
const refused = (stderr: string, stdout = ''): ExecResult => ({stdout, stderr, exitCode: 1});

function kindOf(result: ExecResult): string {
	return failureOf(command, result, write).kind;
}

describe('failureOf', () => {
	it.each<readonly [file: string, number: number, kind: string, message: string]>([
		['etcd-v3.32.1/errors', 1, 'missing', 'There is no Node nowhere.'],
		['etcd-v3.32.1/errors', 3, 'missing', 'There is no BGPConfiguration default.'],
		['etcd-v3.32.1/errors', 5, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 7, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 8, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 9, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 12, 'exists', 'There is a BGPPeer peer-to-rrs already.'],
		['etcd-v3.32.1/errors', 13, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 14, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 15, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 18, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 20, 'exists', 'There is a BGPPeer peer-to-rrs already.'],
		['etcd-v3.32.1/errors', 22, 'missing', 'There is no Node nowhere.'],
		['etcd-v3.32.1/errors', 23, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 24, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 25, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 26, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 27, 'missing', 'There is no BGPConfiguration default.'],
		['etcd-v3.32.1/errors', 28, 'missing', 'There is no BGPPeer nope.'],
		['etcd-v3.32.1/errors', 31, 'failed', 'calicoctl failed with exit code 1.'],
		['etcd-v3.32.1/errors', 37, 'conflict', 'Somebody else changed Node node-1 at the same moment.'],
		['etcd-v3.32.1/errors', 38, 'missing', 'There is no BGPPeer absent.'],
		['etcd-v3.32.1/errors', 39, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 40, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/errors', 42, 'failed', 'This calicoctl does not know an option that was given to it.'],
		['etcd-v3.32.1/errors', 43, 'failed', 'This calicoctl does not know an option that was given to it.'],
		['etcd-v3.32.1/mesh-password', 2, 'invalid', 'Calico does not accept this.'],
		['etcd-v3.32.1/safe-and-back', 29, 'missing', 'There is no BGPConfiguration default.'],
		['etcd-v3.32.1/safe-and-back', 37, 'exists', 'There is a BGPConfiguration default already.'],
		...[2, 3, 4, 5, 6].map(
			number =>
				[
					'etcd-v3.33-against-v3.32/version-mismatch',
					number,
					'version-mismatch',
					'calicoctl v3.33.0 does not work on a cluster of Calico 3.32.1.',
				] as const,
		),
	])('reads what real calicoctl printed: %s row %i is %s', (file, number, kind, message) => {
		const {stdout, stderr, exit} = row(file, number);
		expect(exit).toBe(1);
		const error = failureOf(command, {stdout, stderr, exitCode: exit}, write);
		expect({kind: error.kind, message: error.message}).toEqual({kind, message});
		expect(error.detail).toMatchObject({words: stderr.trim(), exitCode: 1, settled: true, command});
		expect(error.detail.next.length).toBeGreaterThan(0);
	});

	it('names --allow-version-mismatch where versions differ', () => {
		const {stderr} = row('etcd-v3.33-against-v3.32/version-mismatch', 4);
		const {detail} = failureOf(command, refused(stderr), write);
		expect(detail.words).toContain('Use --allow-version-mismatch to override');
		expect(detail.next.join(' ')).toContain('--allow-version-mismatch');
	});

	// Texts of Calico's code that no transcript has: the Kubernetes datastore, releases up to 3.30, 3.33, missing rights.
	it.each([
		['missing', 'Hit error: resource does not exist: Node(x) with error: nodes "x" not found'],
		[
			'exists',
			'Failed to create \'BGPPeer\' resource: [resource already exists: BGPPeer(x) with error: bgppeers.crd.projectcalico.org "x" already exists]',
		],
		['conflict', 'hit error: updating existing resource: update conflict: Node(x)'],
		['conflict', "failed to apply 'Node' resource: [failed to update the resource: %!s(<nil>)]"],
		[
			'forbidden',
			'hit error: updating existing resource: connection is unauthorized: nodes "x" is forbidden: User "u" cannot update resource "nodes/status" in API group "" at the cluster scope',
		],
		[
			'forbidden',
			'failed to get resources: unable to get Cluster Information to verify version mismatch: connection is unauthorized: clusterinformations.crd.projectcalico.org "default" is forbidden: User "u" cannot get resource\nUse --allow-version-mismatch to override',
		],
		['forbidden', 'hit error: etcdserver: permission denied'],
		['invalid', "failed to create 'Node' resource: [operation Create is not supported on Node(node-9)]"],
		[
			'invalid',
			'hit error: updating existing resource: BGPConfiguration.crd.projectcalico.org "default" is invalid: spec: Invalid value: "object": nodeMeshPassword cannot be set when nodeToNodeMeshEnabled is false',
		],
		[
			'version-mismatch',
			'Failed to get resources: Version mismatch.\nClient Version:   v3.30.0\nCluster Version:  3.29.1\nUse --allow-version-mismatch to override',
		],
		['failed', 'nodes node-0 not found'],
		['failed', 'failed to update nodes node-0, label not changed'],
		['failed', 'unknown flag: --frobnicate'],
	])('tells %s from %j', (kind, stderr) => {
		expect(kindOf(refused(`${stderr}\n`))).toBe(kind);
	});

	it.each([
		[
			'unable to get Cluster Information to verify version mismatch: Get "https://10.96.0.1:443/apis/crd.projectcalico.org/v1/clusterinformations/default": dial tcp 10.96.0.1:443: connect: connection refused\nUse --allow-version-mismatch to override\n',
			'',
			true,
		],
		['', 'Failed to create Calico API client: invalid configuration: no configuration has been provided\n', true],
		['', 'Error reading config file: /nowhere.cfg\n', true],
		['hit error: no etcd endpoints specified\n', '', true],
		['hit error: dial tcp: lookup etcd.example on 10.0.0.2:53: no such host\n', '', true],
		['hit error: context deadline exceeded\n', '', false],
		['hit error: etcdserver: request timed out\n', '', false],
		[
			'hit error: updating existing resource: Put "https://10.96.0.1:443/apis/crd.projectcalico.org/v1/bgpconfigurations/default": EOF\n',
			'',
			false,
		],
	])('tells an unreachable datastore, and whether the write may have arrived: %j %j', (stderr, stdout, settled) => {
		const error = failureOf(command, refused(stderr, stdout), write);
		expect([error.kind, error.detail.settled]).toEqual(['unreachable', settled]);
		expect(error.detail.words).toBe((stdout + stderr).trim());
		expect(failureOf(command, refused(stderr, stdout), {writes: false, timeout: 1}).detail.settled).toBe(true);
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
		expect(failureOf(command, result, {writes: false, timeout: 15_000}).detail.settled).toBe(true);
	});

	it('says how long it waited', () => {
		const result: ExecResult = {stdout: '', stderr: '', exitCode: null, failure: 'timeout'};
		expect(failureOf(command, result, write).message).toBe('calicoctl did not answer within 30 s.');
	});

	it('does not take a crash for an answer', () => {
		const error = failureOf(command, {stdout: '', stderr: 'panic: runtime error', exitCode: 2}, write);
		expect([error.kind, error.detail.settled]).toEqual(['failed', false]);
	});

	it('is not misled by what a value says', () => {
		const stderr =
			"failed to apply 'BGPPeer' resource: [error with field NodeSelector = 'resource does not exist: Node(x) connection refused']";
		expect(kindOf(refused(stderr))).toBe('invalid');
	});

	it("takes client-go's warnings out of the words", () => {
		const warning = 'I1123 16:34:11.634315    6039 warnings.go:107] "Warning: unknown field \\"status\\""\n';
		const stderr = `${warning.repeat(3)}failed to create 'BGPPeer' resource: [resource already exists: BGPPeer(x) with error: bgppeers.crd.projectcalico.org "x" already exists]\n`;
		expect(kindOf(refused(stderr))).toBe('exists');
		expect(wordsOf(refused(stderr))).not.toContain('warnings.go');
		expect(wordsOf(refused(stderr))).toMatch(/^failed to create /);
	});
});

describe('isMissing', () => {
	it('needs the exit code, the empty answer and the words', () => {
		const {stdout, stderr} = row('etcd-v3.32.1/errors', 3);
		expect(stdout).toBe('null');
		expect(isMissing({stdout, stderr, exitCode: 1})).toBe(true);
		expect(isMissing({stdout, stderr: '', exitCode: 1})).toBe(false);
		expect(isMissing({stdout, stderr: 'connection is unauthorized: x', exitCode: 1})).toBe(false);
		expect(isMissing({stdout: '{"kind":"Node"}', stderr, exitCode: 1})).toBe(false);
		expect(isMissing({stdout, stderr, exitCode: 0})).toBe(false);
	});
});
