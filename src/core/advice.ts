import {zoneOf} from './candidates.ts';
import type {Snapshot} from './snapshot.ts';

/** A sentence about a choice of reflectors. `refuse` makes a plan impossible. */
export type Advice = {readonly level: 'refuse' | 'warn' | 'note'; readonly text: string};

/** What is worth saying about a choice of reflectors before it is planned. */
export function adviseChoice(snapshot: Snapshot, reflectors: readonly string[]): readonly Advice[] {
	const chosen = snapshot.nodes.filter(node => reflectors.includes(node.metadata.name));
	const zones = new Set(chosen.map(zoneOf));
	const allZones = new Set(snapshot.nodes.map(zoneOf));
	const advice: Array<Advice | false> = [
		reflectors.length === 0 && {level: 'refuse', text: 'Choose at least one reflector.'},
		reflectors.length === 1 && {
			level: 'warn',
			text: 'One reflector: when it goes, every node loses its routes to all others. Choose two, better three.',
		},
		reflectors.length > 1 &&
			reflectors.length * 3 > snapshot.nodes.length && {
				level: 'warn',
				text: `${reflectors.length} reflectors of ${snapshot.nodes.length} nodes is more than a third: each holds a session with every node, so little is saved.`,
			},
		chosen.length > 1 &&
			zones.size === 1 &&
			allZones.size > 1 && {
				level: 'warn',
				text: `All reflectors are in zone ${[...zones][0] ?? 'unknown'}: spread them, so that losing one zone does not cost all of them.`,
			},
		snapshot.nodes.length < 100 && {
			level: 'note',
			text: `${snapshot.nodes.length} nodes: Calico's mesh serves up to about 100 nodes well; reflectors pay off above.`,
		},
	];
	return advice.filter(item => item !== false);
}
