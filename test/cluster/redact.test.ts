import {expect, test} from 'vitest';
import {redact} from '../../src/cluster/redact.ts';

test.each([
	['a URL', 'dial https://admin:s3cret@etcd:2379: refused', 'dial https://etcd:2379: refused'],
	['a bearer token', 'Authorization: Bearer abc.def-ghi', 'Authorization: Bearer (hidden)'],
	['a JSON Web Token', 'token eyJhbGciOiJ.eyJzdWIiOiI.c2ln expired', 'token (hidden) expired'],
	['a variable', 'ETCD_PASSWORD=s3cret x', 'ETCD_PASSWORD=(hidden) x'],
	['YAML', 'client-key-data: LS0tLS1CRUdJTg==', 'client-key-data: (hidden)'],
	['JSON', '{"password": "a b c", "name": "x"}', '{"password": (hidden), "name": "x"}'],
	['a flag', '--token=s3cret --as x', '--token=(hidden) --as x'],
	['a key', 'a -----BEGIN KEY-----\nMIIE\n-----END KEY----- b', 'a (hidden) b'],
	['a key that is cut off', 'a -----BEGIN KEY-----\nMIIEpAIB', 'a (hidden)'],
])('%s loses its secret', (_, text, clean) => {
	expect(redact(text)).toBe(clean);
});

test.each([
	'secret "bgp-secrets" not found',
	'etcdserver: invalid auth token',
	"Spec.NodeMeshPassword = '{Info 0x1a11 64512}' (cannot be set)",
	'user@host: Permission denied (publickey,password).',
])('words that name but hold none stay: %s', text => {
	expect(redact(text)).toBe(text);
});

test('a megabyte of anything takes no time', () => {
	for (const part of ['-----BEGIN ', 'password', 'https://a', 'eyJ', 'token=', ' Bearer ', '@']) {
		const began = performance.now();
		redact(part.repeat(1_000_000 / part.length));
		expect(performance.now() - began).toBeLessThan(5000);
	}
});
