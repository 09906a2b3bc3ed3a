import {batchLines, holdsToRelease, isHold, routesToHold} from '../core/hold.ts';
import type {Family, KernelRoute, Seen} from '../core/session.ts';
import type {ExecResult} from './exec.ts';
import type {NodeShell} from './node-shell.ts';
import {read, reasonOf} from './observe.ts';
import {parseKernelRoutes} from './parse/kernel-routes.ts';
import type {Command} from './port.ts';

/** A node whose routes are held, and the families in which it has a BGP address. */
export type HeldNode = {readonly name: string; readonly families: readonly Family[]};

/** What is held: routes inside these pools; with `via`, only those that lead to one of these addresses. */
export type HoldScope = {readonly pools: readonly string[]; readonly via?: readonly string[] | undefined};

/** What releasing came to: the copies taken away, and those that had to stay since BIRD has no route of its own there. */
export type Released = {readonly released: number; readonly kept: readonly string[]};

/** The route hold on the nodes. Nothing here throws: a node that cannot be asked is a reason in words. */
export type Holds = {
	/** Copies the node's routes; gives how many are held now. */
	take(node: HeldNode, scope: HoldScope, signal?: AbortSignal): Promise<Seen<number>>;
	/** Takes the copies away where BIRD's own route is back; with `force`, all of them. */
	release(node: HeldNode, options?: {readonly force?: boolean}, signal?: AbortSignal): Promise<Seen<Released>>;
	/** The copies that a node has now. */
	look(node: HeldNode, signal?: AbortSignal): Promise<Seen<readonly KernelRoute[]>>;
	/** The command that makes copies of these routes on a node. */
	describe(node: string, routes: readonly KernelRoute[]): Command;
};

const batch = (family: Family): readonly string[] => ['ip', ...(family === 6 ? ['-6'] : []), '-force', '-batch', '-'];

/** Makes the hold over a node shell; `timeout` is for one command, in milliseconds. */
export function createHolds(shell: NodeShell, timeout: number): Holds {
	const run = (node: string, argv: readonly string[], signal?: AbortSignal, input?: string): Promise<ExecResult> =>
		shell.run(node, argv, {timeout, ...(signal && {signal}), ...(input !== undefined && {input})});

	const routesOf = async (
		node: HeldNode,
		protocol: 'bird' | 'kernel',
		signal?: AbortSignal,
	): Promise<Seen<readonly KernelRoute[]>> => {
		const found: KernelRoute[] = [];
		for (const family of node.families) {
			const argv = ['ip', ...(family === 6 ? ['-6'] : []), 'route', 'show', 'proto', protocol];
			const seen = read(await run(node.name, argv, signal), output => parseKernelRoutes(output, family, protocol));
			if (!seen.known) return seen;
			found.push(...seen.value);
		}
		return {known: true, value: found};
	};
	const look: Holds['look'] = async (node, signal) => {
		const seen = await routesOf(node, 'kernel', signal);
		return seen.known ? {known: true, value: seen.value.filter(isHold)} : seen;
	};
	/** One call for each family with all its routes; `-force` goes on past a line that says what is so already. */
	const change = async (
		node: HeldNode,
		verb: 'add' | 'del',
		routes: readonly KernelRoute[],
		signal?: AbortSignal,
	): Promise<ExecResult | undefined> => {
		let failed: ExecResult | undefined;
		for (const family of node.families) {
			const lines = batchLines(
				verb,
				routes.filter(route => route.family === family),
			);
			if (lines.length === 0) continue;
			const result = await run(node.name, batch(family), signal, `${lines.join('\n')}\n`);
			if (result.exitCode !== 0) failed = result;
		}
		return failed;
	};

	return {
		look,
		async take(node, {pools, via}, signal) {
			const routes = await routesOf(node, 'bird', signal);
			if (!routes.known) return routes;
			const wanted = routesToHold(routes.value, pools).filter(
				route => via === undefined || route.via.some(hop => via.includes(hop)),
			);
			const failed = await change(node, 'add', wanted, signal);
			const held = await look(node, signal);
			if (!held.known) return held;
			const there = new Set(held.value.map(route => route.destination));
			const missing = wanted.filter(route => !there.has(route.destination));
			// What counts is the kernel's table, not the exit code: a copy left by an earlier run makes `ip` fail and is fine.
			if (missing.length === 0) return {known: true, value: wanted.length};
			const words = failed ? reasonOf(failed) : 'the kernel does not show them';
			return {known: false, reason: `${missing.length} of ${wanted.length} routes could not be held: ${words}`};
		},
		async release(node, {force = false} = {}, signal) {
			const [held, own] = [await look(node, signal), await routesOf(node, 'bird', signal)];
			if (!held.known) return held;
			if (!own.known) return own;
			const going = force ? held.value : holdsToRelease(held.value, own.value);
			await change(node, 'del', going, signal);
			const left = await look(node, signal);
			if (!left.known) return left;
			return {
				known: true,
				value: {released: held.value.length - left.value.length, kept: left.value.map(route => route.destination)},
			};
		},
		describe(node, routes) {
			const {file, args} = shell.describe(node, batch(4));
			return {file, args, input: batchLines('add', routes).join('\n')};
		},
	};
}
