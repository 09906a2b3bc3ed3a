import {expect, test} from 'vitest';
import {redactJson} from '../../src/cluster/redact-json.ts';

test('texts under the name of a secret go, references to secrets stay', () => {
	const peer = {spec: {password: {secretKeyRef: {name: 'bgp-secrets', key: 'tor'}}, etcdPassword: 'hunter2'}};
	expect(redactJson(peer)).toEqual({
		spec: {password: {secretKeyRef: {name: 'bgp-secrets', key: 'tor'}}, etcdPassword: '(hidden)'},
	});
});

test('the environment of a pod is known by its names', () => {
	const env = [
		{name: 'ETCD_PASSWORD', value: 'hunter2'},
		{name: 'CALICO_NETWORKING_BACKEND', value: 'bird'},
	];
	expect(redactJson({env})).toEqual({env: [{name: 'ETCD_PASSWORD', value: '(hidden)'}, env[1]]});
});

test("annotations are hidden but for Calico's and this program's own", () => {
	const annotations = {
		'projectcalico.org/RouteReflectorClusterID': '224.0.0.1',
		'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"x":"hunter2"}}',
	};
	expect(redactJson({metadata: {annotations}})).toEqual({
		metadata: {
			annotations: {
				'projectcalico.org/RouteReflectorClusterID': '224.0.0.1',
				'kubectl.kubernetes.io/last-applied-configuration': '(hidden)',
			},
		},
	});
});

test('JSON inside a text stays JSON, with its indent', () => {
	const printed = `${JSON.stringify({items: [{token: 'hunter2"', name: 'a'}]}, null, 4)}\n`;
	expect(redactJson(printed)).toBe(`${JSON.stringify({items: [{token: '(hidden)', name: 'a'}]}, null, 4)}\n`);
});

test.each(['{"a":  1}\n', '[1,\t2]', 'BIRD v0.3.3+birdv1.6.8 ready.\n', '{not json', ''])(
	'%j holds no secret and stays to the last blank',
	text => {
		expect(redactJson(text)).toBe(text);
	},
);

test('a text that is no JSON is redacted as the words of a tool are', () => {
	expect(redactJson({stderr: 'dial https://admin:hunter2@etcd:2379'})).toEqual({stderr: 'dial https://etcd:2379'});
});
