import type {PingArguments} from './ping-arguments.ts';

/** `PING 10.65.0.64 (10.65.0.64) from 172.31.40.1 : 56(84) bytes of data.`; 84 is with the headers of IPv4 and ICMP. */
export function pingHeader(
	{destination, family, size}: Pick<PingArguments, 'destination' | 'family' | 'size'>,
	source: string | undefined,
): string {
	const from = source === undefined ? '' : `from ${source} : `;
	return family === 4
		? `PING ${destination} (${destination}) ${from}${size}(${size + 28}) bytes of data.`
		: `PING ${destination}(${destination}) ${from}${size} data bytes`;
}

/** What was counted; `time` is in milliseconds, from the first packet to the last that was sent or heard of. */
export type PingCounts = {
	readonly sent: number;
	readonly received: number;
	readonly errors: number;
	/** The most packets that were on their way at once. */
	readonly pipe: number;
	readonly time: number;
};

/** The closing lines; round trips are in microseconds. */
export function pingSummary(
	destination: string,
	{sent, received, errors, pipe, time}: PingCounts,
	trips: readonly number[],
): readonly string[] {
	// printf's %g: six digits, no zeros at the end.
	const loss = Number((((sent - received) * 100) / sent).toPrecision(6));
	const failed = errors === 0 ? '' : ` +${errors} errors,`;
	const last = [
		...(trips.length === 0 ? [] : [`rtt min/avg/max/mdev = ${statistics(trips)} ms`]),
		...(pipe > 1 ? [`pipe ${pipe}`] : []),
	];
	return [
		`--- ${destination} ping statistics ---`,
		`${sent} packets transmitted, ${received} received,${failed} ${loss}% packet loss, time ${time}ms`,
		last.join(', '),
	];
}

function statistics(trips: readonly number[]): string {
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const average = mean(trips);
	const deviation = Math.sqrt(Math.max(0, mean(trips.map(trip => trip * trip)) - average * average));
	return [Math.min(...trips), average, Math.max(...trips), deviation]
		.map(value => (Math.floor(value) / 1000).toFixed(3))
		.join('/');
}
