import {isIPv4, isIPv6} from 'node:net';
import {type Family, type PeerKind, type PeerType, peerTypes, type Session} from '../../core/session.ts';

/** Who is at the other end of a session. */
export type PeerEnd = Pick<Session, 'address' | 'port' | 'type' | 'protocol'>;

const prefixes = {Mesh: 'mesh', Node: 'node', Global: 'global'} as const satisfies Record<string, PeerKind>;
const protocolName = /^(Mesh|Node|Global)_(.+)$/;

/** Whether calicoctl counts a protocol of this name as a peer (calicoctl/calicoctl/commands/node/status.go, bgpPeerRegex). */
export function isPeerName(name: string): boolean {
	return protocolName.test(name);
}

/** Reads confd's protocol name: `Node_10_0_0_3_port_150`. Null where no address of the family comes out of it. */
export function readPeerName(name: string, family: Family): PeerEnd | null {
	const match = protocolName.exec(name);
	const [, prefix = '', rest = ''] = match ?? [];
	if (!isPrefix(prefix)) return null;
	// A mesh name never has a port, whatever the listen port is (confd's bird templates).
	const [host = '', port] = prefix === 'Mesh' ? [rest] : rest.split('_port_');
	const address = host.replaceAll('_', family === 4 ? '.' : ':');
	return peerEnd(name, peerTypes[prefixes[prefix]], family, address, port);
}

/** Reads the address column of `calicoctl node status`: `10.0.0.3`, `10.0.0.3.port.150`, `fe0a::3:port:150`. */
export function readPeerAddress(text: string, type: PeerType, family: Family): PeerEnd | null {
	const [address = '', port] = text.split(family === 4 ? '.port.' : ':port:');
	const prefix = (Object.keys(prefixes) as (keyof typeof prefixes)[]).find(key => peerTypes[prefixes[key]] === type);
	const name = `${prefix}_${address.replaceAll(/[.:]/g, '_')}${port === undefined ? '' : `_port_${port}`}`;
	return peerEnd(name, type, family, address, port);
}

function peerEnd(
	protocol: string,
	type: PeerType,
	family: Family,
	address: string,
	port: string | undefined,
): PeerEnd | null {
	if (!(family === 4 ? isIPv4(address) : isIPv6(address))) return null;
	if (port !== undefined && !/^\d{1,5}$/.test(port)) return null;
	return {protocol, type, address, port: port === undefined ? null : Number(port)};
}

function isPrefix(text: string): text is keyof typeof prefixes {
	return Object.hasOwn(prefixes, text);
}
