import {isIPv6} from 'node:net';
import {UserError} from '../../../core/user-error.ts';
import type {Host} from './host.ts';

/**
 * Drops what comes from these addresses to or from BGP's port on a node, and nothing else; all in one step of the kernel.
 * Only a packet filter can be silent: a blackhole in the routing rules answers each connect at once.
 * @throws UserError where nft cannot be run.
 */
export async function dropBgpFrom(host: Host, node: number, addresses: ReadonlySet<string>): Promise<void> {
	const rules = [...addresses].flatMap(address => {
		const source = `${isIPv6(address) ? 'ip6' : 'ip'} saddr ${address}`;
		return [`${source} tcp dport 179 drop`, `${source} tcp sport 179 drop`];
	});
	const script = [
		'add table inet practice',
		'delete table inet practice',
		'table inet practice {',
		'chain input {',
		'type filter hook input priority 0;',
		...rules,
		'}',
		'}',
		'',
	].join('\n');
	const {exitCode, stderr, failure} = await host.tryIn(node, ['nft', '-f', '-'], script, 20_000);
	if (exitCode === 0) return;
	throw new UserError(
		`BGP cannot be blocked between nodes with real BIRD here: ${stderr.trim() || `nft: ${failure}`}`,
		{
			next: ['Install nftables; on Debian 12: apt-get install nftables', 'Or use the model of BIRD: --engine model'],
			exitCode: 1,
		},
	);
}
