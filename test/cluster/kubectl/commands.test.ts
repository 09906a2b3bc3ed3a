import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {kubectlCommand, resourceName, resourceNames, writeQuestion} from '../../../src/cluster/kubectl/commands.ts';
import type {Api} from '../../../src/cluster/kubectl/discovery.ts';
import {bgpPeerSteps} from '../../../src/core/plan/steps.ts';
import type {BgpConfigurationResource, BgpPeerResource} from '../../../src/core/resources.ts';
import {emptySnapshot} from '../../../src/core/snapshot.ts';
import type {Write} from '../../../src/core/write.ts';
import {row} from '../transcripts.ts';

const apiVersion = 'projectcalico.org/v3';
const apis: Readonly<Record<string, Api>> = {
	'kdd-v3.32.1': {
		shape: 'crd.projectcalico.org/v1',
		group: 'crd.projectcalico.org',
		apiVersion: 'crd.projectcalico.org/v1',
	},
	'kdd-native-v3.32.1': {shape: 'native projectcalico.org/v3', group: 'projectcalico.org', apiVersion},
};
const configuration: BgpConfigurationResource = {
	apiVersion,
	kind: 'BGPConfiguration',
	metadata: {name: 'default', resourceVersion: '308', uid: 'u'},
	spec: {asNumber: 64_512, nodeToNodeMeshEnabled: true, nodeMeshMaxRestartTime: '30s'},
};
const meshOff: Write = {
	verb: 'patch',
	kind: 'BGPConfiguration',
	name: 'default',
	before: configuration,
	after: {...configuration, spec: {asNumber: 64_512, nodeToNodeMeshEnabled: false}},
};
const bodyOf = (words: readonly string[]) => JSON.parse(words.at(-1) ?? '');

describe.each(Object.entries(apis))('writeQuestion for %s', (folder, api) => {
	it('creates the BGPPeers that were created on the real cluster', () => {
		const choice = {
			reflectors: ['node-0', 'node-1', 'node-2'],
			order: 'safe',
			clusterId: {mode: 'shared', id: '224.0.0.1'},
			label: 'calico-route-reflector',
		} as const;
		const writes = bgpPeerSteps({snapshot: emptySnapshot, choice, reflectors: choice.reflectors}).flatMap(
			step => step.writes,
		);
		const questions = writes.map(write => writeQuestion(write, api));
		expect(questions.map(({words}) => ['kubectl', ...words])).toEqual(
			[14, 16].map(number => row(`${folder}/kubectl`, number).argv),
		);
		expect(questions.map(({input = ''}) => parse(input))).toEqual(
			[14, 16].map(number => parse(row(`${folder}/kubectl`, number).stdin ?? '')),
		);
	});

	it('patches by the fully qualified name, guarded by the version', () => {
		const {words} = writeQuestion(meshOff, api);
		expect(['kubectl', ...words.slice(0, -1)]).toEqual(row(`${folder}/kubectl`, 22).argv.slice(0, -1));
		expect(bodyOf(words)).toEqual({
			metadata: {resourceVersion: '308'},
			spec: {nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: null},
		});
	});

	it('deletes as it was done on the real cluster', () => {
		const before: BgpPeerResource = {apiVersion, kind: 'BGPPeer', metadata: {name: 'nope'}, spec: {}};
		const {words} = writeQuestion({verb: 'delete', kind: 'BGPPeer', name: 'nope', before}, api);
		expect(['kubectl', ...words]).toEqual(row(`${folder}/kubectl`, 27).argv);
	});
});

describe('the guard of a patch', () => {
	const api = apis['kdd-v3.32.1'] as Api;
	const versionOf = (last: BgpConfigurationResource | undefined) =>
		bodyOf(writeQuestion(meshOff, api, last).words).metadata?.resourceVersion;
	const newer = {...configuration.metadata, resourceVersion: '400'};

	it('is the version read last, where what it touches is as expected', () => {
		const spec = {...configuration.spec, serviceClusterIPs: [{cidr: '10.96.0.0/12'}]};
		expect(versionOf({...configuration, metadata: newer, spec})).toBe('400');
	});

	it('is the version of the plan, where somebody changed what it touches: then the patch fails', () => {
		const spec = {...configuration.spec, nodeMeshMaxRestartTime: '60s'};
		expect(versionOf({...configuration, metadata: newer, spec})).toBe('308');
	});

	it('is not there where no version is known', () => {
		const {resourceVersion: _gone, ...metadata} = configuration.metadata;
		const write = {...meshOff, before: {...configuration, metadata}} as Write;
		expect(bodyOf(writeQuestion(write, api).words)).not.toHaveProperty('metadata');
	});
});

describe('kubectlCommand', () => {
	it('names the cluster behind the question', () => {
		const invocation = {binary: '/opt/kubectl', context: 'lab', kubeconfig: '/tmp/k'};
		expect(kubectlCommand(invocation, ['get', 'nodes'], {requestTimeout: 25})).toEqual({
			file: '/opt/kubectl',
			args: ['get', 'nodes', '--context=lab', '--kubeconfig=/tmp/k', '--request-timeout=25s'],
		});
		expect(kubectlCommand({binary: 'kubectl'}, ['create', '-f', '-'], {input: 'x'})).toEqual({
			file: 'kubectl',
			args: ['create', '-f', '-'],
			input: 'x',
		});
	});

	it('asks for several kinds at once, each in its own API', () => {
		const api = apis['kdd-native-v3.32.1'] as Api;
		expect(resourceNames(['Node', 'BGPPeer', 'IPPool'], api)).toBe(
			'nodes,bgppeers.projectcalico.org,ippools.projectcalico.org',
		);
		expect(resourceName('Node', api)).toBe('node');
	});
});
