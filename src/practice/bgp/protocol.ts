import type {Peer} from '../../core/session.ts';
import type {Tcp} from './tcp.ts';

/** BIRD's BGP states by rank; a protocol shows the higher of its two connections (bgp_state_dsc). */
export const bgpStates = ['Idle', 'Connect', 'Active', 'OpenSent', 'OpenConfirm', 'Established', 'Close'] as const;
export const rank = {idle: 0, connect: 1, active: 2, openSent: 3, openConfirm: 4, established: 5, close: 6} as const;
export type Rank = (typeof rank)[keyof typeof rank];

/** What BIRD's configuration says of one session; any difference restarts it (bgp_reconfigure). */
export type SessionConfig = {
	readonly peer: Peer;
	readonly localAs: string;
	/** The TCP MD5 password's secret, as text; '' for none. */
	readonly password: string;
};

/** One of a session's two connections: the one it dials and the one it accepts. */
export type Connection = {
	readonly direction: 'outgoing' | 'incoming';
	state: Rank;
	tcp: Tcp | undefined;
};

/** One BGP protocol of a BIRD (struct bgp_proto in proto/bgp/bgp.h). Times are in milliseconds since the epoch. */
export type Protocol = {
	readonly config: SessionConfig;
	/** Which configuration brought it: BIRD appends what is new, or anew, to its list. */
	readonly order: number;
	/** `down` only where it is disabled. */
	state: 'start' | 'up' | 'stop' | 'down';
	/** Switched off over BIRD's control socket, until it is switched on again or BIRD reads another configuration. */
	disabled: boolean;
	since: number;
	/** Waits for the lock on its neighbour, waits after an error, or may connect (start_state). */
	phase: 'lock' | 'delay' | 'connect';
	readonly outgoing: Connection;
	readonly incoming: Connection;
	/** The connection that is Established. */
	main: Connection | undefined;
	feeding: boolean;
	/** `Socket: Connection closed`; '' for none. Kept until the session is up (bgp_store_error). */
	error: string;
	/** Seconds to wait after the next error of the protocol, and when the last one was. */
	startupDelay: number;
	lastErrorAt: number | undefined;
	/** When its timers are due. */
	startupDue: number | undefined;
	connectDue: number | undefined;
	restartDue: number | undefined;
	holdDue: number | undefined;
	/** When the other side's routes came, undefined while there are none. */
	learnedAt: number | undefined;
	/** A graceful restart is under way: routes are kept though the session is not up; `refreshed` once they came again. */
	restart: 'none' | 'waiting' | 'refreshed';
	/** What follows when it has come down: itself again, nothing, or another configuration. */
	next: 'same' | 'removed' | {readonly config: SessionConfig; readonly order: number};
};

/** A protocol as it is when BIRD has just read its configuration. */
export function createProtocol(config: SessionConfig, order: number, at: number): Protocol {
	return {
		config,
		order,
		state: 'start',
		disabled: false,
		since: at,
		phase: 'lock',
		outgoing: {direction: 'outgoing', state: rank.idle, tcp: undefined},
		incoming: {direction: 'incoming', state: rank.idle, tcp: undefined},
		main: undefined,
		feeding: false,
		error: '',
		startupDelay: 0,
		lastErrorAt: undefined,
		startupDue: undefined,
		connectDue: undefined,
		restartDue: undefined,
		holdDue: undefined,
		learnedAt: undefined,
		restart: 'none',
		next: 'same',
	};
}

/** A protocol whose session has been Established since that moment. */
export function createEstablished(
	config: SessionConfig,
	since: number,
	tcp: Tcp | undefined,
	isDialler: boolean,
): Protocol {
	const protocol = createProtocol(config, 0, since);
	const main = isDialler ? protocol.outgoing : protocol.incoming;
	main.tcp = tcp;
	main.state = rank.established;
	return Object.assign(protocol, {state: 'up', phase: 'connect', main, learnedAt: since} as const);
}

/** BIRD's words for the state of a session (bgp_state_dsc). */
export function describeState({outgoing, incoming, phase, config, state: protocolState}: Protocol): string {
	if (protocolState === 'down') return 'Down';
	const state = Math.max(outgoing.state, incoming.state);
	if (state === rank.idle && phase === 'connect' && config.peer.passive) return 'Passive';
	return bgpStates[state] ?? 'Idle';
}

/** The connection that is not this one. */
export function otherConnection(protocol: Protocol, connection: Connection): Connection {
	return connection.direction === 'outgoing' ? protocol.incoming : protocol.outgoing;
}
