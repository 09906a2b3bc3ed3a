import {expect, test} from 'vitest';
import {factsFromSnapshot} from '../../../src/core/doctor/facts-from-snapshot.ts';
import {neededPermissions} from '../../../src/core/doctor/needed-permissions.ts';
import {findOwners} from '../../../src/core/doctor/owners.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import type {ClusterInformationResource, Metadata} from '../../../src/core/resources.ts';
import {emptySnapshot} from '../../../src/core/snapshot.ts';
import {bgpPeer, configuration, healthy, known} from './healthy.ts';

const tool = known({name: 'calicoctl', version: 'v3.32.1'});
/** As calicoctl printed it of a real cluster. */
const information: ClusterInformationResource = {
	apiVersion: 'projectcalico.org/v3',
	kind: 'ClusterInformation',
	metadata: {name: 'default'},
	spec: {clusterGUID: '0a1b2c', clusterType: 'k8s,bgp', calicoVersion: 'v3.32.1', datastoreReady: true},
};

test('etcd: what ClusterInformation says is known, the rest has its reason', () => {
	const facts = factsFromSnapshot({snapshot: emptySnapshot, information, tool, api: known('etcd')});
	expect(facts).toMatchObject({
		tool,
		calicoVersion: known('v3.32.1'),
		datastoreReady: known(true),
		migration: known(null),
		passwordReadable: known(null),
		owners: known([]),
	});
	for (const fact of [facts.backend, facts.installationBgp, facts.exec]) {
		expect(fact).toEqual({known: false, reason: 'calicoctl cannot show it.'});
	}
	expect([facts.felix.known, facts.leftovers.known]).toEqual([false, false]);
	expect(facts.permissions).toMatchObject({known: false, reason: expect.stringContaining('etcd')});
	expect(facts.nodes).toMatchObject({known: false, reason: expect.stringContaining('etcd')});
});

test('without ClusterInformation, or with an empty one, nothing is made up', () => {
	const facts = factsFromSnapshot({snapshot: emptySnapshot, information: undefined, tool});
	expect(facts.calicoVersion).toEqual({known: false, reason: 'there is no ClusterInformation default.'});
	expect(facts.migration.known).toBe(false);
	const empty = factsFromSnapshot({snapshot: emptySnapshot, information: {...information, spec: {}}, tool});
	expect(empty.datastoreReady).toEqual({known: false, reason: 'ClusterInformation default has no datastoreReady.'});
	expect(empty.api.known).toBe(false);
});

test('kdd in clusterType says Kubernetes, but not by which API', () => {
	const spec = {...information.spec, clusterType: 'k8s,bgp,kdd'};
	const {api} = factsFromSnapshot({snapshot: emptySnapshot, information: {...information, spec}, tool});
	expect(api).toMatchObject({known: false, reason: expect.stringContaining('is Kubernetes')});
});

test('whether a mesh password can be read is not known to calicoctl', () => {
	const bgpConfigurations = [configuration({nodeMeshPassword: {secretKeyRef: {name: 'bgp', key: 'pw'}}})];
	const facts = factsFromSnapshot({snapshot: {...emptySnapshot, bgpConfigurations}, information, tool});
	expect(facts.passwordReadable.known).toBe(false);
});

test.each<readonly [owner: string | undefined, metadata: Partial<Metadata>]>([
	['Argo CD', {annotations: {'argocd.argoproj.io/tracking-id': 'net:crd.projectcalico.org/BGPConfiguration:/default'}}],
	['Flux', {labels: {'kustomize.toolkit.fluxcd.io/name': 'network'}}],
	['Helm', {labels: {'app.kubernetes.io/managed-by': 'Helm'}}],
	['Argo CD', {managedFields: [{manager: 'kubectl-create'}, {manager: 'argocd-controller'}]}],
	['Network ours', {ownerReferences: [{kind: 'Network', name: 'ours'}]}],
	[undefined, {labels: {'app.kubernetes.io/managed-by': 'me'}, managedFields: [{manager: 'kubectl-create'}]}],
	[undefined, {managedFields: 'nonsense'}],
])('owner: %s', (owner, metadata) => {
	const own = configuration({});
	const snapshot = {
		...emptySnapshot,
		bgpConfigurations: [{...own, metadata: {...own.metadata, ...metadata}}],
		bgpPeers: [bgpPeer('free', {peerSelector: 'all()'})],
	};
	expect(findOwners(snapshot)).toEqual(owner ? [{kind: 'BGPConfiguration', name: 'default', owner}] : []);
});

test('the permissions asked for are those of the plan and its way back, each once', () => {
	const plan = makePlan(healthy({snapshot: {bgpConfigurations: []}}).snapshot, {
		...defaultChoice,
		reflectors: ['n1', 'n2'],
	});
	const words = (...call: Parameters<typeof neededPermissions>) =>
		neededPermissions(...call).map(({verb, resource, inPods}) => `${verb} ${resource}${inPods ? ' in pods' : ''}`);
	const reads = words(null, 'crd.projectcalico.org/v1', 'exec').filter(text => /^(get|list) /.test(text));
	const found = words(plan, 'crd.projectcalico.org/v1', 'exec');
	expect(new Set(found).size).toBe(found.length);
	expect(found.filter(text => !reads.includes(text))).toEqual([
		'create bgppeers.crd.projectcalico.org',
		'delete bgppeers.crd.projectcalico.org',
		'patch nodes',
		// `default` does not exist: created, and on the way back first patched to turn the mesh on, then deleted.
		'create bgpconfigurations.crd.projectcalico.org',
		'patch bgpconfigurations.crd.projectcalico.org',
		'delete bgpconfigurations.crd.projectcalico.org',
		'create pods/exec in pods',
	]);
	expect(words(null, 'native projectcalico.org/v3', 'node-status')).toContain(
		'create caliconodestatuses.projectcalico.org',
	);
});
