import {withoutPrefix} from '../../../core/peering/addresses.ts';
import type {Family} from '../../../core/session.ts';
import type {Snapshot} from '../../../core/snapshot.ts';
import {UserError} from '../../../core/user-error.ts';
import {ofFamily} from '../../bgp/addresses.ts';
import {felixProtocol, felixRoutesOf} from '../../bgp/felix-routes.ts';
import type {NodeSeed} from '../../datastore/seed.ts';
import {type Host, lines} from './host.ts';
import {device as uplink} from './wiring.ts';

/** Felix's part of a node where pools are VXLAN's: tunnel devices, and the routes over them, whatever BGP says. */
export type Felix = {
	/** Programs what the datastore says now; nothing where it is as before. @throws UserError where there is no VXLAN */
	configure(snapshot: Snapshot): Promise<void>;
};

/** Felix's own values (felix/dataplane/linux/vxlan_mgr.go; calico.md §8.2). */
const vni = 4096;
const udpPort = 4789;
/** Milliseconds; it takes some ten. */
const patience = 20_000;
const devices: Readonly<Record<Family, string>> = {4: 'vxlan.calico', 6: 'vxlan-v6.calico'};

/** Makes the Felix of node `number`. */
export function createFelix(host: Host, nodes: readonly NodeSeed[], number: number): Felix {
	const own = nodes[number];
	const hasDevice = new Set<Family>();
	const programmed = new Map<Family, string>();
	const makeDevice = async (family: Family): Promise<void> => {
		if (hasDevice.has(family) || !own) return;
		hasDevice.add(family);
		const device = devices[family];
		const local = addressOf(own, family);
		const neighbours = nodes.flatMap((node, index) => {
			const address = addressOf(node, family);
			return index === number || address === '' ? [] : [{node, address, mac: macOf(index)}];
		});
		const made = await host.tryIn(
			number,
			['ip', '-batch', '-'],
			lines([
				`link add ${device} address ${macOf(number)} type vxlan id ${vni} dstport ${udpPort} local ${local} dev ${uplink} nolearning`,
				`link set ${device} up`,
				...neighbours.flatMap(({node, mac}) =>
					ofFamily(node.blocks ?? [], family).map(
						block => `neigh replace ${withoutPrefix(block)} lladdr ${mac} dev ${device} nud permanent`,
					),
				),
			]),
			patience,
		);
		if (made.exitCode !== 0) throw noVxlan((made.stderr || made.stdout).trim());
		const entries = neighbours.map(({address, mac}) => `fdb append ${mac} dev ${device} dst ${address}`);
		await host.runIn(number, ['bridge', '-batch', '-'], lines(entries));
	};
	return {
		configure: async snapshot => {
			for (const family of [4, 6] as const) {
				if (!own || addressOf(own, family) === '') continue;
				const blocks = new Map(nodes.map(node => [node.name, ofFamily(node.blocks ?? [], family)]));
				const routes = felixRoutesOf(snapshot, own.name, name => blocks.get(name) ?? []);
				const text = lines(
					routes.map(({destination, via, device, blackhole}) =>
						blackhole
							? `route add blackhole ${destination} proto ${felixProtocol}`
							: `route add ${destination} via ${via[0]} dev ${device} proto ${felixProtocol} onlink`,
					),
				);
				if (text === (programmed.get(family) ?? '')) continue;
				programmed.set(family, text);
				await makeDevice(family);
				const flush = lines([`route flush proto ${felixProtocol}`]);
				await host.runIn(number, ['ip', `-${family}`, '-batch', '-'], `${flush}${text}`);
			}
		},
	};
}

/** Not every kernel has the module, and a container may not load it. */
function noVxlan(words: string): UserError {
	return new UserError(`Nodes with real BIRD cannot have a VXLAN pool here: ${words}`, {
		next: ['Use a kernel with CONFIG_VXLAN.', 'Or use the model of BIRD: --engine model'],
		exitCode: 1,
	});
}

/** A hardware address that is each node's own, so that every node knows the others' beforehand. */
function macOf(number: number): string {
	return `66:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
}

function addressOf({ipv4Address, ipv6Address}: NodeSeed, family: Family): string {
	return withoutPrefix(family === 4 ? ipv4Address : ipv6Address);
}
