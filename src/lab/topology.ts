import {bgpFamilies} from '../core/reflectors.ts';
import type {Family} from '../core/session.ts';
import type {LabLook} from './types.ts';

/** Above this many nodes a matrix does not fit beside anything. */
const mostNodes = 20;

const signs = {up: '●', configured: '○', none: '·', self: ' ', unreachable: '×'} as const;

/**
 * Who peers with whom, drawn in text: a row and a column a node, reflectors marked R, dead BIRDs marked !, and under it the
 * pairs of nodes whose pods do not reach each other.
 */
export function topologyLines(look: LabLook): readonly string[] {
	const {nodes} = look;
	if (nodes.length > mostNodes) return [`${nodes.length} nodes: too many to draw.`, ...reachLines(look)];
	const width = Math.max(...nodes.map(name => name.length));
	const numbers = nodes.map((_, index) => String(index + 1).padStart(2));
	const rows = nodes.map((from, row) => {
		const cells = nodes.map((to, column) => ` ${row === column ? signs.self : signOf(look, from, to)}`);
		return `${numbers[row]} ${markOf(look, from)} ${from.padEnd(width)} ${cells.join('')}`;
	});
	return [
		`${' '.repeat(width + 6)}${numbers.join('')}`,
		...rows,
		`${signs.up} Established  ${signs.configured} not  ${signs.none} no session  R reflector  ! BIRD is dead`,
		...reachLines(look),
	];
}

function markOf({reflectors, alive}: LabLook, node: string): string {
	if (!alive.includes(node)) return '!';
	return reflectors.includes(node) ? 'R' : ' ';
}

function signOf(look: LabLook, from: string, to: string): string {
	const found = ([4, 6] as const).flatMap(family => look.session(from, to, family) ?? []);
	if (found.length === 0) return signs.none;
	return found.every(session => session.state === 'up') ? signs.up : signs.configured;
}

const shownPairs = 6;

/** Of a cluster with both families each is told of. */
function reachLines(look: LabLook): readonly string[] {
	const families = ([4, 6] as const).filter(family =>
		look.snapshot.nodes.some(node => bgpFamilies(node).includes(family)),
	);
	return families.flatMap(family =>
		reachLinesOf(look, family, families.length > 1 ? `Over IPv${family} pods` : 'Pods'),
	);
}

function reachLinesOf(look: LabLook, family: Family, pods: string): readonly string[] {
	const pairs = look.unreachable(family);
	if (pairs.length === 0) return [`${pods} of every two nodes reach each other.`];
	const shown = pairs.slice(0, shownPairs).map(([one, other]) => `${signs.unreachable} ${one} and ${other}`);
	const more = pairs.length > shownPairs ? [`  and ${pairs.length - shownPairs} more`] : [];
	const all = (look.nodes.length * (look.nodes.length - 1)) / 2;
	return [`${pods} of ${pairs.length} of ${all} pairs of nodes do not reach each other:`, ...shown, ...more];
}
