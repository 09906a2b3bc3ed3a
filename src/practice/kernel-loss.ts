import {parseKernelRoutes} from '../cluster/parse/kernel-routes.ts';
import type {Clock} from '../core/clock.ts';
import type {PracticeCluster} from './cluster.ts';
import {type LossMeter, meterLoss, type Reached} from './loss.ts';

/** Milliseconds of real time for one node's routes. */
const timeout = 10_000;

/**
 * Looks once a second at the kernels of nodes that are no model, by the command that a person would type there; what is
 * lost in between two looks is not seen.
 */
export function measureKernelLoss(
	{exec}: PracticeCluster,
	allBlocks: ReadonlyMap<string, readonly string[]>,
	clock: Clock,
): LossMeter {
	const blocks = new Map([...allBlocks].map(([node, own]) => [node, own.filter(block => !block.includes(':'))]));
	const routesOf = async (node: string): Promise<ReadonlySet<string> | undefined> => {
		const {stdout, exitCode} = await exec('node-exec', [node, 'ip', 'route', 'show'], {timeout});
		// A route of which `ip` names no protocol is `boot` (iproute2 ip/iproute.c, print_route).
		const routes = parseKernelRoutes(stdout, 4, 'boot');
		if (exitCode !== 0 || !routes.ok) return undefined;
		return new Set(routes.value.filter(({blackhole}) => !blackhole).map(({destination}) => destination));
	};
	const look = async (): Promise<Reached | undefined> => {
		const reached = new Map<string, ReadonlySet<string>>();
		for (const node of blocks.keys()) {
			const routes = await routesOf(node);
			if (!routes) return undefined;
			reached.set(node, routes);
		}
		return reached;
	};
	return meterLoss({blocks, look, interval: 1000}, clock);
}
