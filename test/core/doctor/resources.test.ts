import {describe, expect, test} from 'vitest';
import {examine} from '../../../src/core/doctor/examine.ts';
import {createDoctorInput, type DoctorQuestion} from '../../../src/core/doctor/input.ts';
import {defaultChoice} from '../../../src/core/plan/make.ts';
import {allUp, bgpPeer, configuration, healthy, known, nodeNamed, pool, secret, withSessions} from './healthy.ts';

function find(id: string, question: DoctorQuestion) {
	return examine(createDoctorInput(question)).find(finding => finding.id === id);
}

const label = 'calico-route-reflector';
const id = '224.0.0.1';
const address = (index: number) => ({ipv4Address: `10.0.0.${index}/16`});
const reflectors = ['n1', 'n2', 'n3'];
const plain = [1, 2, 3, 4, 5].map(index => nodeNamed(`n${index}`, address(index)));
/** The five nodes with some of them in another way. */
const nodesWith = (...others: ReturnType<typeof nodeNamed>[]) =>
	plain.map(node => others.find(other => other.metadata.name === node.metadata.name) ?? node);
const clients = bgpPeer('peer-to-rrs', {nodeSelector: `!has(${label})`, peerSelector: `has(${label})`});
const password = {secretKeyRef: {name: 'bgp', key: 'pw'}};
const marked = (index: number, clusterId = id) =>
	nodeNamed(`n${index}`, {...address(index), routeReflectorClusterID: clusterId}, {labels: {[label]: ''}});
const looks = healthy().observations;
const down = (info: string, state = 'start') =>
	withSessions(looks, 'n4', session => (session.address === '10.0.0.5' ? {...session, state, info} : session));
const tor = bgpPeer('tor', {peerIP: '192.0.2.1', asNumber: 65_000});
const torDown = withSessions(allUp(healthy({snapshot: {bgpPeers: [tor]}}).snapshot), 'n5', session =>
	session.address === '192.0.2.1' ? {...session, state: 'start', info: 'Connect Socket: Connection refused'} : session,
);
const excluded = {labels: {'node.kubernetes.io/exclude-from-external-load-balancers': 'true'}};
const clusterIps = [configuration({serviceClusterIPs: [{cidr: '10.96.0.0/12'}]})];

/** What makes a check of the resources or of the sessions speak; it is silent about the healthy cluster. */
const cases: ReadonlyArray<readonly [check: string, state: string, question: DoctorQuestion, says: RegExp]> = [
	['node-count', 'block', healthy({nodes: 3, choice: null}), /^3 Linux nodes with a BGP address, of 3 nodes/],
	['node-count', 'warn', healthy({snapshot: {nodes: [...plain, nodeNamed('n6', {})]}}), /n6 has none/],
	[
		'single-as',
		'block',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n5', {...address(5), asNumber: '1.10'}))}}),
		/AS 64512: n1, n2, n3 and 1 more; AS 65546: n5/,
	],
	[
		'address-families',
		'block',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n5', {...address(5), ipv6Address: 'fd00::5/64'}))}}),
		/n1 has no IPv6 address; .*IPv6 on 1 of 5 nodes/,
	],
	[
		'address-families',
		'warn',
		healthy({
			snapshot: {nodes: nodesWith(nodeNamed('n1', {...address(1), ipv6Address: 'fd00::1/64'}))},
			choice: {...defaultChoice, reflectors: ['n1']},
		}),
		/only nodes that share a family/,
	],
	[
		'unique-addresses',
		'block',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n5', address(4)))}}),
		/10\.0\.0\.4: n4, n5/,
	],
	[
		'mesh-enabled',
		'block',
		healthy({snapshot: {bgpConfigurations: [configuration({nodeToNodeMeshEnabled: false})]}}),
		/off already, and no node is a route reflector/,
	],
	[
		'mesh-enabled',
		'warn',
		healthy({
			snapshot: {nodes: nodesWith(marked(1)), bgpConfigurations: [configuration({nodeToNodeMeshEnabled: false})]},
		}),
		/route reflectors: n1/,
	],
	[
		'sessions-healthy',
		'block',
		healthy({observations: down('Idle BGP Error: Bad peer AS')}),
		/^19 of 20 session ends .*n4 Mesh_10_0_0_5 \(n5\): the two nodes disagree about an AS number/,
	],
	[
		'sessions-healthy',
		'block',
		healthy({
			observations: withSessions(looks, 'n4', session => (session.address === '10.0.0.5' ? undefined : session)),
		}),
		/Mesh_10_0_0_5 \(n5\): Calico has not configured this session yet/,
	],
	['sessions-healthy', 'unknown', healthy({observations: new Map()}), /5 nodes could not be looked at.*nobody looked/],
	[
		'sessions-healthy',
		'unknown',
		healthy({observations: new Map([...looks, ['n2', {node: 'n2', at: 0, sessions: secret}]])}),
		/1 node could not be looked at \(n2\)\. n2: nobody told\./,
	],
	[
		'tcp-179',
		'block',
		healthy({observations: down('Active Socket: Connection refused')}),
		/1 connection between nodes does not .*n4 to 10\.0\.0\.5 port 179: nothing answers/,
	],
	['tcp-179', 'block', healthy({observations: down('Connect Socket: Host is unreachable')}), /cannot be reached/],
	['tcp-179', 'unknown', healthy({observations: new Map()}), /Not known/],
	[
		'external-sessions',
		'warn',
		healthy({snapshot: {bgpPeers: [tor]}, observations: torDown}),
		/1 session with routers outside is down already: n5 to 192\.0\.2\.1/,
	],
	['external-sessions', 'unknown', healthy({snapshot: {bgpPeers: [tor]}, observations: new Map()}), /Not known/],
	[
		'reflectors-existing',
		'warn',
		healthy({snapshot: {nodes: nodesWith(marked(4)), bgpPeers: [clients]}}),
		/1 node reflects already: n4 \(cluster ID 224\.0\.0\.1, label calico-route-reflector\)/,
	],
	[
		'reflectors-complete',
		'block',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n5', address(5), {labels: {[label]: ''}}))}}),
		/n5 has the label calico-route-reflector but no cluster ID/,
	],
	[
		'reflectors-complete',
		'warn',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n1', address(1), {labels: {[label]: ''}}))}}),
		/n1 has the label.*The plan completes this/,
	],
	[
		'reflectors-complete',
		'block',
		healthy({
			snapshot: {nodes: nodesWith(nodeNamed('n5', {...address(5), routeReflectorClusterID: id}))},
			choice: null,
		}),
		/n5 has a cluster ID but not the label.*no session with 4 other nodes/,
	],
	[
		'planned-sessions',
		'block',
		healthy({snapshot: {bgpPeers: [{...clients, spec: {...clients.spec, reversePeering: 'Manual'}}]}}),
		/2 nodes: n4 with n1, n2, n3, n5 with n1, n2, n3/,
	],
	[
		'planned-sessions',
		'block',
		healthy({snapshot: {nodes: nodesWith(nodeNamed('n5', {...address(5), asNumber: 64_513}))}}),
		/not reflect for, 1 node: n5 with n1, n2, n3/,
	],
	['plan-possible', 'unknown', healthy({choice: null}), /no reflectors are chosen/],
	['plan-possible', 'block', healthy({choice: {...defaultChoice, reflectors: ['n7']}}), /There is no node n7/],
	['plan-possible', 'warn', healthy({choice: {...defaultChoice, reflectors: ['n1']}}), /One reflector/],
	[
		'reflector-cluster-ids',
		'warn',
		healthy({snapshot: {nodes: nodesWith(marked(4, '244.0.0.1'))}}),
		/2 cluster IDs: n1 224\.0\.0\.1, .*n4 244\.0\.0\.1/,
	],
	[
		'selectors-parse',
		'block',
		healthy({snapshot: {bgpPeers: [bgpPeer('bad', {nodeSelector: 'has(rack', peerIP: '192.0.2.1'})]}}),
		/bad: nodeSelector "has\(rack": no closing '\)' after has\(, at column 9/,
	],
	[
		'bgp-peers-between-nodes',
		'block',
		healthy({snapshot: {bgpPeers: [bgpPeer('ours', {peerSelector: 'all()', maxRestartTime: '10s'})]}}),
		/ours covers all of the 9 planned sessions, with other settings \(\{"maxRestartTime":"10s"\} instead of \{\}\)/,
	],
	[
		'bgp-peers-between-nodes',
		'warn',
		healthy({snapshot: {bgpPeers: [bgpPeer('ours', {node: 'n4', peerIP: '10.0.0.1', nextHopMode: 'Auto'})]}}),
		/ours overlaps 1 of the 9 planned sessions, with the same settings/,
	],
	[
		'bgp-peers-between-nodes',
		'warn',
		healthy({snapshot: {bgpPeers: [bgpPeer('ours', {node: 'n4', peerIP: '10.0.0.5'})]}}),
		/ours makes 1 session between nodes, which stay/,
	],
	[
		'bgp-peers-between-nodes',
		'block',
		healthy({snapshot: {bgpPeers: [bgpPeer('peer-to-rrs', {peerSelector: 'all()'})]}}),
		/peer-to-rrs has the name of a planned one/,
	],
	[
		'mesh-password',
		'block',
		healthy({
			snapshot: {bgpConfigurations: [configuration({nodeMeshPassword: password})]},
			facts: {passwordReadable: known(false)},
		}),
		/key pw of the secret bgp, which is missing or/,
	],
	[
		'mesh-password',
		'block',
		healthy({snapshot: {bgpConfigurations: [configuration({nodeMeshPassword: password})], bgpPeers: [clients]}}),
		/peer-to-rrs is there already without it/,
	],
	[
		'mesh-password',
		'unknown',
		healthy({
			snapshot: {bgpConfigurations: [configuration({nodeMeshPassword: password})]},
			facts: {passwordReadable: secret},
		}),
		/nobody told/,
	],
	[
		'mesh-restart-time',
		'warn',
		healthy({snapshot: {bgpConfigurations: [configuration({nodeMeshMaxRestartTime: '30s'})], bgpPeers: [clients]}}),
		/30s, but peer-to-rrs is there already without it/,
	],
	[
		'service-routes',
		'warn',
		healthy({
			snapshot: {nodes: nodesWith(nodeNamed('n2', address(2), excluded)), bgpConfigurations: clusterIps},
		}),
		/serviceClusterIPs 10\.96\.0\.0\/12\. n2: has the label/,
	],
	['service-routes', 'unknown', healthy({snapshot: {bgpConfigurations: clusterIps}, choice: null}), /no reflectors/],
	['pool-routes', 'unknown', healthy({snapshot: {ipPools: []}}), /no IPPool/],
	[
		'pool-routes',
		'warn',
		healthy({
			snapshot: {ipPools: [pool({ipipMode: 'Always'})]},
			facts: {felix: known({programClusterRoutes: 'Enabled'})},
		}),
		/pods 10\.48\.0\.0\/16: IPIP, by both/,
	],
];

describe('what the resources and the sessions say', () => {
	test.each(cases)('%s: %s', (check, state, question, says) => {
		expect(find(check, question)).toMatchObject({state, reason: expect.stringMatching(says)});
		expect(find(check, healthy({nodes: 12}))).toMatchObject({state: 'pass', next: []});
	});

	test('worth-it speaks below 100 nodes, and is silent from there on', () => {
		expect(find('worth-it', healthy({nodes: 99}))).toMatchObject({
			state: 'warn',
			reason: '99 nodes: 4851 sessions now, 291 with the reflectors. Calico calls a mesh fine up to about 100 nodes.',
			next: expect.arrayContaining([expect.stringContaining('VXLAN CrossSubnet')]),
		});
		expect(find('worth-it', healthy({nodes: 100}))).toMatchObject({
			state: 'pass',
			reason: expect.stringMatching(/^100 nodes: 4950 sessions now, 294 .*VXLAN CrossSubnet with BGP off would/),
		});
		const outside = find('worth-it', healthy({nodes: 100, snapshot: {bgpPeers: [tor]}}))?.reason;
		expect(outside).toContain('not for this cluster: routers outside peer with the cluster');
	});

	test('a reflector by BGPPeers of its own, with another label, is whole', () => {
		const own = bgpPeer('ours', {nodeSelector: 'all()', peerSelector: 'has(ours)'});
		const node = nodeNamed('n5', {...address(5), routeReflectorClusterID: id}, {labels: {ours: ''}});
		const question = healthy({snapshot: {nodes: nodesWith(node), bgpPeers: [own]}, choice: null});
		expect(find('reflectors-complete', question)?.state).toBe('pass');
		expect(find('reflectors-existing', question)?.reason).toContain('n5 (cluster ID 224.0.0.1, no label');
	});

	test('a whole migration that is done already blocks nothing but has nothing to leave', () => {
		const snapshot = {
			nodes: nodesWith(...[1, 2, 3].map(index => marked(index))),
			bgpPeers: [clients, bgpPeer('rrs-to-rrs', {nodeSelector: `has(${label})`, peerSelector: `has(${label})`})],
			bgpConfigurations: [configuration({nodeToNodeMeshEnabled: false, asNumber: 64_512})],
		};
		const states = new Map(examine(createDoctorInput(healthy({snapshot}))).map(({id, state}) => [id, state]));
		expect([...states].filter(([, state]) => state === 'block')).toEqual([]);
		expect(states.get('mesh-enabled')).toBe('warn');
		expect(states.get('planned-sessions')).toBe('pass');
		expect(states.get('bgp-peers-between-nodes')).toBe('pass');
	});

	test('routers outside that are down do not make the mesh unhealthy', () => {
		const question = healthy({snapshot: {bgpPeers: [tor]}, observations: torDown});
		expect(find('sessions-healthy', question)?.state).toBe('pass');
		expect(find('tcp-179', question)?.state).toBe('pass');
	});

	test("each reflector's own cluster ID is no warning where it was chosen so", () => {
		const choice = {...defaultChoice, reflectors, clusterId: {mode: 'per-node'}} as const;
		expect(find('reflector-cluster-ids', healthy({choice}))).toMatchObject({
			state: 'pass',
			reason: expect.stringContaining('n2 10.0.0.2'),
		});
	});

	test('a label without the value true excludes nobody from service routes', () => {
		const empty = {labels: {'node.kubernetes.io/exclude-from-external-load-balancers': ''}};
		const nodes = nodesWith(nodeNamed('n2', address(2), empty));
		expect(find('service-routes', healthy({snapshot: {nodes, bgpConfigurations: clusterIps}}))?.state).toBe('pass');
	});
});
