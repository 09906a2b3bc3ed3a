import {expect, test} from 'vitest';
import {createSteppedClock} from '../../../src/practice/clock.ts';
import {createDatastore, type Datastore} from '../../../src/practice/datastore/datastore.ts';
import {DatastoreError} from '../../../src/practice/datastore/errors.ts';
import {generateNodes, poolFor, seedResources} from '../../../src/practice/datastore/seed.ts';
import type {Change, StoredResource} from '../../../src/practice/datastore/types.ts';
import {createRandom} from '../../../src/practice/random.ts';

const clock = createSteppedClock({start: Date.UTC(2026, 0, 2, 3, 4, 5)});

function createEmpty(): Datastore {
	return createDatastore({clock, random: createRandom(1)});
}

function peer(name: string, spec: StoredResource['spec'] = {peerIP: '10.0.0.1', asNumber: 64512}): StoredResource {
	return {kind: 'BGPPeer', apiVersion: 'projectcalico.org/v3', metadata: {name}, spec};
}

function refusal(action: () => unknown): Pick<DatastoreError, 'kind' | 'message'> {
	try {
		action();
	} catch (error) {
		if (error instanceof DatastoreError) return {kind: error.kind, message: error.message};
		throw error;
	}
	throw new Error('it was not refused');
}

test('a created resource has an identity, and each write makes the revision one higher', () => {
	const datastore = createEmpty();
	const before = datastore.revision();
	const created = datastore.create(peer('a'));
	expect(created.metadata).toMatchObject({
		name: 'a',
		creationTimestamp: '2026-01-02T03:04:05Z',
		resourceVersion: String(before + 1),
		uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
	});
	const updated = datastore.update({...created, spec: {peerIP: '10.0.0.2', asNumber: 64512}});
	expect(updated.metadata).toEqual({...created.metadata, resourceVersion: String(before + 2)});
	datastore.delete('BGPPeer', 'a');
	expect(datastore.revision()).toBe(before + 3);
	expect(datastore.get('BGPPeer', 'a')).toBeUndefined();
});

test('what exists, is missing or has changed meanwhile is refused', () => {
	const datastore = createEmpty();
	const created = datastore.create(peer('a'));
	expect(refusal(() => datastore.create(peer('a')))).toEqual({
		kind: 'exists',
		message: 'resource already exists: BGPPeer(a) with error: <nil>',
	});
	datastore.update(created);
	const conflict = {kind: 'conflict', message: 'update conflict: BGPPeer(a)'};
	expect(refusal(() => datastore.update(created))).toEqual(conflict);
	expect(refusal(() => datastore.delete('BGPPeer', 'a', created.metadata.resourceVersion))).toEqual(conflict);
	const missing = {kind: 'missing', message: 'resource does not exist: BGPPeer(b) with error: <nil>'};
	expect(refusal(() => datastore.delete('BGPPeer', 'b'))).toEqual(missing);
	expect(refusal(() => datastore.update({...created, metadata: {...created.metadata, name: 'b'}}))).toEqual(missing);
});

test('a write without a revision, and a create with one, are refused', () => {
	const datastore = createEmpty();
	expect(refusal(() => datastore.update(peer('a'))).message).toContain('field must be set for an Update request');
	const withRevision = {...peer('a'), metadata: {name: 'a', resourceVersion: '3'}};
	expect(refusal(() => datastore.create(withRevision)).message).toBe(
		"error with field Metadata.ResourceVersion = '3' (field must not be set for a Create request)",
	);
});

test('a refused write changes nothing and tells nobody', () => {
	const datastore = createEmpty();
	let told = 0;
	datastore.onChange(() => {
		told += 1;
	});
	const before = datastore.revision();
	refusal(() => datastore.create(peer('Not_A_Name')));
	expect([datastore.revision(), told, datastore.list('BGPPeer')]).toEqual([before, 0, []]);
});

test('a listener hears of every write until it is taken off', () => {
	const datastore = createEmpty();
	const heard: (readonly Change[])[] = [];
	const off = datastore.onChange(changes => heard.push(changes));
	const created = datastore.create(peer('a'));
	datastore.delete('BGPPeer', 'a');
	off();
	datastore.create(peer('a'));
	expect(heard).toEqual([
		[{kind: 'BGPPeer', name: 'a', before: undefined, after: created}],
		[{kind: 'BGPPeer', name: 'a', before: created, after: undefined}],
	]);
});

test('a snapshot stays as it was when the datastore changes', () => {
	const datastore = createEmpty();
	datastore.create(peer('b'));
	const before = datastore.snapshot();
	expect(datastore.snapshot()).toBe(before);
	datastore.create(peer('a'));
	expect(before.bgpPeers.map(({metadata}) => metadata.name)).toEqual(['b']);
	expect(datastore.snapshot().bgpPeers.map(({metadata}) => metadata.name)).toEqual(['a', 'b']);
});

test('a BGPConfiguration gets the defaults of its CRD', () => {
	const datastore = createEmpty();
	const metadata = {name: 'default'};
	const created = datastore.create({
		kind: 'BGPConfiguration',
		apiVersion: 'projectcalico.org/v3',
		metadata,
		spec: {logSeverityScreen: 'Debug'},
	});
	expect(created.spec).toEqual({logSeverityScreen: 'Debug', serviceLoadBalancerAggregation: 'Enabled'});
});

test('generated nodes are the five of the tutorial and then others, each with an address, a block and a name of its own', () => {
	const nodes = generateNodes(5000);
	expect(nodes.slice(0, 6).map(({name, ipv4Address}) => [name, ipv4Address])).toEqual([
		['ip-172-31-40-217', '172.31.40.217/20'],
		['ip-172-31-40-30', '172.31.40.30/20'],
		['ip-172-31-45-29', '172.31.45.29/20'],
		['ip-172-31-37-123', '172.31.37.123/20'],
		['ip-172-31-42-47', '172.31.42.47/20'],
		['ip-10-0-0-1', '10.0.0.1/8'],
	]);
	for (const field of ['name', 'ipv4Address'] as const) {
		expect(new Set(nodes.map(node => node[field])).size).toBe(5000);
	}
	expect(new Set(nodes.flatMap(({blocks = []}) => blocks)).size).toBe(5000);
	expect(nodes[1029]?.blocks).toEqual(['100.65.1.64/26']);
	expect(generateNodes(5).map(({blocks}) => blocks?.[0])).toEqual(
		[0, 64, 128, 192].map(last => `192.168.0.${last}/26`).concat('192.168.1.0/26'),
	);
	expect(nodes.filter(({labels}) => labels?.['node-role.kubernetes.io/control-plane'] === '')).toHaveLength(1);
	expect(generateNodes(5000)).toEqual(nodes);
});

test('a seeded cluster obeys the rules that a written one must obey', () => {
	const datastore = createEmpty();
	const nodes = generateNodes(300);
	datastore.seed(seedResources(nodes, {version: 'v3.32.1', pool: poolFor(300)}, createRandom(2)));
	for (const node of datastore.list('Node')) datastore.update(node);
	expect(datastore.snapshot().nodes).toHaveLength(300);
	expect(datastore.snapshot().bgpConfigurations).toEqual([]);
});
