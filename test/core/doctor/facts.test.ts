import {describe, expect, test} from 'vitest';
import {examine} from '../../../src/core/doctor/examine.ts';
import {createDoctorInput, type DoctorQuestion} from '../../../src/core/doctor/input.ts';
import type {ClusterFacts} from '../../../src/core/facts.ts';
import {healthy, known, nodeFacts, nodeNamed, secret} from './healthy.ts';

function find(id: string, question: DoctorQuestion) {
	return examine(createDoctorInput(question)).find(finding => finding.id === id);
}

function withFacts(facts: Partial<ClusterFacts>) {
	return healthy({facts});
}

const nodesFact = (changes: Readonly<Record<string, Partial<typeof nodeFacts>>>) =>
	known(new Map(['n1', 'n2', 'n3', 'n4', 'n5'].map(name => [name, {...nodeFacts, ...changes[name]}])));

/** What makes a check of the facts speak; it is silent about the healthy cluster. */
const cases: ReadonlyArray<readonly [id: string, state: string, question: DoctorQuestion, says: RegExp]> = [
	['reachable', 'block', healthy({nodes: 0, choice: null}), /holds no node/],
	['reachable', 'unknown', withFacts({tool: secret}), /5 nodes were read.*nobody told\.$/],
	[
		'version-mismatch',
		'block',
		withFacts({tool: known({name: 'calicoctl', version: 'v3.31.0'})}),
		/calicoctl is v3\.31\.0, the cluster v3\.32\.1/,
	],
	[
		'version-mismatch',
		'warn',
		{...withFacts({tool: known({name: 'calicoctl', version: 'v3.31.0'})}), allowVersionMismatch: true},
		/You said/,
	],
	['version-mismatch', 'unknown', withFacts({calicoVersion: secret}), /nobody told/],
	['datastore-ready', 'block', withFacts({datastoreReady: known(false)}), /datastoreReady: false/],
	['datastore-migration', 'block', withFacts({migration: known('Converged')}), /phase Converged/],
	[
		'permissions',
		'block',
		withFacts({
			permissions: known([
				{verb: 'patch', resource: 'nodes', allowed: false},
				{verb: 'get', resource: 'nodes', allowed: true},
				{verb: 'create', resource: 'bgppeers.crd.projectcalico.org', allowed: false},
			]),
		}),
		/2 permissions of 3 are missing: patch nodes, create bgppeers\.crd\.projectcalico\.org\./,
	],
	['permissions', 'unknown', withFacts({permissions: known([])}), /no permission was asked/],
	['exec-allowed', 'warn', withFacts({exec: known(false)}), /pods\/exec is refused/],
	['exec-allowed', 'unknown', {...withFacts({exec: secret}), observations: new Map()}, /nobody told/],
	['bgp-backend', 'block', withFacts({backend: known('vxlan')}), /is vxlan/],
	['bgp-backend', 'unknown', {...withFacts({backend: secret}), observations: new Map()}, /nobody told/],
	['bgp-enabled', 'block', withFacts({installationBgp: known('Disabled')}), /BGP Disabled/],
	['calico-version', 'block', withFacts({calicoVersion: known('v3.20.6')}), /stays in the IPv4 mesh/],
	['calico-version', 'unknown', withFacts({calicoVersion: known('master')}), /"master"/],
	['chosen-ready', 'block', withFacts({nodes: nodesFact({n2: {ready: false}})}), /n2 not ready/],
	['chosen-ready', 'warn', withFacts({nodes: nodesFact({n3: {schedulable: false}})}), /n3: cordoned/],
	[
		'internal-addresses',
		'warn',
		withFacts({nodes: nodesFact({n4: {internalIps: ['192.168.0.4', 'fd00::4']}})}),
		/n4 speaks BGP on 10\.0\.0\.4, its InternalIP is 192\.168\.0\.4, fd00::4/,
	],
	['windows-nodes', 'warn', withFacts({nodes: nodesFact({n5: {os: 'windows'}})}), /n5: Windows/],
	[
		'gitops-owner',
		'warn',
		withFacts({owners: known([{kind: 'BGPConfiguration', name: 'default', owner: 'Flux'}])}),
		/BGPConfiguration default belongs to Flux/,
	],
	[
		'leftovers',
		'warn',
		withFacts({leftovers: known([{kind: 'CalicoNodeStatus', name: 'rr-n1', remove: 'kubectl delete it'}])}),
		/CalicoNodeStatus rr-n1/,
	],
	[
		'pool-routes',
		'unknown',
		withFacts({felix: secret}),
		/no encapsulation, by whom is not known\. Felix's setting is not known: nobody told\.$/,
	],
];

describe('what the facts say', () => {
	test.each(cases)('%s: %s', (id, state, question, says) => {
		expect(find(id, question)).toMatchObject({state, reason: expect.stringMatching(says)});
		expect(find(id, healthy({nodes: 12}))).toMatchObject({state: 'pass', next: []});
	});

	test('calicoctl compares as it does itself, kubectl not at all', () => {
		const tool = (name: string, version: string) =>
			find('version-mismatch', withFacts({tool: known({name, version})}))?.state;
		expect(tool('calicoctl', '3.32.1-0.dev')).toBe('pass');
		expect(tool('kubectl', 'v1.35.0')).toBe('pass');
	});

	test('what a leftover needs to go is among the next steps', () => {
		const leftovers = known([{kind: 'CalicoNodeStatus', name: 'rr-n1', remove: 'kubectl delete it'}]);
		expect(find('leftovers', withFacts({leftovers}))?.next).toContain('kubectl delete it');
	});

	test("sessions in a node's BIRD stand for a backend that nobody told", () => {
		const facts = {backend: secret, installationBgp: secret, exec: secret};
		expect(find('bgp-backend', withFacts(facts))).toMatchObject({
			state: 'pass',
			reason: expect.stringContaining('n1'),
		});
		expect(find('bgp-enabled', withFacts(facts))).toMatchObject({state: 'pass'});
		expect(find('exec-allowed', withFacts(facts))).toMatchObject({state: 'pass'});
	});

	test('an IPv6 address is the same in every spelling', () => {
		const nodes = ['n1', 'n2', 'n3', 'n4'].map((name, index) =>
			nodeNamed(name, {ipv6Address: `FD00:0:0::${index + 1}/64`}),
		);
		const facts = {nodes: nodesFact({n1: {internalIps: ['fd00::1']}, n2: {internalIps: ['fd00::22']}})};
		expect(find('internal-addresses', healthy({snapshot: {nodes}, facts}))?.reason).toBe(
			'n2 speaks BGP on fd00::2, its InternalIP is fd00::22.',
		);
	});
});
