import type {Family} from '../session.ts';

/** `172.31.45.29/20` or `172.31.45.29` → `172.31.45.29`; '' where there is none. */
export function withoutPrefix(cidr: string | undefined): string {
	return cidr?.split('/')[0] ?? '';
}

/** The family of an address written as text. */
export function familyOf(address: string): Family {
	return address.includes(':') ? 6 : 4;
}

/** BIRD's protocol names hold the address with `.` and `:` as `_` (bird.cfg.template). */
export function protocolAddress(address: string): string {
	return address.replaceAll(/[.:]/g, '_');
}

/** BGPPeer's peerIP: `1.2.3.4`, `1.2.3.4:179`, `fd00::1` or `[fd00::1]:179`. Undefined where it is none of these. */
export function parsePeerIp(text: string): {readonly address: string; readonly port: number | null} | undefined {
	const bracketed = /^\[([0-9A-Fa-f:.]+)\]:(\d{1,5})$/.exec(text);
	const dotted = /^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$/.exec(text);
	const [, address, port] = bracketed ?? dotted ?? /^([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/.exec(text) ?? [];
	if (address === undefined) return undefined;
	return {address, port: port === undefined ? null : Number(port)};
}

/** Whether a text is an IPv4 address in dotted quads, as Calico wants a cluster ID. */
export function isIpv4(text: string): boolean {
	const parts = text.split('.');
	return parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
