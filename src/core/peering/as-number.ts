import type {AsNumber} from '../resources.ts';

/** The AS number of a cluster that sets none (confd's globalDefaults). */
export const defaultAs = '64512';

/** An AS number in plain decimal, as confd renders it; `1.10` is 1 × 65536 + 10 (RFC 5396). Undefined stays so. */
export function asText(value: AsNumber | undefined): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const [high, low] = String(value).split('.');
	if (low === undefined) return String(value);
	return String(Number(high) * 65_536 + Number(low));
}
