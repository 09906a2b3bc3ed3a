import type {Family, Seen} from '../core/session.ts';
import type {NodeShell} from './node-shell.ts';
import {birdClient, read} from './observe.ts';
import {greeting} from './parse/bird-words.ts';
import {type Parsed, ParseError, parseLines, quote} from './parse/parsed.ts';
import type {Command} from './port.ts';

/** A node and the families in which it has a BGP address. */
export type SwitchedNode = {readonly name: string; readonly families: readonly Family[]};

/**
 * Switches the mesh sessions of one node off and on in its BIRD. Nothing in the datastore changes, and BIRD forgets it when
 * it reads another configuration (proto_reconfigure in nest/proto.c). Nothing here throws.
 */
export type MeshSwitch = {
	/** Switches them, whether or not they are so already; gives how many there are. */
	turn(node: SwitchedNode, way: 'off' | 'on', signal?: AbortSignal): Promise<Seen<number>>;
	/** The command that switches them on a node, for IPv4. */
	describe(node: string, way: 'off' | 'on'): Command;
};

/** BIRD takes a pattern in double quotes; every name of a mesh session begins so (bird.cfg.template). */
const pattern = '"Mesh_*"';
const verbs = {off: 'disable', on: 'enable'} as const;

/** Makes the switch over a node shell; `timeout` is for one command, in milliseconds. */
export function createMeshSwitch(shell: NodeShell, timeout: number): MeshSwitch {
	const command = (family: Family, way: 'off' | 'on'): readonly string[] => [
		...birdClient(family),
		verbs[way],
		pattern,
	];
	return {
		async turn({name, families}, way, signal) {
			let count = 0;
			for (const family of families.includes(6) ? ([4, 6] as const) : ([4] as const)) {
				const result = await shell.run(name, command(family, way), {timeout, ...(signal && {signal})});
				const seen = read(result, output => parseSwitched(output, way));
				if (!seen.known) return seen;
				count += seen.value;
			}
			return {known: true, value: count};
		},
		describe: (node, way) => shell.describe(node, command(4, way)),
	};
}

/** Reads BIRD's answer to `disable` or `enable`: a line for each protocol. BIRD's refusals exit 0 too. */
function parseSwitched(output: string, way: 'off' | 'on'): Parsed<number> {
	return parseLines(output, lines => {
		const start = lines.findIndex(({text}) => greeting.test(text));
		if (start < 0) throw new ParseError(1, 'BIRD\'s greeting ("BIRD … ready.") is missing');
		const answers = lines.slice(start + 1);
		if (answers.length === 1 && answers[0]?.text === 'No protocols match') return 0;
		const done = way === 'off' ? /^Mesh_\w+: (?:already )?disabled$/ : /^Mesh_\w+: (?:already )?enabled$/;
		for (const {number, text} of answers)
			if (!done.test(text)) throw new ParseError(number, `BIRD says ${quote(text)}`);
		return answers.length;
	});
}
