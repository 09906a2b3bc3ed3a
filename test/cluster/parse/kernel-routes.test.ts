import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parseKernelRoutes} from '../../../src/cluster/parse/kernel-routes.ts';
import {allRows, row} from '../transcripts.ts';
import {decorated, expectNoGuess} from './mutations.ts';

const real = allRows()
	.filter(({argv}) => argv.slice(2, 4).join(' ') === 'ip route')
	.map(({stdout}) => stdout);
/** Shapes that the transcripts have no row for, as iproute2 6.1 prints them. */
const multipath =
	'10.65.0.128/26 proto bird metric 1024 \n\tnexthop via 172.31.40.1 dev eth0 weight 1 \n\tnexthop via 172.31.41.2 dev eth1 weight 1 \n10.65.1.0/26 via 172.31.40.5 dev tunl0 onlink metric 1024 \n';
const ipv6 =
	'blackhole fd00:10:65::/122 dev lo metric 1024 error -22 pref medium\nfd00:10:65::40/122 via fe80::2 dev eth0 metric 1024 pref medium\n';

describe('parseKernelRoutes', () => {
	it('reads what real nodes had', () => {
		expect(parseKernelRoutes(row('etcd-v3.32.1/half-states', 19).stdout, 4, 'bird')).toEqual({
			ok: true,
			value: [
				{
					destination: '10.65.0.0/26',
					family: 4,
					via: ['172.31.40.1'],
					device: 'eth0',
					protocol: 'bird',
					metric: 1024,
					blackhole: false,
					hops: [{via: '172.31.40.1', device: 'eth0', onlink: false, weight: null}],
				},
				{
					destination: '10.65.0.64/26',
					family: 4,
					via: [],
					device: null,
					protocol: 'bird',
					metric: null,
					blackhole: true,
					hops: [],
				},
			],
		});
	});

	it('reads several next hops, and IPIP', () => {
		expect(parseKernelRoutes(multipath, 4, 'bird')).toMatchObject({
			ok: true,
			value: [
				{destination: '10.65.0.128/26', via: ['172.31.40.1', '172.31.41.2'], device: null, metric: 1024},
				{destination: '10.65.1.0/26', via: ['172.31.40.5'], device: 'tunl0', metric: 1024},
			],
		});
	});

	it('reads IPv6', () => {
		expect(parseKernelRoutes(ipv6, 6, 'bird')).toMatchObject({
			ok: true,
			value: [
				{destination: 'fd00:10:65::/122', family: 6, via: [], device: null, blackhole: true},
				{destination: 'fd00:10:65::40/122', family: 6, via: ['fe80::2'], device: 'eth0', blackhole: false},
			],
		});
	});

	it.each([
		['', []],
		[
			'default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.9 metric 100 \n',
			[{destination: '0.0.0.0/0', protocol: 'dhcp'}],
		],
		['10.65.0.3 dev cali0ef24ba scope link \n', [{destination: '10.65.0.3/32', device: 'cali0ef24ba', via: []}]],
		['10.65.0.0/26 via inet6 fe80::1 dev eth0 \n', [{via: ['fe80::1']}]],
		['unreachable 10.65.0.0/26 \n', [{via: [], device: null, blackhole: false}]],
		['10.65.0.0/26 via 10.0.0.1 dev eth0 metric 1024 dead linkdown \n', [{device: 'eth0'}]],
	])('reads %j', (output, routes) => {
		expect(parseKernelRoutes(output, 4, 'bird')).toMatchObject({ok: true, value: routes});
	});

	it.each([
		['a message', 'RTNETLINK answers: Operation not permitted\n', 1],
		['another family', '10.65.0.0/26 via 10.0.0.1 dev eth0 \nfd00::/122 via fe80::1 dev eth0 \n', 2],
		['a next hop of no route', '\tnexthop via 172.31.40.1 dev eth0 weight 1 \n', 1],
		['a word without its value', '10.65.0.0/26 via 10.0.0.1 dev eth0 metric\n', 1],
		['an unknown word', '10.65.0.0/26 via 10.0.0.1 dev eth0 sideways \n', 1],
		['a route to nowhere', '10.65.0.0/26 metric 1024 \n', 1],
		['a long prefix', '10.65.0.0/33 dev eth0 \n', 1],
		['a next hop that is none', '10.65.0.0/26 via gateway dev eth0 \n', 1],
	])('says where it cannot be read: %s', (_, output, line) => {
		expect(parseKernelRoutes(output, 4, 'bird')).toMatchObject({ok: false, error: {line}});
	});

	it('never guesses from output that is cut or wrapped', () => {
		expect(real.length).toBeGreaterThan(1);
		expectNoGuess(
			real,
			output => parseKernelRoutes(output, 4, 'bird'),
			value => value,
		);
		expectNoGuess(
			[ipv6],
			output => parseKernelRoutes(output, 6, 'bird'),
			value => value,
		);
		// `ip` marks the end of no route, so a cut between two next hops is not to be seen: compare next hop by next hop.
		expectNoGuess(
			[multipath],
			output => parseKernelRoutes(output, 4, 'bird'),
			value => value.flatMap(({destination, via}) => via.map(hop => ({destination, hop}))),
		);
	});

	it('reads through escape sequences and CRLF', () => {
		fc.assert(
			fc.property(decorated([...real, multipath]), ({output, original}) => {
				expect(parseKernelRoutes(output, 4, 'bird')).toEqual(parseKernelRoutes(original, 4, 'bird'));
			}),
		);
	});
});
