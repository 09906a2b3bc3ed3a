import {type Connection, createProtocol, type Protocol, rank, type SessionConfig} from './protocol.ts';
import {
	becomeIdle,
	beginGracefulRestart,
	notifications,
	protocolError,
	socketError,
	stop,
	storeError,
} from './session-errors.ts';
import {read, readLater, sendOpen} from './session-messages.ts';
import {
	jittered,
	otherOf,
	type Readiness,
	type Simulation,
	type Speaker,
	schedule,
	secondsFromNow,
	setTimer,
	waiting,
} from './simulation.ts';
import {close, dial, type Tcp} from './tcp.ts';

/** `connect delay time 2` and `connect retry time 5` in Calico's bird.cfg.template, in seconds. */
const connectDelay = 2;
const connectRetry = 5;
/** Milliseconds until a protocol that goes down has taken its routes away, on average. */
const flushing = 1;

/** Does what a connection that is ready asks for. */
export function handleReady(simulation: Simulation, speaker: Speaker, tcp: Tcp, readiness: Readiness): void {
	if (readiness === 'accept') {
		accept(simulation, speaker, tcp);
		return;
	}
	const found = findConnection(speaker, tcp);
	if (!found) return;
	const {protocol, connection} = found;
	switch (readiness) {
		case 'connected':
			protocol.connectDue = undefined;
			sendOpen(simulation, speaker, protocol, connection);
			readLater(simulation, speaker, tcp);
			break;
		case 'refused':
			socketError(simulation, speaker, protocol, connection, 'Connection refused');
			break;
		case 'unreachable':
			socketError(simulation, speaker, protocol, connection, 'Host is unreachable');
			break;
		case 'read':
			read(simulation, speaker, protocol, connection, tcp);
			break;
	}
}

/** Does what the timers of a protocol ask for, where they are due. */
export function handleTimers(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const isDue = (due: number | undefined): boolean => due !== undefined && due <= simulation.now;
	if (isDue(protocol.startupDue)) {
		protocol.startupDue = undefined;
		startUp(simulation, speaker, protocol);
	}
	if (isDue(protocol.connectDue)) {
		protocol.connectDue = undefined;
		connect(simulation, speaker, protocol);
	}
	if (isDue(protocol.holdDue)) {
		protocol.holdDue = undefined;
		expireHold(simulation, speaker, protocol);
	}
	if (isDue(protocol.restartDue)) {
		protocol.restartDue = undefined;
		if (protocol.restart === 'waiting' && protocol.state === 'start') {
			stop(simulation, speaker, protocol, notifications.cease);
		}
	}
}

/** Finds a protocol's next move after a connection went away (bgp_decision). */
export function decide(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const {outgoing, incoming} = protocol;
	if (outgoing.state !== rank.idle) return;
	if (protocol.state === 'start' && protocol.phase === 'connect' && incoming.state !== rank.openConfirm) {
		if (!protocol.config.peer.passive) becomeActive(simulation, speaker, protocol);
	}
	if (protocol.state === 'stop' && incoming.state === rank.idle) {
		schedule(simulation, simulation.now + waiting(simulation, flushing), () => comeDown(simulation, speaker, protocol));
	}
}

/** `disable`: the protocol goes down and stays so (proto_cmd_disable in nest/proto.c, bgp_shutdown). */
export function disable(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	if (protocol.disabled) return;
	protocol.disabled = true;
	protocol.error = '';
	protocol.startupDelay = 0;
	stop(simulation, speaker, protocol, notifications.administrativeShutdown);
}

/** `enable`: the protocol starts again, once it is down. */
export function enable(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	if (!protocol.disabled) return;
	protocol.disabled = false;
	if (protocol.state !== 'down') return;
	protocol.state = 'start';
	protocol.since = simulation.now;
	start(simulation, speaker, protocol);
}

/** Starts a protocol once it has the lock on its neighbour: of two with one neighbour, one waits (nest/locks.c). */
export function start(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const holder = speaker.protocols.find(
		other => other !== protocol && holdsLock(other) && sameNeighbour(other, protocol),
	);
	if (holder) return;
	protocol.phase = 'connect';
	if (protocol.startupDelay === 0) {
		startUp(simulation, speaker, protocol);
		return;
	}
	protocol.phase = 'delay';
	protocol.startupDue = secondsFromNow(simulation, jittered(simulation, protocol.startupDelay));
	setTimer(simulation, speaker, protocol.startupDue);
}

function startUp(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	protocol.phase = 'connect';
	if (!protocol.config.peer.passive) becomeActive(simulation, speaker, protocol);
}

function becomeActive(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	protocol.outgoing.state = rank.active;
	protocol.connectDue = secondsFromNow(simulation, connectDelay);
	setTimer(simulation, speaker, protocol.connectDue);
}

function connect(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const {outgoing, config} = protocol;
	const other = otherOf(simulation, speaker);
	if (protocol.state !== 'start') {
		becomeIdle(simulation, speaker, protocol, outgoing);
		return;
	}
	if (outgoing.tcp) close(simulation, outgoing.tcp, speaker, other);
	outgoing.state = rank.connect;
	const expected = firstByName(other)?.config.password ?? config.password;
	// A segment without the right MD5 signature is dropped in silence (RFC 2385, 2.0).
	const port = expected === config.password ? (config.peer.port ?? 179) : 'unanswered';
	outgoing.tcp = dial(simulation, speaker, other, port);
	protocol.connectDue = secondsFromNow(simulation, jittered(simulation, connectRetry));
	setTimer(simulation, speaker, protocol.connectDue);
}

/** Takes a connection, or turns it down by closing it (bgp_incoming_connection). */
function accept(simulation: Simulation, speaker: Speaker, tcp: Tcp): void {
	const protocol = firstByName(speaker);
	let accepted =
		protocol !== undefined &&
		protocol.state !== 'stop' &&
		protocol.state !== 'down' &&
		protocol.phase === 'connect' &&
		protocol.incoming.tcp === undefined;
	if (protocol?.main) {
		// A new connection means that the other side has lost the old one.
		storeError(protocol, undefined, 'Error: Graceful restart');
		const {main} = protocol;
		beginGracefulRestart(simulation, speaker, protocol);
		becomeIdle(simulation, speaker, protocol, main);
		if (protocol.incoming.tcp) becomeIdle(simulation, speaker, protocol, protocol.incoming);
		accepted = true;
	}
	if (!protocol || !accepted) {
		close(simulation, tcp, speaker, otherOf(simulation, speaker));
		return;
	}
	protocol.incoming.tcp = tcp;
	sendOpen(simulation, speaker, protocol, protocol.incoming);
	readLater(simulation, speaker, tcp);
}

/** BIRD asks its protocols in the order of the configuration, which is that of their names. */
function firstByName(speaker: Speaker): Protocol | undefined {
	return [...speaker.protocols].sort((left, right) =>
		left.config.peer.protocol < right.config.peer.protocol ? -1 : 1,
	)[0];
}

function expireHold(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	if (simulation.way === 'open') return;
	for (const connection of [protocol.outgoing, protocol.incoming]) {
		if (connection.state >= rank.openSent && connection.state !== rank.close) {
			protocolError(simulation, speaker, protocol, connection, notifications.holdTimerExpired);
		}
	}
}

/** A protocol is down: its routes and its lock go, and it starts again, anew or not at all. */
function comeDown(simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const index = speaker.protocols.indexOf(protocol);
	if (protocol.state !== 'stop' || index === -1) return;
	protocol.learnedAt = undefined;
	protocol.restart = 'none';
	protocol.restartDue = undefined;
	protocol.phase = 'lock';
	const {next} = protocol;
	const following = next === 'same' ? protocol : next === 'removed' ? undefined : createNext(next, simulation.now);
	speaker.protocols.splice(index, 1, ...(following ? [following] : []));
	if (following) {
		following.state = following.disabled ? 'down' : 'start';
		following.since = simulation.now;
	}
	// Whoever waits for the lock has it before this one asks again.
	for (const waiter of speaker.protocols) {
		if (waiter !== following && waiter.phase === 'lock' && waiter.state === 'start') start(simulation, speaker, waiter);
	}
	if (following?.state === 'start') start(simulation, speaker, following);
}

function createNext(next: {readonly config: SessionConfig; readonly order: number}, at: number): Protocol {
	return createProtocol(next.config, next.order, at);
}

function holdsLock(protocol: Protocol): boolean {
	return protocol.phase !== 'lock';
}

function sameNeighbour(left: Protocol, right: Protocol): boolean {
	return (left.config.peer.port ?? 179) === (right.config.peer.port ?? 179);
}

function findConnection(
	speaker: Speaker,
	tcp: Tcp,
): {readonly protocol: Protocol; readonly connection: Connection} | undefined {
	for (const protocol of speaker.protocols) {
		for (const connection of [protocol.outgoing, protocol.incoming]) {
			if (connection.tcp === tcp) return {protocol, connection};
		}
	}
	return undefined;
}
