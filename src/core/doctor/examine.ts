import {accessChecks} from './checks/access.ts';
import {bgpChecks} from './checks/bgp.ts';
import {bgpPeerChecks} from './checks/bgp-peers.ts';
import {choiceChecks} from './checks/choice.ts';
import {connectionChecks} from './checks/connections.ts';
import {datastoreChecks} from './checks/datastore.ts';
import {earlierRunChecks} from './checks/earlier-run.ts';
import {foreignChecks} from './checks/foreign.ts';
import {meshChecks} from './checks/mesh.ts';
import {meshSettingChecks} from './checks/mesh-settings.ts';
import {nodeChecks} from './checks/nodes.ts';
import {poolChecks} from './checks/pools.ts';
import {reflectorChecks} from './checks/reflectors.ts';
import {serviceChecks} from './checks/services.ts';
import {toolChecks} from './checks/tool.ts';
import {worthChecks} from './checks/worth.ts';
import type {Check, DoctorInput, Finding} from './types.ts';

/** Every check, in the order in which a reader wants to know. */
export const checks: readonly Check[] = [
	...toolChecks,
	...datastoreChecks,
	...accessChecks,
	...bgpChecks,
	...nodeChecks,
	...meshChecks,
	...connectionChecks,
	...reflectorChecks,
	...earlierRunChecks,
	...choiceChecks,
	...bgpPeerChecks,
	...meshSettingChecks,
	...serviceChecks,
	...poolChecks,
	...foreignChecks,
	...worthChecks,
];

/** Runs every check; the findings come in the table's order. */
export function examine(input: DoctorInput): readonly Finding[] {
	return checks.map(check => check.run(input));
}

/** Why nothing could be read: nobody answers, or calicoctl refuses a cluster of another version. */
export type Unread = {
	readonly id: 'reachable' | 'version-mismatch';
	readonly reason: string;
	readonly next: readonly string[];
};

/** The findings of a cluster that could not even be read: that one blocks, nothing else is known. */
export function examineUnread(unread: Unread): readonly Finding[] {
	return checks.map(({id, title}) =>
		id === unread.id
			? {id, title, state: 'block', reason: unread.reason, next: unread.next}
			: {id, title, state: 'unknown', reason: 'Not known: the cluster could not be read.', next: []},
	);
}
