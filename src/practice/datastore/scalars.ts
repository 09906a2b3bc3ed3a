import {isIPv4, isIPv6} from 'node:net';

/** The number of an AS written as `64512` or, with RFC 5396's dot, as `1.10`; undefined where it is neither. */
export function parseAsNumber(text: string): number | undefined {
	const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
	if (!match) return undefined;
	const [, high = '', low] = match;
	if (low === undefined) return within(Number(high), 2 ** 32);
	const halves = [within(Number(high), 2 ** 16), within(Number(low), 2 ** 16)];
	return halves.includes(undefined) ? undefined : Number(high) * 2 ** 16 + Number(low);
}

function within(value: number, limit: number): number | undefined {
	return value < limit ? value : undefined;
}

const nanoseconds: Readonly<Record<string, number>> = {
	ns: 1,
	us: 1e3,
	µs: 1e3,
	ms: 1e6,
	s: 1e9,
	m: 60e9,
	h: 3600e9,
};

/** A duration in Go's form (`1m30s`) as nanoseconds; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
	if (text === '0') return 0;
	const match = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
	if (!match) return undefined;
	const parts = (match[2] ?? '').matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g);
	let sum = 0;
	for (const [, value = '0', unit = 'ns'] of parts) sum += Number(value) * (nanoseconds[unit] ?? 1);
	return match[1] === '-' ? -sum : sum;
}

/** A duration as Go prints it: `90s` comes back as `1m30s`. */
export function printDuration(duration: number): string {
	if (duration === 0) return '0s';
	const sign = duration < 0 ? '-' : '';
	const size = Math.abs(duration);
	if (size < 1e3) return `${sign}${size}ns`;
	if (size < 1e6) return `${sign}${size / 1e3}µs`;
	if (size < 1e9) return `${sign}${size / 1e6}ms`;
	const hours = Math.floor(size / 3600e9);
	const minutes = Math.floor((size % 3600e9) / 60e9);
	const seconds = `${(size % 60e9) / 1e9}s`;
	if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
	return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** An address with an optional prefix length, of the family asked for. */
export function isCidr(text: string, family: 4 | 6): boolean {
	const [address = '', length, ...rest] = text.split('/');
	const isAddress = family === 4 ? isIPv4(address) : isIPv6(address);
	if (length === undefined) return isAddress;
	return isAddress && rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128);
}

/** A network whose address has no bits set below its prefix length; a bare address counts as one. */
export function isNetwork(text: string): boolean {
	if (!isCidr(text, 4) && !isCidr(text, 6)) return false;
	const [address = '', length] = text.split('/');
	if (length === undefined) return true;
	const [bits, width] = isIPv4(address) ? [ipv4Bits(address), 32] : [ipv6Bits(address), 128];
	const hostBits = BigInt(width - Number(length));
	return (bits >> hostBits) << hostBits === bits;
}

function ipv4Bits(address: string): bigint {
	return address.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n);
}

function ipv6Bits(address: string): bigint {
	const dotted = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_match, a, b, c, d) => {
		const high = (Number(a) * 256 + Number(b)).toString(16);
		return `${high}:${(Number(c) * 256 + Number(d)).toString(16)}`;
	});
	const [head = '', tail] = dotted.split('::');
	const left = head === '' ? [] : head.split(':');
	const right = tail === undefined || tail === '' ? [] : tail.split(':');
	const zeros = Array.from({length: 8 - left.length - right.length}, () => '0');
	return [...left, ...zeros, ...right].reduce((bits, part) => bits * 65536n + BigInt(`0x${part}`), 0n);
}

/** `1.2.3.4`, `1.2.3.4:179`, `fd00::1` or `[fd00::1]:179`. */
export function isAddressAndPort(text: string): boolean {
	if (isIPv4(text) || isIPv6(text)) return true;
	const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+)):(?<port>\d{1,5})$/.exec(text);
	const {v4 = '', v6 = '', port = '0'} = match?.groups ?? {};
	return (isIPv4(v4) || isIPv6(v6)) && Number(port) >= 1 && Number(port) <= 65535;
}
