import {withoutPrefix} from '../../peering/addresses.ts';
import {ownAs} from '../../peering/between.ts';
import {hasBgpAddress} from '../../reflectors.ts';
import type {NodeResource} from '../../resources.ts';
import {isWindows} from '../looks.ts';
import {block, check, pass, warn, whenKnown} from '../types.ts';
import {counted, some} from '../words.ts';

/** What the nodes themselves must be like. */
export const nodeChecks = [
	// Three reflectors, and at least one node to reflect for.
	check('node-count', 'There are at least four Linux nodes with a BGP address', ({snapshot, facts}) => {
		const linux = snapshot.nodes.filter(node => !isWindows(node, facts));
		const without = namesOf(linux.filter(node => !hasBgpAddress(node)));
		const count = linux.length - without.length;
		if (count < 4) {
			return block(
				`${counted(count, 'Linux node')} with a BGP address, of ${counted(snapshot.nodes.length, 'node')} in all.`,
				'With fewer than four nodes a mesh has no more sessions than reflectors would need: stay with the mesh.',
			);
		}
		return without.length > 0
			? warn(
					`${count} Linux nodes have a BGP address; ${some(without)} ${without.length === 1 ? 'has' : 'have'} none and takes no part in BGP.`,
					'See why calico-node there found no address (IP autodetection), if it should have one.',
				)
			: pass(`${count} Linux nodes have a BGP address.`);
	}),
	// Windows' confd template keeps reflectors in the mesh, and CalicoNodeStatus does not exist there.
	check('windows-nodes', 'No node runs Windows', ({snapshot, facts}) => {
		const windows = namesOf(snapshot.nodes.filter(node => isWindows(node, facts)));
		return windows.length === 0
			? pass('No node is known to run Windows.')
			: warn(
					`${some(windows)}: Windows. Such a node can be a client but not a reflector; until the mesh is off it keeps a one-sided mesh session with every reflector, and its state cannot be seen from here.`,
				);
	}),
	check('single-as', 'All nodes have the same AS number', ({peering}) => {
		const byAs = new Map<string, string[]>();
		for (const node of peering.nodes) {
			if (!node.address[4] && !node.address[6]) continue;
			const as = ownAs(peering, node);
			byAs.set(as, [...(byAs.get(as) ?? []), node.name]);
		}
		const [only] = [...byAs.keys()];
		if (byAs.size <= 1) return pass(`AS ${only ?? peering.globalAs} everywhere.`);
		const listed = [...byAs].map(([as, names]) => `AS ${as}: ${some(names, 3)}`).join('; ');
		return block(
			`${byAs.size} AS numbers: ${listed}. A reflector reflects only to nodes of its own AS.`,
			'Give all nodes one AS number first, or keep the mesh.',
		);
	}),
	check('address-families', 'The reflectors have every address family that nodes have', ({peering, reflectors}) => {
		const withFamily = (family: 4 | 6) => peering.nodes.filter(node => node.address[family] !== '');
		const total = peering.nodes.filter(node => node.address[4] || node.address[6]).length;
		const used = ([4, 6] as const).filter(family => withFamily(family).length > 0);
		const lacking = reflectors.flatMap(name => {
			const lost = used.filter(family => peering.byName.get(name)?.address[family] === '');
			return lost.length > 0 ? [`${name} has no IPv${lost.join(' and no IPv')} address`] : [];
		});
		const counts = used.map(family => `IPv${family} on ${withFamily(family).length} of ${counted(total, 'node')}`);
		if (lacking.length > 0) {
			return block(
				`${lacking.join('; ')}, but others do (${counts.join(', ')}): it could not reflect for them.`,
				'Choose nodes that have both families.',
			);
		}
		return used.some(family => withFamily(family).length < total)
			? warn(
					`${counts.join(', ')}: only nodes that share a family have sessions and routes in it, now as later.`,
					'See that this is meant so.',
				)
			: pass(`${counts.join(', ')}.`);
	}),
	check('unique-addresses', 'No two nodes have the same BGP address', ({snapshot}) => {
		const owners = new Map<string, string[]>();
		for (const {metadata, spec} of snapshot.nodes) {
			for (const cidr of [spec.bgp?.ipv4Address, spec.bgp?.ipv6Address]) {
				const address = withoutPrefix(cidr);
				if (address) owners.set(address, [...(owners.get(address) ?? []), metadata.name]);
			}
		}
		const shared = [...owners].filter(([, names]) => names.length > 1);
		return shared.length === 0
			? pass('Every BGP address belongs to one node.')
			: block(
					`${shared.map(([address, names]) => `${address}: ${names.join(', ')}`).join('; ')}.`,
					'Delete what is left of nodes that are gone, or mend the IP autodetection.',
				);
	}),
	// The usual cause of "BGP not established" (calico #2561, #3541, #6474): the wrong interface was detected.
	check('internal-addresses', "Nodes' BGP addresses are their InternalIPs", ({snapshot, facts}) =>
		whenKnown(facts.nodes, nodes => {
			const different = snapshot.nodes.flatMap(({metadata, spec}) => {
				const internal = nodes.get(metadata.name)?.internalIps.map(canonical) ?? [];
				if (internal.length === 0) return [];
				return [spec.bgp?.ipv4Address, spec.bgp?.ipv6Address]
					.map(cidr => canonical(withoutPrefix(cidr)))
					.filter(address => address !== '' && hasFamilyOf(internal, address) && !internal.includes(address))
					.map(address => `${metadata.name} speaks BGP on ${address}, its InternalIP is ${internal.join(', ')}`);
			});
			return different.length === 0
				? pass('They are the same wherever both are known.')
				: warn(
						`${some(different, 5, '; ')}.`,
						"Look whether Calico's IP autodetection found the right interface; it may be meant so.",
					);
		}),
	),
];

function namesOf(nodes: readonly NodeResource[]): readonly string[] {
	return nodes.map(node => node.metadata.name);
}

/** One spelling for each address: `FD00:0::1` and `fd00::1` are the same. */
function canonical(address: string): string {
	if (!address.includes(':')) return address;
	return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

function hasFamilyOf(addresses: readonly string[], address: string): boolean {
	return addresses.some(other => other.includes(':') === address.includes(':'));
}
