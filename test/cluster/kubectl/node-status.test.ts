import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {createStatusObjects} from '../../../src/cluster/kubectl/node-status-objects.ts';
import {createNodeStatusObserver} from '../../../src/cluster/kubectl/node-status-observer.ts';
import {readNodeStatus} from '../../../src/cluster/kubectl/node-status-read.ts';
import {createKubectl} from '../../../src/cluster/kubectl/run.ts';
import type {JsonObject} from '../../../src/core/json.ts';
import type {Observation} from '../../../src/core/session.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {row} from '../transcripts.ts';
import {createStatusServer, type StatusServer} from './status-server.ts';

const api = {
	shape: 'native projectcalico.org/v3',
	group: 'projectcalico.org',
	apiVersion: 'projectcalico.org/v3',
} as const;
const noPort = () => null;
const status = (bgp: JsonObject, lastUpdated = '2026-11-23T16:58:03Z'): JsonObject => ({
	metadata: {name: 'a', creationTimestamp: '2026-11-23T16:58:00Z'},
	status: {lastUpdated, bgp},
});
const peer = (peerIP: string, state = 'Established', type = 'NodeMesh') => ({peerIP, type, state, since: '16:58:01'});

describe('readNodeStatus', () => {
	it('sees nothing in the block of zeros that a real node without its BIRDs wrote', () => {
		for (const file of ['kdd-v3.32.1/kubectl', 'kdd-native-v3.32.1/kubectl']) {
			expect(readNodeStatus(JSON.parse(row(file, 38).stdout), noPort)).toEqual({state: 'silent'});
		}
	});

	it.each([
		{metadata: {}},
		{metadata: {}, status: {}},
		{metadata: {}, status: {lastUpdated: null, bgp: {}}},
		{metadata: {}, status: {lastUpdated: '2026-11-23T16:58:03Z'}},
	])('knows that nothing was written yet: %j', object => {
		expect(readNodeStatus(object, noPort)).toEqual({state: 'empty'});
	});

	it('gives what birdcl would have shown, in both families', () => {
		const reading = readNodeStatus(
			status({
				numberEstablishedV4: 1,
				numberNotEstablishedV4: 2,
				numberEstablishedV6: 1,
				numberNotEstablishedV6: 0,
				peersV4: [peer('10.0.0.2'), peer('10.0.0.3', 'Active', 'NodePeer'), {peerIP: '192.0.2.1', type: 'GlobalPeer'}],
				peersV6: [peer('fd00::2', 'Established', 'NodePeer')],
			}),
			address => (address === '10.0.0.3' ? 1790 : null),
		);
		expect(reading).toEqual({
			state: 'seen',
			sessions: [
				{
					protocol: 'Mesh_10_0_0_2',
					family: 4,
					address: '10.0.0.2',
					port: null,
					type: 'node-to-node mesh',
					state: 'up',
					since: '16:58:01',
					info: 'Established',
				},
				{
					protocol: 'Node_10_0_0_3_port_1790',
					family: 4,
					address: '10.0.0.3',
					port: 1790,
					type: 'node specific',
					state: 'start',
					since: '16:58:01',
					info: 'Active',
				},
				{
					protocol: 'Global_192_0_2_1',
					family: 4,
					address: '192.0.2.1',
					port: null,
					type: 'global',
					state: 'start',
					since: '-',
					info: 'Passive, or Down: CalicoNodeStatus tells neither',
				},
				{
					protocol: 'Node_fd00__2',
					family: 6,
					address: 'fd00::2',
					port: null,
					type: 'node specific',
					state: 'up',
					since: '16:58:01',
					info: 'Established',
				},
			],
		});
	});

	it.each([
		['a count that does not fit', {numberEstablishedV4: 2, peersV4: [peer('10.0.0.2')]}],
		['an address of the other family', {numberEstablishedV4: 1, peersV4: [peer('fd00::2')]}],
		['an unknown type', {numberEstablishedV4: 1, peersV4: [peer('10.0.0.2', 'Established', 'Other')]}],
		['an unknown state', {numberEstablishedV4: 1, peersV4: [peer('10.0.0.2', 'Excellent')]}],
		['no object', {numberEstablishedV4: 1, peersV4: ['10.0.0.2']}],
		['no list', {peersV4: 'none'}],
	] as const)('guesses nothing from %s', (_name, bgp) => {
		expect(readNodeStatus(status(bgp as unknown as JsonObject), noPort).state).toBe('unreadable');
	});

	it('says that a report is older than the question', () => {
		const old = status({numberEstablishedV4: 1, peersV4: [peer('10.0.0.2')]}, '2026-11-23T16:50:00Z');
		expect(readNodeStatus(old, noPort)).toEqual({
			state: 'unreadable',
			reason:
				'its CalicoNodeStatus was last written at 2026-11-23T16:50:00Z, before it was asked for: a clock is wrong',
		});
	});
});

describe('createNodeStatusObserver', () => {
	let server: StatusServer;
	beforeEach(() => {
		server = createStatusServer();
	});
	afterEach(() => {
		expect(server.mostAtOnce).toBeLessThanOrEqual(10);
	});

	function observer({version}: {version?: string} = {}) {
		return whole({version}).observe;
	}
	function whole({version}: {version?: string | undefined} = {}) {
		const kubectl = createKubectl({exec: server.exec, binary: 'kubectl', timeouts: {read: 1000, write: 1000}});
		return createNodeStatusObserver({
			objects: async () => createStatusObjects(kubectl, api),
			clock: createClock({speed: 'jump'}),
			portOf: noPort,
			calicoVersion: () => version,
		});
	}
	const nodesOf = (count: number) =>
		Array.from({length: count}, (_, index) => ({name: `node-${index}`, families: [4] as const}));
	async function all(looks: AsyncIterable<Observation>): Promise<ReadonlyMap<string, Observation>> {
		const seen = new Map<string, Observation>();
		for await (const look of looks) seen.set(look.node, look);
		return seen;
	}

	it('asks ten at a time, and leaves nothing behind', async () => {
		const seen = await all(observer()(nodesOf(25), {routes: true}));
		expect(seen.size).toBe(25);
		for (const {sessions, routes} of seen.values()) {
			expect(sessions).toMatchObject({known: true, value: [{protocol: 'Mesh_10_0_0_2', state: 'up'}]});
			expect(routes).toEqual({known: false, reason: expect.stringContaining('kernel routes')});
		}
		expect(server.objects.size).toBe(0);
		expect(server.mostAtOnce).toBe(10);
		expect(server.created[0]).toMatchObject({
			apiVersion: 'projectcalico.org/v3',
			kind: 'CalicoNodeStatus',
			metadata: {
				name: expect.stringMatching(/^calico-rr-wizard-[0-9a-f]{8}-1$/),
				labels: {'app.kubernetes.io/managed-by': 'calico-rr-wizard'},
			},
			spec: {node: 'node-0', classes: ['BGP'], updatePeriodSeconds: 1},
		});
	});

	it('takes three calls for ten nodes that answer', async () => {
		await all(observer()(nodesOf(10), {routes: false}));
		expect(server.calls.map(call => call.split(' ')[1])).toEqual(['create', 'get', 'delete']);
	});

	it('lets a node that never reports hold up nobody, and says why', async () => {
		server.dead.add('node-3');
		const order: string[] = [];
		for await (const {node, sessions} of observer({version: 'v3.33.0'})(nodesOf(40), {routes: false})) {
			order.push(node);
			if (node === 'node-3') {
				expect(sessions).toEqual({
					known: false,
					reason:
						'calico-node has not filled its CalicoNodeStatus within 10 s: calico-node does not run there, or its role lacks "update" on caliconodestatuses/status',
				});
			} else expect(sessions.known).toBe(true);
		}
		expect(order).toHaveLength(40);
		expect(order.at(-1)).toBe('node-3');
		expect(server.objects.size).toBe(0);
	});

	it('does not take a block of zeros for a node without sessions', async () => {
		server.zeros.add('node-1');
		const seen = await all(observer()(nodesOf(2), {routes: false}));
		expect(seen.get('node-1')?.sessions).toEqual({
			known: false,
			reason: expect.stringContaining('shows no session at all'),
		});
		expect(seen.get('node-0')?.sessions.known).toBe(true);
	});

	it.each([
		[
			'error: the server doesn\'t have a resource type "caliconodestatuses"',
			'this cluster has no CalicoNodeStatus: its Calico is too old for it',
		],
		[
			'Error from server (Forbidden): caliconodestatuses.projectcalico.org is forbidden: User "v" cannot create resource',
			'CalicoNodeStatus cannot be used: The cluster does not allow you to do this. (Error from server (Forbidden)',
		],
	])('says of every node: %s', async (words, reason) => {
		server.refusal = words;
		const seen = await all(observer()(nodesOf(12), {routes: false}));
		expect(seen.size).toBe(12);
		for (const {sessions} of seen.values())
			expect(sessions).toEqual({known: false, reason: expect.stringContaining(reason)});
	});

	it('removes what it made when it is stopped, at any of its steps', async () => {
		for (let step = 1; step <= 8; step++) {
			server = createStatusServer();
			server.dead.add('node-1');
			const stop = new AbortController();
			server.onCall = number => {
				if (number === step) stop.abort();
			};
			await all(observer()(nodesOf(12), {routes: false, signal: stop.signal}));
			expect(server.objects.size).toBe(0);
		}
	});

	it('removes what it made when nobody listens any more', async () => {
		for await (const {node} of observer()(nodesOf(12), {routes: false})) {
			expect(node).toBe('node-0');
			break;
		}
		expect(server.objects.size).toBe(0);
	});

	it('has ten at most over all looks that are under way', async () => {
		for (const node of ['node-0', 'node-1', 'node-2']) server.dead.add(node);
		const observe = observer();
		const looks = [12, 25, 12].map(count => all(observe(nodesOf(count), {routes: false})));
		expect((await Promise.all(looks)).map(({size}) => size)).toEqual([12, 25, 12]);
		expect(server.mostAtOnce).toBe(10);
		expect(server.objects.size).toBe(0);
	});

	it('leaves places to the others where ten nodes are known not to report', async () => {
		const observe = observer();
		const dead = nodesOf(10);
		for (const {name} of dead) server.dead.add(name);
		await all(observe(dead, {routes: false}));
		let isOver = false;
		const slow = all(observe(dead, {routes: false})).then(() => {
			isOver = true;
		});
		const others = nodesOf(20).slice(10);
		const seen = await all(observe(others, {routes: false}));
		expect(isOver).toBe(false);
		expect([...seen.values()].every(({sessions}) => sessions.known)).toBe(true);
		await slow;
	});

	it('keeps a place for what could not be removed, and removes it at the next look', async () => {
		const observe = observer();
		server.refusesRemoval = true;
		await all(observe(nodesOf(12), {routes: false}));
		expect(server.objects.size).toBe(10);
		await all(observe(nodesOf(3), {routes: false}));
		expect(server.objects.size).toBe(10);
		server.refusesRemoval = false;
		const seen = await all(observe(nodesOf(3), {routes: false}));
		expect([...seen.values()].every(({sessions}) => sessions.known)).toBe(true);
		expect(server.objects.size).toBe(0);
	});

	it('ends looks that nobody waits for when it is closed, and removes what they made', async () => {
		server.dead.add('node-1');
		const {observe, close} = whole();
		// Begun and not read on, as by a screen that is gone.
		await observe(nodesOf(12), {routes: false})[Symbol.asyncIterator]().next();
		expect(server.objects.size).toBe(10);
		await close();
		expect(server.objects.size).toBe(0);
		expect(await all(observe(nodesOf(2), {routes: false}))).toEqual(new Map());
	});

	it('removes what was made where the answer of the creation was lost', async () => {
		server.losesAnswers = true;
		const seen = await all(observer()(nodesOf(3), {routes: false}));
		expect([...seen.values()].every(({sessions}) => !sessions.known)).toBe(true);
		expect(server.objects.size).toBe(0);
	});
});
