import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {AnswerError, readList, readOne} from '../../../src/cluster/calicoctl/answers.ts';
import {row} from '../transcripts.ts';

const kinds = ['Node', 'BGPPeer', 'BGPConfiguration', 'IPPool', 'ClusterInformation'] as const;
const node = {
	apiVersion: 'projectcalico.org/v3',
	kind: 'Node',
	metadata: {name: 'a'},
	spec: {bgp: {ipv4Address: '10.0.0.1/24'}},
};
const list = (...items: unknown[]) => JSON.stringify({kind: 'NodeList', items});

describe('readList', () => {
	it('keeps every field of a real answer as it came', () => {
		for (const [number, kind] of [
			[2, 'Node'],
			[3, 'BGPConfiguration'],
			[4, 'BGPPeer'],
			[5, 'IPPool'],
		] as const) {
			const {stdout} = row('etcd-v3.32.1/safe-and-back', number);
			expect(readList(stdout, kind)).toEqual(JSON.parse(stdout).items);
		}
	});

	it('keeps fields it does not know', () => {
		const strange = {...node, spec: {...node.spec, future: [1, {two: null}]}, extra: 'kept'};
		expect(readList(list(strange), 'Node')).toEqual([strange]);
	});

	it.each([
		['', 'The answer is empty.'],
		['Usage:', 'The answer is no JSON.'],
		['null', 'This is not a list of Node.'],
		['{"kind":"BGPPeerList","items":[]}', 'This is not a list of Node.'],
		['{"kind":"NodeList","items":{}}', 'The items of this list of Node are no list.'],
		[list(node, 7), 'Node number 2 of the list is no Node.'],
		[list({...node, kind: 'BGPPeer'}), 'Node number 1 of the list is no Node.'],
		[list({...node, metadata: undefined}), 'Node number 1 of the list lacks its apiVersion, metadata or spec.'],
		[list({...node, spec: null}), 'Node number 1 of the list lacks its apiVersion, metadata or spec.'],
		[list({...node, metadata: {name: 7}}), 'Node number 1 of the list has no usable name.'],
		[list({...node, metadata: {name: '-oProxyCommand=x'}}), 'Node number 1 of the list has no usable name.'],
		[list({...node, metadata: {name: 'a\u001B[2J'}}), 'Node number 1 of the list has no usable name.'],
		[list({...node, metadata: {name: 'a b'}}), 'Node number 1 of the list has no usable name.'],
		[list({...node, metadata: {name: 'a', labels: []}}), 'metadata.labels of Node number 1 of the list is not a map.'],
		[
			list({...node, metadata: {name: 'a', labels: {b: 1}}}),
			'metadata.labels of Node number 1 of the list holds something that is not a text.',
		],
		[list({...node, spec: {bgp: 'x'}}), 'spec.bgp of Node number 1 of the list is not a map.'],
		[
			list({...node, spec: {bgp: {asNumber: []}}}),
			'spec.bgp.asNumber of Node number 1 of the list is not a number or text.',
		],
		['['.repeat(200) + ']'.repeat(200), 'The answer is nested too deeply.'],
	])('says what is wrong with %j', (text, message) => {
		expect(() => readList(text, 'Node')).toThrow(new AnswerError(message));
	});

	it('never fails in any other way', () => {
		const kind = fc.constantFrom(...kinds);
		const field = fc.constantFrom('bgp', 'cidr', 'asNumber', 'nodeToNodeMeshEnabled', 'node', '__proto__', 'peerIP');
		const spec = fc.dictionary(field, fc.jsonValue());
		const item = fc.record(
			{
				apiVersion: fc.oneof(fc.constant('projectcalico.org/v3'), fc.jsonValue()),
				kind: fc.oneof(kind, fc.jsonValue()),
				metadata: fc.oneof(fc.record({name: fc.string()}), fc.jsonValue()),
				spec: fc.oneof(spec, fc.jsonValue()),
			},
			{requiredKeys: []},
		);
		fc.assert(
			fc.property(kind, fc.array(item), fc.nat(), (asked, items, cut) => {
				const whole = JSON.stringify({kind: `${asked}List`, items});
				for (const text of [whole, whole.slice(0, cut % whole.length)]) {
					try {
						readList(text, asked);
					} catch (error) {
						expect(error).toBeInstanceOf(AnswerError);
					}
				}
			}),
		);
	});
});

describe('readOne', () => {
	it('reads the resource that was asked for, and no other', () => {
		expect(readOne(JSON.stringify(node), 'Node', 'a')).toEqual(node);
		expect(() => readOne(JSON.stringify(node), 'Node', 'b')).toThrow(new AnswerError('This is Node a, not b.'));
	});
});
