import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import type {Exec} from '../../../cluster/exec.ts';
import {withoutPrefix} from '../../../core/peering/addresses.ts';
import {type Peering, preparePeering} from '../../../core/peering/prepare.ts';
import {isVxlan} from '../../../core/pools.ts';
import type {Family} from '../../../core/session.ts';
import {emptySnapshot, type Snapshot} from '../../../core/snapshot.ts';
import {ofFamily} from '../../bgp/addresses.ts';
import {confdDelay} from '../../bgp/timing.ts';
import type {NodeSeed} from '../../datastore/seed.ts';
import {refuse} from '../../node/answers.ts';
import type {BirdReport, Engine} from '../engine.ts';
import {clockOf} from './clock.ts';
import {type BirdNode, runForReal, sessionsOf} from './commands.ts';
import {birdConfiguration} from './configuration.ts';
import {createDaemon} from './daemon.ts';
import {createFelix} from './felix.ts';
import {dropBgpFrom} from './firewall.ts';
import {createHost, EngineError} from './host.ts';
import {createOutside} from './outside.ts';
import {ownedPrefix, thisOwner} from './owner.ts';
import {pause} from './pause.ts';
import {removeEngine, removeLeftovers} from './remove.ts';
import {readReport} from './report.ts';
import {port, wire} from './wiring.ts';

export type BirdEngineOptions = {
	/** Runs the programs of this machine; `path` is its PATH. */
	readonly exec: Exec;
	readonly path: string;
	readonly nodes: readonly NodeSeed[];
	/** Spreads the moments at which the nodes' confds act. */
	readonly seed: number;
};

/** Real BIRD on each node. It must be configured once before it is started. */
export type BirdEngine = Engine & {
	/** Starts every BIRD and waits until all their sessions are Established. @throws EngineError */
	start(): Promise<void>;
};

const families = [4, 6] as const;

/** Milliseconds within which a full mesh comes up; it takes two to seven seconds. */
const patience = 60_000;

/**
 * Makes a network namespace for each node and joins them (wiring.ts). Everything goes by `close` or when the process ends,
 * in whatever way but by SIGKILL; what that leaves is removed by the next engine that starts.
 * @throws EngineError
 */
export async function createBirdEngine({exec, path, nodes, seed}: BirdEngineOptions): Promise<BirdEngine> {
	removeLeftovers(path);
	const folder = mkdtempSync(join(tmpdir(), ownedPrefix(thisOwner())));
	const name = basename(folder);
	const removeAll = (): void => removeEngine(name, path);
	process.once('exit', removeAll);
	const host = createHost(exec, name);
	const numbers = new Map(nodes.map(({name}, index) => [name, index]));
	const made: readonly BirdNode[] = nodes.map((_node, number) => {
		const common = {host, part: number, name: String(number), folder, onClock: clockOf(number, seed, path)};
		return {
			number,
			birds: {4: createDaemon({...common, family: 4}), 6: createDaemon({...common, family: 6})},
		};
	});
	const felixes = nodes.map((_node, number) => createFelix(host, nodes, number));
	const outside = createOutside(host, nodes, folder);
	const reports = new Map<string, BirdReport | null>();
	/** Whose BGP packets each node drops, by its number. */
	const dropped = nodes.map(() => new Set<string>());
	const timers = new Set<NodeJS.Timeout>();
	let peering: Peering = preparePeering(emptySnapshot);
	let snapshot = emptySnapshot;
	let order = -1;
	let started = false;
	let closed = false;
	try {
		await wire(host, nodes);
	} catch (error) {
		process.off('exit', removeAll);
		removeAll();
		throw error;
	}

	const nodeOf = (name: string): BirdNode => {
		const node = made[numbers.get(name) ?? -1];
		if (!node) throw new EngineError(`there is no node ${name}`);
		return node;
	};
	const configureNode = async (seed: NodeSeed, {number, birds}: BirdNode): Promise<void> => {
		await felixes[number]?.configure(snapshot);
		for (const family of families) {
			const cidrs = (pools: Snapshot['ipPools']) =>
				ofFamily(
					pools.map(({spec}) => spec.cidr),
					family,
				);
			const text = birdConfiguration({
				peering,
				node: seed.name,
				family,
				blocks: ofFamily(seed.blocks ?? [], family),
				pools: cidrs(snapshot.ipPools),
				felixPools: cidrs(snapshot.ipPools.filter(isVxlan)),
			});
			await birds[family].configure(text);
		}
	};
	const configureAll = async (): Promise<void> => {
		await outside.configure(peering);
		await Promise.all(nodes.map((seed, index) => configureNode(seed, made[index] ?? nodeOf(seed.name))));
	};
	/** What is under way when the engine is closed finds its files and namespaces gone. */
	const inBackground = (work: Promise<unknown>): void => {
		work.catch((error: unknown) => {
			if (!closed) throw error;
		});
	};
	const addressesOf = ({ipv4Address, ipv6Address}: NodeSeed): readonly string[] =>
		[ipv4Address, ipv6Address].map(withoutPrefix).filter(Boolean);
	const block = async ([one, other]: readonly [string, string], isBlocked: boolean): Promise<void> => {
		for (const [from, to] of [
			[one, other],
			[other, one],
		] as const) {
			const {number} = nodeOf(to);
			const set = dropped[number] ?? new Set<string>();
			const sender = nodes[nodeOf(from).number];
			for (const address of sender ? addressesOf(sender) : []) isBlocked ? set.add(address) : set.delete(address);
			await dropBgpFrom(host, number, set);
		}
	};
	const waitForSessions = async (): Promise<void> => {
		const end = performance.now() + patience;
		for (const node of made) {
			for (const family of families) {
				for (;;) {
					const sessions = (await sessionsOf(node.birds[family], family)) ?? [];
					const missing = sessions.filter(({state}) => state !== 'up');
					if (missing.length === 0) break;
					if (performance.now() > end) {
						throw new EngineError(
							`the sessions did not come up within ${patience / 1000} s: ${JSON.stringify(missing)}`,
						);
					}
					await pause(200);
				}
			}
		}
	};

	return {
		kind: 'bird',
		async start() {
			await configureAll();
			await Promise.all(made.flatMap(({birds}) => families.map(family => birds[family].start())));
			started = true;
			await waitForSessions();
		},
		configure(next: Snapshot) {
			snapshot = next;
			peering = preparePeering(next);
			order += 1;
			if (!started) return;
			inBackground(outside.configure(peering));
			for (const seedOfNode of nodes) {
				const timer = setTimeout(
					() => {
						timers.delete(timer);
						inBackground(configureNode(seedOfNode, nodeOf(seedOfNode.name)));
					},
					confdDelay(seed, order, seedOfNode.name),
				);
				timers.add(timer);
			}
		},
		has: node => numbers.has(node),
		runOnNode: (name, argv, {input}) => {
			if (numbers.has(name)) return runForReal(host, nodeOf(name), argv, input);
			return refuse(255, `ssh: Could not resolve hostname ${name}: Name or service not known\n`);
		},
		look: async names => {
			for (const name of names) {
				if (!numbers.has(name)) continue;
				for (const family of families) {
					reports.set(`${name}/${family}`, await readReport(nodeOf(name).birds[family], family));
				}
			}
		},
		report: (name, family) => reports.get(`${name}/${family}`) ?? null,
		// The cable stays plugged in, so that the node's own interface and routes are as they were.
		cutLink: async name => {
			await host.runIn('switch', ['ip', 'link', 'set', port(nodeOf(name).number), 'nomaster']);
		},
		restoreLink: async name => {
			await host.runIn('switch', ['ip', 'link', 'set', port(nodeOf(name).number), 'master', 'bridge']);
		},
		blockBgp: pair => block(pair, true),
		allowBgp: pair => block(pair, false),
		killBird: async name => {
			await Promise.all(families.map(family => nodeOf(name).birds[family].kill()));
		},
		startBird: async name => {
			await Promise.all(families.map(family => nodeOf(name).birds[family].start()));
		},
		switchProtocols: async (name, family: Family, protocols, enabled) => {
			for (const protocol of protocols) {
				await nodeOf(name).birds[family].ask([enabled ? 'enable' : 'disable', protocol]);
			}
		},
		close: async () => {
			closed = true;
			for (const timer of timers) clearTimeout(timer);
			process.off('exit', removeAll);
			removeAll();
		},
	};
}
