import {describe, expect, test} from 'vitest';
import {apiShapes, startKubectlPractice} from '../../support/practice-kubectl.ts';

const peerOf = (version: string, spec: Readonly<Record<string, unknown>>): string =>
	JSON.stringify({kind: 'BGPPeer', apiVersion: version, metadata: {name: 'p'}, spec});

describe.each(apiShapes)('Calico resources on Kubernetes, %s', shape => {
	test('what one tool writes, the other reads', async () => {
		const {kubectl, calicoctl, json, group} = startKubectlPractice(shape);
		const peer = peerOf('projectcalico.org/v3', {nodeSelector: 'all()', peerSelector: 'has(rr)'});
		expect(await calicoctl('apply -f -', peer)).toMatchObject({exitCode: 0});
		expect(await json(`get bgppeers.${group} p`)).toMatchObject({
			spec: {nodeSelector: 'all()', peerSelector: 'has(rr)'},
		});
		await kubectl(['patch', `bgppeers.${group}`, 'p', '--type=merge', '-p', '{"spec":{"peerSelector":"has(other)"}}']);
		expect((await calicoctl('get bgppeer p -o yaml --export')).stdout).toContain('peerSelector: has(other)');
	});

	test('a selector that does not parse is refused only where Calico’s API server looks', async () => {
		const {kubectl, version} = startKubectlPractice(shape);
		const {stderr, exitCode} = await kubectl('create -f -', peerOf(version, {nodeSelector: 'has((rr)'}));
		const isChecked = shape === 'kubernetes-aggregated';
		expect(exitCode).toBe(isChecked ? 1 : 0);
		if (isChecked) expect(stderr).toMatch(/^The BGPPeer "p" is invalid: NodeSelector: Invalid value: "has\(\(rr\)": /);
	});

	test('the rules for the mesh’s password hold in every API', async () => {
		const {kubectl, version} = startKubectlPractice(shape);
		const configuration = {
			kind: 'BGPConfiguration',
			apiVersion: version,
			metadata: {name: 'default'},
			spec: {nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: '30s'},
		};
		const {stderr, exitCode} = await kubectl('create -f - --dry-run=server', JSON.stringify(configuration));
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(
			/^The BGPConfiguration "default" is invalid: .*nodeMeshMaxRestartTime|NodeMeshMaxRestartTime/i,
		);
	});

	test('a dry run changes nothing', async () => {
		const {kubectl, version, group, cluster} = startKubectlPractice(shape);
		const revision = cluster.datastore.revision();
		await kubectl('create -f - --dry-run=server', peerOf(version, {nodeSelector: 'all()'}));
		expect(cluster.datastore.revision()).toBe(revision);
		expect((await kubectl(`get bgppeers.${group} -o name`)).stdout).toBe('');
	});

	test('the API server notes who wrote which field', async () => {
		const {kubectl, version, group} = startKubectlPractice(shape);
		await kubectl('create -f -', peerOf(version, {nodeSelector: 'all()', peerSelector: 'has(rr)'}));
		await kubectl([
			'patch',
			`bgppeers.${group}`,
			'p',
			'--type=merge',
			'--field-manager=argocd-controller',
			'-p',
			'{"spec":{"peerSelector":"has(x)"}}',
		]);
		const {stdout} = await kubectl(`get bgppeers.${group} p -o json --show-managed-fields`);
		const managers = (JSON.parse(stdout) as {metadata: {managedFields: {manager: string; fieldsV1: unknown}[]}})
			.metadata.managedFields;
		expect(managers.map(({manager}) => manager)).toEqual(['kubectl-create', 'argocd-controller']);
		expect(managers[1]?.fieldsV1).toEqual({'f:spec': {'f:peerSelector': {}}});
		expect((await kubectl(`get bgppeers.${group} p -o json`)).stdout).not.toContain('managedFields');
	});
});

test('with Calico’s API server both groups show one object', async () => {
	const {kubectl, json, version} = startKubectlPractice('kubernetes-aggregated');
	await kubectl('create -f -', peerOf(version, {nodeSelector: 'all()'}));
	expect(await json('get bgppeers.projectcalico.org p')).toMatchObject({apiVersion: 'projectcalico.org/v3'});
	expect(await json('get bgppeers.crd.projectcalico.org p')).toMatchObject({
		apiVersion: 'crd.projectcalico.org/v1',
		metadata: {annotations: {'projectcalico.org/metadata': expect.stringContaining('creationTimestamp')}},
	});
	expect((await kubectl('get bgppeers -o name')).stdout).toBe('bgppeer.projectcalico.org/p\n');
	const service = await json('get apiservices.apiregistration.k8s.io v3.projectcalico.org');
	expect(service).toMatchObject({spec: {service: {name: 'calico-api'}}});
});

test('while the datastore is being migrated both groups are custom resources and the datastore is locked', async () => {
	const {kubectl, json} = startKubectlPractice('kubernetes-v1', {kubernetes: {migration: true}});
	expect((await kubectl('get --raw /apis')).stdout).toContain('"name":"migration.projectcalico.org"');
	expect(await json('get clusterinformations.crd.projectcalico.org default')).toMatchObject({
		spec: {datastoreReady: false},
	});
	expect(await json('get datastoremigrations.migration.projectcalico.org')).toMatchObject({
		items: [{status: {phase: 'Migrating'}}],
	});
});
