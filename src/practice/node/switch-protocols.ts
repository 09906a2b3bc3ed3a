import type {Family} from '../../core/session.ts';
import type {Network} from '../bgp/network.ts';
import {matcher, noMatch, ownProtocols} from './show-protocols.ts';
import {BirdRefusal} from './show-route.ts';

/**
 * The lines of `disable` and `enable NAME`, `"PATTERN"` or `all` (proto_cmd_disable and proto_cmd_enable in nest/proto.c). Undefined
 * where one of BIRD's other protocols would be switched: what then becomes of the routes is not known here.
 */
export function switchProtocols(
	network: Network,
	node: string,
	family: Family,
	verb: 'disable' | 'enable',
	words: readonly string[],
): readonly string[] | undefined {
	const at = network.clock.now();
	const [name, ...surplus] = words;
	try {
		if (surplus.length > 0) throw new BirdRefusal('syntax error');
		const matches = matcher(name === 'all' ? undefined : name);
		if (ownProtocols.some(own => matches(own.name))) return undefined;
		const found = (network.protocols(node, family, at) ?? []).filter(({peer}) => matches(peer.protocol));
		if (found.length === 0) throw new BirdRefusal(noMatch(name ?? ''));
		const enabled = verb === 'enable';
		const lines = found.map(
			({peer, disabled}) => `${peer.protocol}: ${disabled === enabled ? '' : 'already '}${verb}d`,
		);
		const changing = found.filter(({disabled}) => disabled === enabled).map(({peer}) => peer.protocol);
		if (changing.length > 0) network.switchProtocols(node, family, changing, enabled, at);
		return lines;
	} catch (error) {
		if (error instanceof BirdRefusal) return [error.message];
		throw error;
	}
}
