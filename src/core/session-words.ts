import {isEstablished, isSilent, type Session} from './session.ts';

/** What BIRD's words about a session mean (calico.md §6; BIRD 1.6 proto/bgp), first match wins. */
const meanings: ReadonlyArray<readonly [pattern: RegExp, words: string]> = [
	[/Bad peer AS/, 'the two nodes disagree about an AS number'],
	[/Bad BGP identifier/, 'both nodes have the same router ID'],
	[/Hold timer expired/, 'nothing was heard from the other node for the whole hold time'],
	[/Kernel MD5 auth failed/, 'the two ends have different BGP passwords'],
	[/Connection refused/, 'nothing answers on TCP 179 of the other node'],
	[/Host is unreachable|No route to host|Network is unreachable/, 'the other node cannot be reached'],
	[/Connection timed out/, 'the other node does not answer on TCP 179: a firewall, or the node is gone'],
	[
		/collision resolution|Connection closed|Connection reset/,
		'both ends dialled at once; the next try comes in a few seconds',
	],
	[/Other configuration change/, 'the other end has just been reconfigured; the next try comes in a few seconds'],
	[/Peer de-configured/, 'the other end has no session with this node any more'],
	[/Administrative (shutdown|reset)/, 'somebody shut the session down on the other end'],
	[/Graceful restart|Neighbor lost/, 'the connection was lost; it is being made again'],
	[/^Open(Sent|Confirm)/, 'the two ends are greeting each other'],
	[/^Passive/, 'waits to be dialled by the other end'],
	[/^(Connect|Active)/, 'is being dialled'],
	[/^Idle$/, 'waits: not dialled yet, or another session with the same node is still there'],
	[/^Established/, 'is Established and still exchanges its first routes'],
];

/** Why a session is not up, in a sentence, with BIRD's own words behind it. */
export function explainSession(session: Session): string {
	const meaning = meanings.find(([pattern]) => pattern.test(session.info))?.[1];
	const own = `${session.state} ${session.info}`.trim();
	if (session.holdTimer && isEstablished(session) && isSilent(session)) {
		const {left, length} = session.holdTimer;
		return `is Established, but nothing was heard over it for a while: BIRD gives it up in ${left} s of ${length} s`;
	}
	if (session.state === 'down') return `is switched off in BIRD (${own})`;
	return meaning ? `${meaning} (${own})` : own;
}
