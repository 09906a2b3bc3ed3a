import type {Network} from '../bgp/network.ts';
import {birdDateTime, birdTime} from '../node/bird-time.ts';
import {runOnNode} from '../node/exec.ts';
import type {Engine} from './engine.ts';

/**
 * The engine that needs nothing of the machine: the model of BIRD and of the nodes' kernels.
 * @param hasPing whether a node's image has `ping`; it has.
 */
export function createModelEngine(network: Network, hasPing: (node: string) => boolean = () => true): Engine {
	const now = (): number => network.clock.now();
	return {
		kind: 'model',
		configure: snapshot => network.configure(snapshot, now()),
		has: network.has,
		runOnNode: (node, argv, {input}) => runOnNode(network, node, argv, {input, hasPing: hasPing(node)}),
		look: () => undefined,
		report: (node, family) => {
			const at = now();
			const bird = network.bird(node, at);
			const protocols = network.protocols(node, family, at);
			if (!bird || !protocols) return null;
			return {
				version: 'v0.3.3+birdv1.6.8',
				routerId: network.addressOf(node, 4)?.address ?? '',
				lastBoot: birdDateTime(bird.startedAt),
				lastReconfiguration: birdDateTime(bird.configuredAt),
				sessions: protocols.map(({peer, state, since, bgpState}) => ({
					address: peer.address,
					kind: peer.kind,
					state,
					since: birdTime(since, at),
					bgpState,
				})),
			};
		},
		cutLink: async node => network.cutLink(node, now()),
		restoreLink: async node => network.restoreLink(node, now()),
		blockBgp: async nodes => network.blockBgp(nodes, now()),
		allowBgp: async nodes => network.allowBgp(nodes, now()),
		killBird: async node => network.killBird(node, now()),
		startBird: async node => network.startBird(node, now()),
		switchProtocols: async (node, family, protocols, enabled) =>
			network.switchProtocols(node, family, protocols, enabled, now()),
		close: async () => undefined,
	};
}
