import type {ExecResult} from '../../cluster/exec.ts';
import type {KernelRoute} from '../../core/session.ts';
import {succeed} from './answers.ts';

/**
 * Routes as calico-node's `ip -4 -j route show proto …` prints them (transcripts): its iproute2 leaves out the prefix
 * lengths, and the node's own block, so that nobody should build on it. Undefined for routes of which no transcript shows the form.
 */
export function printRoutesAsJson(routes: readonly KernelRoute[], withProtocolAsked: boolean): ExecResult | undefined {
	const shown = routes.filter(({blackhole}) => !blackhole);
	const known = shown.every(({family, via, device, metric}) => {
		return family === 4 && via.length === 1 && device !== null && metric !== null;
	});
	if (!known || !withProtocolAsked) return undefined;
	const values = shown.map(({destination, via, device, metric}) => ({
		dst: destination.replace(/\/.*$/, ''),
		gateway: via[0],
		dev: device,
		metric,
		flags: [],
	}));
	return succeed(`${JSON.stringify(values)}\n`);
}
