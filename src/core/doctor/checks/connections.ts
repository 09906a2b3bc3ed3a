import {listenPort} from '../../peering/between.ts';
import type {Peering} from '../../peering/prepare.ts';
import {countSessions} from '../../peering/totals.ts';
import {isEstablished, type Session} from '../../session.ts';
import {explainSession} from '../../session-words.ts';
import {judgeUnseen, seeingOf} from '../looks.ts';
import {block, check, pass, warn} from '../types.ts';
import {counted, some} from '../words.ts';

/** BIRD's words for a TCP connection that does not come about: closed port, firewall, no way there. */
const unreachable = /Connection refused|Connection timed out|unreachable|No route to host/;

/** What the sessions that are down say about the network between the nodes, and to the routers outside. */
export const connectionChecks = [
	check('tcp-179', 'Nodes reach each other on the BGP port', input => {
		const seeing = seeingOf(input);
		const failures = seeing.seen.flatMap(({node, sessions}) =>
			sessions
				.filter(session => !isEstablished(session) && unreachable.test(session.info))
				.map(session => ({node, session, remote: input.peering.byAddress.get(session.address)})),
		);
		const inside = failures.filter(each => each.remote !== undefined);
		if (inside.length > 0) {
			const listed = inside.map(
				({node, session}) =>
					`${node} to ${session.address} port ${portOf(input.peering, session)}: ${explainSession(session)}`,
			);
			return block(
				`${counted(inside.length, 'connection')} between nodes ${inside.length === 1 ? 'does' : 'do'} not come about: ${some(listed, 8, '; ')}.`,
				'Let TCP 179 (or listenPort) through between all nodes, both ways.',
				'See whether BIRD runs on the other node, and whether Calico found the right address of it.',
			);
		}
		const doubt = judgeUnseen(seeing);
		return doubt ?? pass('BIRD reports no connection between nodes as refused, timed out or unreachable.');
	}),
	check('external-sessions', 'Sessions with routers outside the cluster are up', input => {
		if (countSessions(input.peering).external === 0) return pass('No BGPPeer names a router outside the cluster.');
		const seeing = seeingOf(input);
		const down = seeing.seen.flatMap(({node, sessions}) =>
			sessions
				.filter(session => !isEstablished(session) && !input.peering.byAddress.has(session.address))
				.map(session => `${node} to ${session.address}: ${explainSession(session)}`),
		);
		if (down.length > 0) {
			return warn(
				`${counted(down.length, 'session')} with routers outside ${down.length === 1 ? 'is' : 'are'} down already: ${some(down, 5, '; ')}.`,
				'The migration does not touch them and does not wait for them; see that they are down for a reason you know.',
			);
		}
		return judgeUnseen(seeing) ?? pass('All of them are Established on the nodes that were looked at.');
	}),
];

function portOf(peering: Peering, session: Session): number {
	const remote = peering.byAddress.get(session.address);
	return session.port ?? (remote ? listenPort(peering, remote) : null) ?? 179;
}
