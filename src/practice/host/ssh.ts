import type {NodeResource} from '../../core/resources.ts';

/** What `ssh` was asked for. */
export type SshCall = {readonly host: string; readonly command: string | null} | {readonly refusal: string};

/** Options of ssh(1) that change nothing here, and those of them that take a value. All others are refused. */
const switches = /^-[46AaCgKknqTtvXxYy]+$/;
const withValue = /^-[BbcEeFIilmopQ](.*)$/;

/** Reads the arguments of ssh: options, `[user@]host`, and a command, whose words ssh joins by blanks (ssh(1)). */
export function parseSsh(argv: readonly string[]): SshCall {
	let index = 0;
	for (let word = argv[index]; word?.startsWith('-'); word = argv[index]) {
		index += 1;
		if (word === '--') break;
		if (switches.test(word)) continue;
		const value = withValue.exec(word);
		if (!value) return {refusal: `ssh: the practice cluster knows no ${word}`};
		if (value[1] === '') index += 1;
	}
	const destination = argv[index];
	if (destination === undefined) return {refusal: 'usage: ssh [options] [user@]NODE [command [argument ...]]'};
	const host = destination.replace(/^ssh:\/\//, '').replace(/^.*@/, '');
	const words = argv.slice(index + 1);
	return {host, command: words.length === 0 ? null : words.join(' ')};
}

/** The node of that name or BGP address. */
export function findNode(nodes: readonly NodeResource[], host: string): string | undefined {
	const addressesOf = ({spec: {bgp}}: NodeResource) =>
		[bgp?.ipv4Address, bgp?.ipv6Address].flatMap(cidr => cidr?.split('/')[0] ?? []);
	return nodes.find(node => node.metadata.name === host || addressesOf(node).includes(host))?.metadata.name;
}

/** The words of a command line that needs no shell to be understood; undefined for one that does. */
export function plainWords(command: string): readonly string[] | undefined {
	return /^[\w@%+:,./ \t-]+$/.test(command) ? command.trim().split(/[ \t]+/) : undefined;
}
