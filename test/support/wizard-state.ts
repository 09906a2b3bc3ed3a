import type {ClusterIdentity} from '../../src/cluster/port.ts';
import {peersOf} from '../../src/core/peering/peers.ts';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import type {Choice} from '../../src/core/plan/types.ts';
import {peerTypes} from '../../src/core/session.ts';
import type {Snapshot} from '../../src/core/snapshot.ts';
import type {Action} from '../../src/wizard/actions.ts';
import {reduce} from '../../src/wizard/reducer.ts';
import {initialState, type WizardState} from '../../src/wizard/state.ts';
import {tutorialSnapshot} from './tutorial-snapshot.ts';

export const practiceIdentity: ClusterIdentity = {
	via: 'calicoctl',
	practice: true,
	name: 'practice cluster',
	guid: 'practice',
};

/** A key by its name; one character writes itself. */
export function key(name: string): Action {
	const text = name === 'space' ? ' ' : [...name].length === 1 ? name : '';
	return {type: 'key', name, text, page: 10, scrollLimit: 20, now: 0};
}

/** The state after some keys and other actions. */
export function press(state: WizardState, ...actions: readonly (string | Action)[]): WizardState {
	return actions.reduce(
		(current: WizardState, action) => reduce(current, typeof action === 'string' ? key(action) : action),
		state,
	);
}

/** Every character of a text as a key. */
export function letters(text: string): readonly Action[] {
	return [...text].map(character => key(character === ' ' ? 'space' : character));
}

/** The wizard with the nodes read. */
export function readState(
	snapshot: Snapshot = tutorialSnapshot,
	preset: Partial<Choice> = {},
	identity: ClusterIdentity = practiceIdentity,
): WizardState {
	return press(
		initialState(identity, preset, 0),
		{type: 'read', snapshot, holding: {state: 'off'}, at: 100},
		{type: 'visibility', visibility: {nodes: 'all', source: 'node-exec'}},
	);
}

/** All nodes as seen when every session that Calico configures is up. */
export function seenUp(snapshot: Snapshot): Action {
	const peering = preparePeering(snapshot);
	return {
		type: 'observed',
		observations: snapshot.nodes.map(({metadata: {name: node}}) => ({
			node,
			at: 0,
			sessions: {
				known: true,
				value: peersOf(peering, node).map(({protocol, family, address, port, kind}) => ({
					protocol,
					family,
					address,
					port,
					type: peerTypes[kind],
					state: 'up',
					since: '10:00:00',
					info: 'Established',
				})),
			},
		})),
	};
}
