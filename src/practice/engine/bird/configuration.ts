import {listenPort, ownAs} from '../../../core/peering/between.ts';
import {externalEnds} from '../../../core/peering/peers.ts';
import type {Peering, PeeringNode} from '../../../core/peering/prepare.ts';
import type {Family} from '../../../core/session.ts';
import type {SessionConfig} from '../../bgp/protocol.ts';
import {printRouterId, routerId} from '../../bgp/router-id.ts';
import {sessionConfigs} from '../../bgp/session-configs.ts';

/** What a node's bird.conf is made of. */
export type BirdInput = {
	readonly peering: Peering;
	readonly node: string;
	readonly family: Family;
	/** The node's own blocks, and the cluster's pools, both of this family. */
	readonly blocks: readonly string[];
	readonly pools: readonly string[];
	/** Those of the pools whose routes Felix programs, since they are VXLAN's. */
	readonly felixPools: readonly string[];
};

/** 2^31 - 1 - 1024: what Calico 3.32 makes of its route priority 1024 (seen in `show route all` on real Calico). */
const localPreference = 2_147_482_623;

/**
 * bird.conf for one BIRD of a node, as confd renders bird.cfg, bird_aggr.cfg and bird_ipam.cfg from the same resources
 * (node/filesystem/etc/calico/confd/templates; calico.md §4.3, §4.4).
 *
 * Debian's BIRD is the plain 1.6.8 and Calico's a fork of it. Where they differ:
 * - Calico's has `krt_tunnel` for IPIP; the practice cluster's pools have no encapsulation, or VXLAN.
 * - Both take `krt_metric` in the kernel's export filter. Calico's own blocks carry none (seen in `ip route`).
 * - Calico's names itself v0.3.3+birdv1.6.8.
 * Not rendered, as core/peering does not know it: restart times, keepalives, TTL security, BGPFilters, nextHopMode.
 */
export function birdConfiguration({peering, node: name, family, blocks, pools, felixPools}: BirdInput): string {
	const node = peering.byName.get(name);
	const localAs = node ? ownAs(peering, node) : peering.globalAs;
	const port = node ? listenPort(peering, node) : null;
	const sessions = node ? sessionsOf(peering, node, family) : [];
	return [
		`router id ${printRouterId(routerId(node?.address[4] ?? '', name))};`,
		...(port === null ? [] : [`listen bgp port ${port};`]),
		'',
		...exportFilters(blocks, pools, felixPools),
		...ownProtocols(blocks),
		...template(localAs),
		...sessions.flatMap(session => protocolLines(session, localAs, node?.address[family] ?? '')),
		'',
	].join('\n');
}

/** The node's sessions, sorted by protocol name as confd sorts them since 3.32; BIRD lists what is new in that order. */
function sessionsOf(peering: Peering, node: PeeringNode, family: Family): readonly SessionConfig[] {
	const found = new Map<string, SessionConfig>();
	const partners = [
		...peering.nodes.map(({name}) => ({name})),
		...externalEnds(peering, node, family).map(({address}) => ({address})),
	];
	for (const partner of partners) {
		for (const config of sessionConfigs(peering, node.name, partner, family)) found.set(config.peer.protocol, config);
	}
	return [...found.values()].sort((left, right) => (left.peer.protocol < right.peer.protocol ? -1 : 1));
}

/** Peers get the node's own blocks and what lies in the pools; the kernel gets everything that is not Felix's. */
function exportFilters(
	blocks: readonly string[],
	pools: readonly string[],
	felixPools: readonly string[],
): readonly string[] {
	return [
		'function calico_export_to_bgp_peers()',
		'{',
		...blocks.flatMap(block => [
			`  if ( net = ${block} ) then { accept; }`,
			`  if ( net ~ [ ${block}+ ] ) then { reject; }`,
		]),
		...pools.map(pool => `  if ( net ~ [ ${pool}+ ] ) then { accept; }`),
		'  reject;',
		'}',
		'filter calico_kernel_programming',
		'{',
		...felixPools.map(pool => `  if ( net ~ [ ${pool}+ ] ) then { reject; }`),
		'  if ( source = RTS_BGP ) then { krt_metric = 1024; }',
		'  accept;',
		'}',
		'',
	];
}

function ownProtocols(blocks: readonly string[]): readonly string[] {
	return [
		'protocol static {',
		...blocks.map(block => `  route ${block} blackhole;`),
		'}',
		'protocol kernel {',
		'  learn;',
		'  persist;',
		'  scan time 2;',
		'  import all;',
		'  export filter calico_kernel_programming;',
		'  graceful restart;',
		'  merge paths on;',
		'}',
		'protocol device {',
		'  scan time 2;',
		'}',
		'protocol direct {',
		'  interface -"cali*", -"kube-ipvs*", "*";',
		'}',
	];
}

function template(localAs: string): readonly string[] {
	return [
		'template bgp bgp_template {',
		'  description "Connection to BGP peer";',
		`  local as ${localAs};`,
		'  multihop;',
		'  gateway recursive;',
		`  import filter { bgp_local_pref = ${localPreference}; accept; };`,
		'  export filter { calico_export_to_bgp_peers(); reject; };',
		'  add paths on;',
		'  graceful restart;',
		'  connect delay time 2;',
		'  connect retry time 5;',
		'  error wait time 5,30;',
		'}',
	];
}

function protocolLines(
	{peer, localAs, password}: SessionConfig,
	templateAs: string,
	source: string,
): readonly string[] {
	return [
		`protocol bgp ${peer.protocol} from bgp_template {`,
		...(localAs === templateAs ? [] : [`  local as ${localAs};`]),
		`  neighbor ${peer.address}${peer.port === null ? '' : ` port ${peer.port}`} as ${peer.as};`,
		`  source address ${source};`,
		...(peer.passive ? ['  passive on;'] : []),
		...(peer.reflectorClient ? ['  rr client;', `  rr cluster id ${peer.clusterId};`] : []),
		// The Secret's name stands for what is in it: two ends with one Secret have one password.
		...(password === '' ? [] : [`  password "${password}";`]),
		'}',
	];
}
