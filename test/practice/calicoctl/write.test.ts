import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {createCalicoctl, peerManifest} from '../../support/practice-calicoctl.ts';

const node = 'ip-172-31-45-29';
const peer = {peerIP: '10.0.0.1', asNumber: 64512};
const configuration = (spec: string, name = 'default'): string =>
	`{kind: BGPConfiguration, apiVersion: projectcalico.org/v3, metadata: {name: ${name}}, spec: ${spec}}`;

test('a patch touches only its fields', () => {
	const {run, datastore} = createCalicoctl();
	const before = datastore.get('Node', node);
	const patch = (body: unknown): unknown => run(['patch', 'node', node, '-p', JSON.stringify(body)]).stdout;
	expect(patch({metadata: {labels: {rr: ''}}, spec: {bgp: {routeReflectorClusterID: '224.0.0.1'}}})).toBe(
		"Successfully patched 1 'Node' resource\n",
	);
	expect(datastore.get('Node', node)).toMatchObject({
		metadata: {labels: {...before?.metadata.labels, rr: ''}, uid: before?.metadata.uid},
		spec: {bgp: {ipv4Address: '172.31.45.29/20', routeReflectorClusterID: '224.0.0.1'}},
	});
	patch({metadata: {labels: {rr: null}}, spec: {bgp: {routeReflectorClusterID: null}}});
	const {resourceVersion: _before, ...old} = before?.metadata ?? {};
	const {resourceVersion: _after, ...now} = datastore.get('Node', node)?.metadata ?? {};
	expect(now).toEqual(old);
	expect(datastore.get('Node', node)?.spec).toEqual(before?.spec);
});

test('lists are replaced whole by a patch', () => {
	const {run, datastore} = createCalicoctl();
	run('create -f -', configuration('{serviceClusterIPs: [{cidr: 10.96.0.0/16}, {cidr: 10.97.0.0/16}]}'));
	run([
		'patch',
		'bgpconfig',
		'default',
		'-p',
		'{"spec":{"serviceClusterIPs":[{"cidr":"10.98.0.0/16"}]}}',
		'-t',
		'merge',
	]);
	expect(datastore.get('BGPConfiguration', 'default')?.spec.serviceClusterIPs).toEqual([{cidr: '10.98.0.0/16'}]);
});

test('an apply without labels takes the labels away, and one with a stale revision is refused', () => {
	const {run, datastore} = createCalicoctl();
	const revision = datastore.get('Node', node)?.metadata.resourceVersion;
	const manifest = (metadata: object): string =>
		JSON.stringify({
			kind: 'Node',
			apiVersion: 'projectcalico.org/v3',
			metadata: {name: node, ...metadata},
			spec: {bgp: {ipv4Address: '172.31.45.29/20'}},
		});
	expect(run('apply -f -', manifest({resourceVersion: revision})).exitCode).toBe(0);
	expect(datastore.get('Node', node)?.metadata.labels).toBeUndefined();
	for (const verb of ['apply', 'replace']) {
		expect(run(`${verb} -f -`, manifest({resourceVersion: revision})).stderr).toContain(
			`update conflict: Node(${node})`,
		);
	}
	expect(run('delete -f -', manifest({resourceVersion: revision})).stderr).toContain('update conflict');
});

test('what was got can be applied again and changes only the revision', () => {
	const {run} = createCalicoctl();
	run('apply -f -', peerManifest('a', {...peer, nodeSelector: 'has(rr) && !all()'}));
	for (const format of ['yaml', 'json']) {
		const before = run(`get bgppeer a -o ${format}`).stdout;
		expect(run('apply -f -', before).stdout).toBe("Successfully applied 1 'BGPPeer' resource(s)\n");
		const after = run(`get bgppeer a -o ${format}`).stdout;
		const masked = (text: string): string => text.replace(/resourceVersion"?: "\d+"/, '');
		expect(masked(after)).toBe(masked(before));
		expect(after).not.toBe(before);
		expect(run('apply -f -', run(`get bgppeers -o ${format}`).stdout).exitCode).toBe(0);
	}
});

test('several kinds in one file are counted together', () => {
	const {run} = createCalicoctl();
	const file = `${peerManifest('a', peer)}\n---\n${configuration('{}')}\n---\n# nothing\n---\n`;
	expect(run('create -f -', file).stdout).toBe('Successfully created 2 resource(s)\n');
	expect(run('create -f -', file).stderr).toMatch(/^failed to create any resources: \[resource already exists: /);
	expect(run('validate -f -', file).stdout).toBe('Successfully validated 2 resource(s)\n');
	expect(run('delete -f -', file).stdout).toBe('Successfully deleted 2 resource(s)\n');
	expect(run('delete -f -', file).stderr).toBe(
		'Failed to delete resource: resource does not exist: BGPPeer(a) with error: <nil>\nFailed to delete resource: resource does not exist: BGPConfiguration(default) with error: <nil>\n\n',
	);
});

test('a directory is taken file by file, deeper ones only when asked', () => {
	const directory = mkdtempSync(join(tmpdir(), 'practice-'));
	mkdirSync(join(directory, 'manifests/deep'), {recursive: true});
	writeFileSync(join(directory, 'manifests/b.yaml'), peerManifest('b', peer));
	writeFileSync(join(directory, 'manifests/a.json'), peerManifest('a', peer));
	writeFileSync(join(directory, 'manifests/notes.txt'), 'not a manifest: [');
	writeFileSync(join(directory, 'manifests/deep/c.yml'), peerManifest('c', peer));
	const {run} = createCalicoctl({directory});
	expect(run('create -f manifests').stdout).toBe("Successfully created 2 'BGPPeer' resource(s)\n");
	expect(run('create -Rf manifests --skip-exists').stdout).toBe("Successfully created 3 'BGPPeer' resource(s)\n");
	writeFileSync(join(directory, 'manifests/empty.yaml'), '');
	expect(run('apply -f manifests').stderr).toBe('no resources specified in file manifests/empty.yaml\n');
	expect(run('apply -f manifests --skip-empty').stdout).toBe("Successfully applied 2 'BGPPeer' resource(s)\n");
});

test('with a Node go its own BGPPeers and BGPConfiguration', () => {
	const {run, datastore} = createCalicoctl();
	run('create -f -', peerManifest('own', {...peer, node}));
	run('create -f -', peerManifest('global', peer));
	run('create -f -', configuration('{listenPort: 1790}', `node.${node}`));
	expect(run(`delete node ${node}`).stdout).toBe("Successfully deleted 1 'Node' resource(s)\n");
	expect(datastore.list('BGPPeer').map(({metadata}) => metadata.name)).toEqual(['global']);
	expect(datastore.list('BGPConfiguration')).toEqual([]);
	expect(datastore.list('Node')).toHaveLength(4);
});

test('Go’s zero values are left out, pointers to them are kept', () => {
	const {run, datastore} = createCalicoctl();
	const spec =
		'{nodeToNodeMeshEnabled: false, listenPort: 0, communities: [], nodeMeshMaxRestartTime: null, logSeverityScreen: ""}';
	expect(run('create -f -', configuration(spec)).exitCode).toBe(0);
	expect(datastore.get('BGPConfiguration', 'default')?.spec).toEqual({
		logSeverityScreen: 'Info',
		nodeToNodeMeshEnabled: false,
		serviceLoadBalancerAggregation: 'Enabled',
	});
});

test('durations, AS numbers and texts are read as Go reads them', () => {
	const {run, datastore} = createCalicoctl();
	const spec = {peerIP: '10.0.0.1', asNumber: '1.10', maxRestartTime: '90s', reversePeering: 'Manual'};
	run('create -f -', peerManifest('a', spec));
	expect(datastore.get('BGPPeer', 'a')?.spec).toEqual({...spec, asNumber: 65546, maxRestartTime: '1m30s'});
	run(
		'apply -f -',
		`kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: a, labels: {spot: yes, rack: 1}}\nspec: {}\n`,
	);
	expect(datastore.get('Node', 'a')?.metadata.labels).toEqual({spot: 'true', rack: '1'});
});

describe('a write is refused when', () => {
	const unreadable = 'failed to execute command: error unmarshaling JSON: while decoding JSON: ';
	test.each([
		[
			peerManifest('a', {node: 'n', nodeSelector: 'all()'}),
			"-  Node = 'n' (Node field must be empty when NodeSelector is specified)\n-  spec (node and nodeSelector cannot both be set)\n",
		],
		[
			peerManifest('a', {...peer, password: 'x'}),
			`${unreadable}json: cannot unmarshal string into Go struct field BGPPeerSpec.spec.password of type v3.BGPPassword\n`,
		],
		[peerManifest('a', {...peer, asNumber: 'AS1'}), `${unreadable}invalid AS Number format (AS1)\n`],
		[peerManifest('a', {...peer, maxRestartTime: 'soon'}), `${unreadable}time: invalid duration "soon"\n`],
		[peerManifest('a', {...peer, peerIP: '10.0.0.1:0'}), 'Field: PeerIP because of Tag: IP:port )]\n'],
		[
			peerManifest('a', {...peer, reachableBy: 'fd00::1'}),
			"ReachableBy = 'fd00::1' (ReachableBy and PeerIP address family mismatched)]\n",
		],
		[peerManifest('a', {nodeSelector: 'has(a)\n'}), 'because of Tag: selector )]\n'],
		[
			configuration('{listenPort: 70000}'),
			`${unreadable}json: cannot unmarshal number 70000 into Go struct field BGPConfigurationSpec.spec.listenPort of type uint16\n`,
		],
		[
			configuration('{communities: [{name: a, value: "1:2"}]}'),
			"Spec.Communities[] = '[{a 1:2}]' (communities are defined but not used in Spec.PrefixAdvertisement[].)]\n",
		],
		[
			configuration('{serviceClusterIPs: [{cidr: 10.96.0.1/16}]}'),
			"error with field CIDR = '10.96.0.1/16' (Reason: failed to validate Field: CIDR because of Tag: net )]\n",
		],
		[
			'kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: n, labels: {"a b": ""}}\n',
			"error with field Metadata.Labels (label) = 'a b' (name part must consist of",
		],
		[
			'kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: n, labels: {a: "b c"}}\n',
			"error with field Metadata.Labels (value) = 'b c' (a valid label must be",
		],
		[
			'kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: n, namespace: m}\n',
			'Node is not a namespaced resource]\n',
		],
		[
			'kind: Node\napiVersion: v1\nmetadata: {name: n}\n',
			'failed to execute command: unknown resource type (Node) and/or version (v1)\n',
		],
		[
			'kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: n}\nspecs: {}\n',
			'field in document is not recognized or is in the wrong location: specs\n',
		],
		[
			'kind: Node\napiVersion: projectcalico.org/v3\nmetadata: {name: n}\nmetadata: {name: m}\n',
			'key "metadata" already set in map\n',
		],
		['[1, 2]', 'failed to execute command: '],
		[
			'kind: IPPool\napiVersion: projectcalico.org/v3\nmetadata: {name: n}\n',
			'the practice cluster does not know writing a IPPool\n',
		],
		[
			'kind: BGPFilter\napiVersion: projectcalico.org/v3\nmetadata: {name: n}\n',
			'the practice cluster does not know the kind BGPFilter\n',
		],
		[peerManifest('a', {...peer, filters: ['f']}), 'the practice cluster does not know a BGPPeer with filters'],
		[peerManifest('a', {...peer, nextHopMode: 'Never'}), 'the practice cluster does not know how NextHopMode'],
	])('%s', (manifest, stderr) => {
		const {run, datastore} = createCalicoctl();
		const before = datastore.revision();
		const answer = run('apply -f -', manifest);
		expect(answer.stderr).toContain(stderr);
		expect(answer.exitCode).toBe(stderr.startsWith('the practice') ? 70 : 1);
		expect(datastore.revision()).toBe(before);
	});

	test('it is given wrongly', () => {
		const {run} = createCalicoctl();
		for (const words of [
			'apply x -f -',
			'patch node',
			`patch node ${node}`,
			'label nodes n a=b --overwrite --remove',
		]) {
			expect(run(words)).toMatchObject({exitCode: 1, stderr: expect.stringMatching(/^Usage:\n {2}calicoctl/)});
		}
		expect(run('label nodes n a=b').stderr).toBe('nodes n not found\n');
		expect(run(`label nodes ${node} a`).stderr).toBe('invalid label a\n');
		expect(run(`label nodes ${node} a=b=c`).stderr).toBe('invalid label a=b=c\n');
		expect(run(`label nodes ${node} a=,`).stderr).toBe(`failed to update nodes ${node}, label not changed\n`);
		expect(run('delete clusterinfo default').stderr).toContain(
			'operation delete is not supported on ClusterInformation',
		);
		expect(run(['patch', 'node', node, '-p', '[]']).stderr).toBe(
			'hit error: performing strategic merge patch: invalid JSON document\n',
		);
		expect(run(['patch', 'node', node, '-p', '{"spec":{"$patch":"replace"}}']).exitCode).toBe(70);
	});
});
