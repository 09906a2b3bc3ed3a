import {type Connection, otherConnection, type Protocol, rank} from './protocol.ts';
import {becomeIdle, notifications, protocolError, receiveNotification, socketError} from './session-errors.ts';
import {otherOf, type Simulation, type Speaker, schedule, waiting, wake} from './simulation.ts';
import {type Message, send, type Tcp} from './tcp.ts';

/** Milliseconds until a session's first routes are sent, on average. */
const feeding = 2;

/** Opens a connection that TCP has made. */
export function sendOpen(simulation: Simulation, speaker: Speaker, protocol: Protocol, connection: Connection): void {
	connection.state = rank.openSent;
	reply(simulation, speaker, connection, {kind: 'open', as: protocol.config.localAs, routerId: speaker.routerId});
}

/** Handles every message that has come, or else the end of the connection. */
export function read(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	tcp: Tcp,
): void {
	// A connection that is being closed is read no more (bgp_conn_enter_close_state).
	if (isClosing(connection)) return;
	const unread = tcp.unread[speaker.side];
	if (unread.length === 0) {
		const text = tcp.ended[speaker.side];
		if (text !== undefined) socketError(simulation, speaker, protocol, connection, text);
		return;
	}
	for (let message = unread.shift(); message; message = unread.shift()) {
		receive(simulation, speaker, protocol, connection, message);
		if (connection.tcp !== tcp || isClosing(connection)) return;
	}
	readLater(simulation, speaker, tcp);
}

/** The next round finds what has come meanwhile. */
export function readLater(simulation: Simulation, speaker: Speaker, tcp: Tcp): void {
	if (tcp.unread[speaker.side].length === 0 && tcp.ended[speaker.side] === undefined) return;
	speaker.ready.set(tcp, 'read');
	wake(simulation, speaker, simulation.now);
}

function isClosing({state}: Connection): boolean {
	return state === rank.close;
}

function receive(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	message: Message,
): void {
	switch (message.kind) {
		case 'open':
			receiveOpen(simulation, speaker, protocol, connection, message);
			break;
		case 'keepalive':
			if (connection.state === rank.openConfirm) establish(simulation, speaker, protocol, connection);
			break;
		case 'update':
			if (connection !== protocol.main) break;
			protocol.learnedAt ??= simulation.now;
			if (protocol.restart === 'waiting') protocol.restart = 'refreshed';
			break;
		case 'notification':
			receiveNotification(simulation, speaker, protocol, connection, message);
			break;
	}
}

/** Settles collisions: of two connections in OpenConfirm, the one that the greater router ID dialled stays (bgp_rx_open). */
function receiveOpen(
	simulation: Simulation,
	speaker: Speaker,
	protocol: Protocol,
	connection: Connection,
	open: {readonly as: string; readonly routerId: number},
): void {
	if (open.as !== protocol.config.peer.as) {
		protocolError(simulation, speaker, protocol, connection, notifications.badPeerAs);
		return;
	}
	const other = otherConnection(protocol, connection);
	if (other.state === rank.connect || other.state === rank.active) {
		becomeIdle(simulation, speaker, protocol, other);
	} else if (other.state === rank.established) {
		protocolError(simulation, speaker, protocol, connection, notifications.connectionCollision);
		return;
	} else if (other.state === rank.openConfirm) {
		const keepsThis = speaker.routerId < open.routerId === (connection.direction === 'incoming');
		protocolError(simulation, speaker, protocol, keepsThis ? other : connection, notifications.connectionCollision);
		if (!keepsThis) return;
	}
	connection.state = rank.openConfirm;
	reply(simulation, speaker, connection, {kind: 'keepalive'});
}

function establish(simulation: Simulation, speaker: Speaker, protocol: Protocol, connection: Connection): void {
	protocol.main = connection;
	protocol.error = '';
	protocol.restartDue = undefined;
	protocol.state = 'up';
	protocol.since = simulation.now;
	protocol.feeding = true;
	connection.state = rank.established;
	const feed = (): void => {
		if (protocol.main !== connection || !connection.tcp) return;
		protocol.feeding = false;
		send(simulation, connection.tcp, speaker, otherOf(simulation, speaker), {kind: 'update'});
	};
	// Routes follow the KEEPALIVE that this round still has to send.
	speaker.outbox.push(() => schedule(simulation, simulation.now + waiting(simulation, feeding), feed));
}

function reply(simulation: Simulation, speaker: Speaker, connection: Connection, message: Message): void {
	const {tcp} = connection;
	if (!tcp) return;
	speaker.outbox.push(() => send(simulation, tcp, speaker, otherOf(simulation, speaker), message));
}
