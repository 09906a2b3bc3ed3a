import {externalEnds} from '../../../core/peering/peers.ts';
import type {Peering, PeeringNode} from '../../../core/peering/prepare.ts';
import {routerConfigs, sessionConfigs} from '../../bgp/session-configs.ts';
import type {NodeSeed} from '../../datastore/seed.ts';
import {createDaemon, type Daemon} from './daemon.ts';
import type {Host} from './host.ts';
import {type Router, type RouterSession, routerConfiguration} from './router-configuration.ts';
import {wireRouter} from './wiring.ts';

/** The routers outside the cluster: each one that a BGPPeer names is there, and is configured to match. */
export type Outside = {
	/** Starts routers that are new, and tells each which nodes peer with it now; done in turn. @throws EngineError */
	configure(peering: Peering): Promise<void>;
};

/** Their BIRDs share one namespace, each with an address of its own. */
export function createOutside(host: Host, nodes: readonly NodeSeed[], folder: string): Outside {
	const running = new Map<string, {readonly daemon: Daemon; readonly router: Router}>();
	let last: Promise<unknown> = Promise.resolve();
	const start = async (router: Router, name: string): Promise<void> => {
		const {address, family} = router;
		const daemon = createDaemon({host, part: 'outside', name, family, folder, onClock: []});
		running.set(name, {daemon, router});
		await wireRouter(host, nodes, address);
		await daemon.configure(routerConfiguration(router));
		await daemon.start();
	};
	const configure = async (peering: Peering): Promise<void> => {
		const wanted = routersOf(peering, nodes);
		for (const [name, {daemon, router}] of running) {
			// Who is named no more hears nobody, and stays.
			await daemon.configure(routerConfiguration(wanted.get(name) ?? {...router, sessions: []}));
		}
		for (const [name, router] of wanted) if (!running.has(name)) await start(router, name);
	};
	return {
		configure: peering => {
			const done = last.then(() => configure(peering));
			last = done.catch(() => undefined);
			return done;
		},
	};
}

function routersOf(peering: Peering, nodes: readonly NodeSeed[]): ReadonlyMap<string, Router> {
	const routers = new Map<string, Router>();
	for (const {name} of nodes) {
		const node = peering.byName.get(name);
		if (!node) continue;
		for (const family of [4, 6] as const) {
			for (const {address, end} of externalEnds(peering, node, family)) {
				const key = `router-${address}-${end.port ?? 179}`;
				const router = routers.get(key) ?? {address, port: end.port, family, sessions: []};
				const sessions = [...router.sessions, ...sessionsWith(peering, node, router)];
				routers.set(key, {...router, sessions});
			}
		}
	}
	return routers;
}

function sessionsWith(peering: Peering, node: PeeringNode, {address, port, family}: Router): readonly RouterSession[] {
	const configs = sessionConfigs(peering, node.name, {address}, family).filter(({peer}) => peer.port === port);
	return routerConfigs(configs, family).map(config => ({config, node: node.address[family]}));
}
