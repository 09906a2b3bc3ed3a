import {type Connection, type Protocol, rank} from './protocol.ts';
import {otherOf, type Simulation, type Speaker, secondsFromNow, setTimer} from './simulation.ts';
import {close, send} from './tcp.ts';

/** NOTIFICATION codes that occur here: RFC 4271 (4.5), RFC 4486 (4). */
export const notifications = {
	badPeerAs: {code: 2, subcode: 2},
	holdTimerExpired: {code: 4, subcode: 0},
	cease: {code: 6, subcode: 0},
	administrativeShutdown: {code: 6, subcode: 2},
	peerDeconfigured: {code: 6, subcode: 3},
	otherConfigurationChange: {code: 6, subcode: 6},
	connectionCollision: {code: 6, subcode: 7},
} as const;

export type Notification = (typeof notifications)[keyof typeof notifications];

const texts: Readonly<Record<string, string>> = {
	'2.2': 'Bad peer AS',
	'4.0': 'Hold timer expired',
	'6.0': 'Cease',
	'6.2': 'Administrative shutdown',
	'6.3': 'Peer de-configured',
	'6.6': 'Other configuration change',
	'6.7': 'Connection collision resolution',
};

/** Errors this far apart, in milliseconds, do not add up (error forget time, 300 s by default). */
const errorAmnesia = 300_000;
/** `error wait time 5,30` in Calico's bird.cfg.template, in seconds. */
const errorWait = {shortest: 5, longest: 30};
/** `graceful restart time`, 120 s by default. */
const restartTime = 120;

/** Keeps an error for `show protocols`, unless the session is up without this connection or on its way down (bgp_store_error). */
export function storeError(protocol: Protocol, connection: Connection | undefined, text: string): void {
	if (protocol.state === 'stop') return;
	if (protocol.state === 'up' && connection && connection !== protocol.main) return;
	protocol.error = text;
}

/** An error that comes from the socket; an Established session goes into a graceful restart (bgp_sock_err). */
export function socketError(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	text: string,
): void {
	storeError(protocol, connection, `Socket: ${text}`);
	if (connection.state === rank.established) beginGracefulRestart(simulation, speaker, protocol);
	becomeIdle(simulation, speaker, protocol, connection);
}

/** Tells the other side what is wrong and closes the connection (bgp_error); all but a Cease brings the protocol down. */
export function protocolError(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	notification: Notification,
): void {
	if (connection.state === rank.close) return;
	storeError(protocol, connection, `BGP Error: ${describe(notification)}`);
	const {tcp} = connection;
	becomeClosing(simulation, speaker, protocol, connection);
	speaker.outbox.push(() => {
		if (tcp) send(simulation, tcp, speaker, otherOf(simulation, speaker), {kind: 'notification', ...notification});
		becomeIdle(simulation, speaker, protocol, connection);
	});
	if (notification.code !== notifications.cease.code) fail(simulation, speaker, protocol);
}

/** What a NOTIFICATION from the other side does (bgp_rx_notification). */
export function receiveNotification(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	notification: {readonly code: number; readonly subcode: number},
): void {
	storeError(protocol, connection, `Received: ${describe(notification)}`);
	becomeClosing(simulation, speaker, protocol, connection);
	speaker.outbox.push(() => becomeIdle(simulation, speaker, protocol, connection));
	if (notification.code !== notifications.cease.code) fail(simulation, speaker, protocol);
}

/** Closes a connection at once (bgp_conn_enter_idle_state). */
export function becomeIdle(simulation: Simulation, speaker: Speaker, protocol: Protocol, connection: Connection): void {
	const before = connection.state;
	if (connection.tcp) close(simulation, connection.tcp, speaker, otherOf(simulation, speaker));
	connection.tcp = undefined;
	connection.state = rank.idle;
	if (connection.direction === 'outgoing') protocol.connectDue = undefined;
	speaker.undecided.add(protocol);
	if (before === rank.established) leaveEstablished(simulation, speaker, protocol);
}

/** Brings a protocol down; its connections are told why (bgp_stop). */
export function stop(simulation: Simulation, speaker: Speaker, protocol: Protocol, reason: Notification): void {
	if (protocol.state !== 'stop') {
		protocol.state = 'stop';
		protocol.since = simulation.now;
	}
	protocol.feeding = false;
	protocol.startupDue = undefined;
	for (const connection of [protocol.outgoing, protocol.incoming]) {
		if (connection.state === rank.connect || connection.state === rank.active) {
			becomeIdle(simulation, speaker, protocol, connection);
		} else if (connection.state !== rank.idle) {
			protocolError(simulation, speaker, protocol, connection, reason);
		}
	}
	speaker.undecided.add(protocol);
}

/**
 * Keeps the other side's routes while it comes back (bgp_handle_graceful_restart). A second restart before they came
 * again ends the first one, and what was not refreshed goes.
 */
export function beginGracefulRestart(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	protocol.state = 'start';
	protocol.since = simulation.now;
	protocol.feeding = false;
	if (protocol.restart === 'waiting') protocol.learnedAt = undefined;
	protocol.restart = 'waiting';
	protocol.restartDue = secondsFromNow(simulation, restartTime);
	setTimer(simulation, speaker, protocol.restartDue);
}

function describe({code, subcode}: {readonly code: number; readonly subcode: number}): string {
	return texts[`${code}.${subcode}`] ?? `Unknown error ${code}.${subcode}`;
}

function becomeClosing(simulation: Simulation, speaker: Speaker, protocol: Protocol, connection: Connection): void {
	const before = connection.state;
	connection.state = rank.close;
	if (before === rank.established) leaveEstablished(simulation, speaker, protocol);
}

function leaveEstablished(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	protocol.main = undefined;
	if (protocol.state === 'up') stop(simulation, speaker, protocol, notifications.cease);
}

/** Comes down because of an error, and will wait longer before it starts again (bgp_update_startup_delay). */
function fail(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const {now} = simulation;
	if (protocol.lastErrorAt !== undefined && now - protocol.lastErrorAt >= errorAmnesia) protocol.startupDelay = 0;
	protocol.lastErrorAt = now;
	protocol.startupDelay =
		protocol.startupDelay === 0 ? errorWait.shortest : Math.min(2 * protocol.startupDelay, errorWait.longest);
	stop(simulation, speaker, protocol, notifications.cease);
}
