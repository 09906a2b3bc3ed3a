import type {Family} from '../../../core/session.ts';
import type {SessionConfig} from '../../bgp/protocol.ts';
import {printRouterId, routerId} from '../../bgp/router-id.ts';

/** A router's end of a session, and the address of the node that dials it. */
export type RouterSession = {readonly config: SessionConfig; readonly node: string};

/** Where a router listens, and whom it hears. */
export type Router = {
	readonly address: string;
	/** Null for BGP's own port. */
	readonly port: number | null;
	readonly family: Family;
	readonly sessions: readonly RouterSession[];
};

/**
 * bird.conf of a router outside the cluster. It waits to be dialled, takes the nodes' routes and has none for them, as in
 * the model (bgp/session-configs.ts, routerConfigs).
 */
export function routerConfiguration({address, port, sessions}: Router): string {
	return [
		`router id ${printRouterId(routerId(address, address))};`,
		`listen bgp address ${address} port ${port ?? 179};`,
		'protocol device {',
		'  scan time 2;',
		'}',
		...sessions.flatMap(({config, node}, index) => [
			`protocol bgp Node_${index} {`,
			`  local as ${config.localAs};`,
			`  neighbor ${node} as ${config.peer.as};`,
			`  source address ${address};`,
			'  passive on;',
			'  multihop;',
			'  import all;',
			'  export none;',
			'  graceful restart;',
			...(config.password === '' ? [] : [`  password "${config.password}";`]),
			'}',
		]),
		'',
	].join('\n');
}
