import {peersOf} from '../../core/peering/peers.ts';
import type {Peering} from '../../core/peering/prepare.ts';
import type {Family} from '../../core/session.ts';
import {createRandom, hashText} from '../random.ts';
import {runRound, work} from './event-loop.ts';
import {countEvents, eventAt, type History, type NetworkEvent, newestOrder, replacedPeering} from './history.ts';
import {createEstablished, createProtocol, type Protocol, rank, type SessionConfig} from './protocol.ts';
import {routerId} from './router-id.ts';
import {canMeet, type Partner, routerConfigs, sameConfig, sameConfigs, sessionConfigs} from './session-configs.ts';
import {notifications, stop} from './session-errors.ts';
import {disable, enable, start} from './session-machine.ts';
import {runUntil, type Side, type Simulation, type Speaker, schedule, type Way} from './simulation.ts';
import {close, reopen, type Tcp} from './tcp.ts';
import {confdDelay, gridOf, holdDeadline, sessionsUpAt} from './timing.ts';

/** The sessions of one family between a node and a partner, followed only as far as somebody looked. */
export type Pair = {
	readonly node: string;
	readonly partner: Partner;
	readonly family: Family;
	/** The number of the first event not yet looked at. */
	checked: number;
	/** What either BIRD is told by the newest configuration, by side, and the number of that configuration. */
	configs: readonly [readonly SessionConfig[], readonly SessionConfig[]];
	order: number;
	/** Undefined as long as nothing ever happened: then the sessions have been Established from the beginning. */
	simulation: Simulation | undefined;
};

export function createPair(history: History, node: string, partner: Partner, family: Family): Pair {
	return {node, partner, family, checked: history.first, configs: [[], []], order: 0, simulation: undefined};
}

/** Lets a pair's sessions live until that moment. Moments only grow; an earlier one changes nothing. */
export function followPair(history: History, pair: Pair, at: number): void {
	if (pair.checked < history.first) pair.checked = history.first;
	for (; pair.checked < countEvents(history); pair.checked += 1) {
		const event = eventAt(history, pair.checked);
		if (!event || event.at > at) break;
		apply(history, pair, event, pair.checked === 0);
	}
	if (pair.simulation) runUntil(pair.simulation, at);
}

function apply(history: History, pair: Pair, event: NetworkEvent, isFirst: boolean): void {
	const {partner} = pair;
	const partnerName = 'name' in partner ? partner.name : undefined;
	switch (event.kind) {
		case 'configuration':
			if (isFirst) begin(history, pair, event.peering);
			else configure(history, pair, event);
			break;
		case 'link':
			if (event.node === pair.node || event.node === partnerName) {
				setWay(history, pair, event.at, event.cut ? 'unreachable' : 'open');
			}
			break;
		case 'firewall':
			if (event.nodes.includes(pair.node) && partnerName !== undefined && event.nodes.includes(partnerName)) {
				setWay(history, pair, event.at, event.blocked ? 'dropped' : 'open');
			}
			break;
		case 'bird':
			// A BIRD that starts anew has everything from one configuration.
			if (event.running) pair.order = newestOrder(history, pair.checked);
			if (event.node === pair.node) setRunning(history, pair, 0, event);
			if (event.node === partnerName) setRunning(history, pair, 1, event);
			break;
		case 'switch':
			if (event.family !== pair.family) break;
			if (event.node === pair.node) switchProtocols(history, pair, 0, event);
			if (event.node === partnerName) switchProtocols(history, pair, 1, event);
			break;
	}
}

/** What the first configuration brought about: sessions that can meet are Established, others have tried since. */
function begin(history: History, pair: Pair, peering: Peering): void {
	pair.configs = configsOf(pair, peering);
	const [left, right] = pair.configs;
	if (left.length === 0 && right.length === 0) return;
	if (left.length === 1 && right.length === 1 && canMeet(left[0], right[0])) return;
	const simulation = createSimulation(history, pair, peering, history.startedAt);
	for (const speaker of simulation.speakers) {
		schedule(simulation, history.startedAt, () => reconfigure(simulation, speaker, pair));
	}
}

function configure(history: History, pair: Pair, event: NetworkEvent & {readonly kind: 'configuration'}): void {
	const configs = configsOf(pair, event.peering);
	const changed = [0, 1].filter(
		side =>
			!sameConfigs(configs[side] ?? [], pair.configs[side] ?? []) || wakesDisabled(history, pair, side, event.peering),
	);
	if (changed.length === 0) return;
	const simulation = simulationAt(history, pair, event.peering, event.at);
	pair.configs = configs;
	pair.order = event.order;
	const {partner} = pair;
	simulation.grid = gridOf(history.seed, event.order, event.at);
	for (const side of changed) {
		const speaker = simulation.speakers[side === 0 ? 0 : 1];
		const name = side === 0 ? pair.node : 'name' in partner ? partner.name : partner.address;
		schedule(simulation, event.at + confdDelay(history.seed, event.order, name), () =>
			reconfigure(simulation, speaker, pair),
		);
	}
	const [own, other] = simulation.speakers;
	own.listenPort = portOf(pair.node, event.peering);
	other.listenPort = 'name' in partner ? portOf(partner.name, event.peering) : dialledPort(pair, 0);
}

/** confd lets BIRD read its configuration where anything in it changed, and what is disabled then starts again. */
function wakesDisabled(history: History, pair: Pair, side: number, peering: Peering): boolean {
	const {node, partner, simulation} = pair;
	const name = side === 0 ? node : 'name' in partner ? partner.name : undefined;
	if (name === undefined || !simulation?.speakers[side]?.protocols.some(({disabled}) => disabled)) return false;
	const before = replacedPeering(history, pair.checked);
	return before === undefined || JSON.stringify(peersOf(before, name)) !== JSON.stringify(peersOf(peering, name));
}

function configsOf({node, partner, family}: Pair, peering: Peering): Pair['configs'] {
	const own = sessionConfigs(peering, node, partner, family);
	const others =
		'name' in partner ? sessionConfigs(peering, partner.name, {name: node}, family) : routerConfigs(own, family);
	return [own, others];
}

/**
 * `birdc configure`: what is gone or different is told so and goes down, what is new starts. confd writes what the
 * datastore holds when it writes, so that two changes close together come in one.
 */
function reconfigure(simulation: Simulation, speaker: Speaker, pair: Pair): void {
	const {order} = pair;
	const configs = pair.configs[speaker.side];
	if (!speaker.running) return;
	work(simulation, speaker, () => {
		const known = new Set<string>();
		for (const protocol of [...speaker.protocols]) {
			const {peer} = protocol.config;
			known.add(peer.protocol);
			const config = configs.find(each => each.peer.protocol === peer.protocol);
			// What is down, or on its way there, is not compared but started anew (proto_reconfigure in nest/proto.c).
			const isSame = config && protocol.next === 'same' && !protocol.disabled && sameConfig(config, protocol.config);
			if (isSame) continue;
			protocol.disabled = false;
			protocol.next = config ? {config, order} : 'removed';
			protocol.startupDelay = 0;
			protocol.error = '';
			stop(
				simulation,
				speaker,
				protocol,
				config ? notifications.otherConfigurationChange : notifications.peerDeconfigured,
			);
		}
		for (const config of configs.filter(each => !known.has(each.peer.protocol))) {
			const protocol = createProtocol(config, order, simulation.now);
			speaker.protocols.push(protocol);
			start(simulation, speaker, protocol);
		}
	});
}

function switchProtocols(
	history: History,
	pair: Pair,
	side: Side,
	{at, protocols, enabled}: NetworkEvent & {readonly kind: 'switch'},
): void {
	const named = pair.configs[side].some(({peer}) => protocols.includes(peer.protocol));
	if (!named) return;
	const simulation = simulationAt(history, pair, undefined, at);
	const speaker = simulation.speakers[side];
	schedule(simulation, at, () => {
		if (!speaker.running) return;
		work(simulation, speaker, () => {
			for (const protocol of speaker.protocols.filter(({config}) => protocols.includes(config.peer.protocol))) {
				if (enabled) enable(simulation, speaker, protocol);
				else disable(simulation, speaker, protocol);
			}
		});
	});
}

function setWay(history: History, pair: Pair, at: number, way: Way): void {
	const simulation = simulationAt(history, pair, undefined, at);
	schedule(simulation, at, () => {
		simulation.way = way;
		if (way === 'open') {
			reopen(simulation);
			return;
		}
		for (const speaker of simulation.speakers) {
			for (const protocol of speaker.protocols) watchHold(history, simulation, speaker, protocol);
		}
	});
}

/** Nothing arrives any more: the session ends when its hold timer does. */
function watchHold(history: History, simulation: Simulation, speaker: Speaker, protocol: Protocol): void {
	const connection = [protocol.outgoing, protocol.incoming].find(({state}) => state >= rank.openSent);
	if (!connection) return;
	const deadline = holdDeadline(history.seed, protocol, simulation.now);
	protocol.holdDue = deadline;
	schedule(simulation, deadline, () => speaker.round());
}

function setRunning(
	history: History,
	pair: Pair,
	side: Side,
	{at, running}: {readonly at: number; readonly running: boolean},
): void {
	const simulation = simulationAt(history, pair, undefined, at);
	const speaker = simulation.speakers[side];
	schedule(simulation, at, () => {
		if (running === speaker.running) return;
		speaker.running = running;
		if (running) {
			reconfigure(simulation, speaker, pair);
			return;
		}
		// The kernel closes what the process had open.
		const other = simulation.speakers[side === 0 ? 1 : 0];
		for (const {outgoing, incoming} of speaker.protocols) {
			for (const {tcp} of [outgoing, incoming]) if (tcp) close(simulation, tcp, speaker, other);
		}
		speaker.protocols = [];
		speaker.ready.clear();
		speaker.undecided.clear();
		speaker.outbox = [];
		speaker.wakeAt = undefined;
	});
}

/** The pair's simulation, run until that moment; where there is none yet, one whose sessions have always been up. */
function simulationAt(history: History, pair: Pair, peering: Peering | undefined, at: number): Simulation {
	if (pair.simulation) {
		runUntil(pair.simulation, at);
		return pair.simulation;
	}
	const simulation = createSimulation(history, pair, peering, at);
	const [left, right] = simulation.speakers;
	const [own, others] = [pair.configs[0][0], pair.configs[1][0]];
	if (own && others) connectSettled(history, [left, right], [own, others]);
	return simulation;
}

function connectSettled(
	history: History,
	speakers: readonly [Speaker, Speaker],
	configs: readonly [SessionConfig, SessionConfig],
): void {
	const dialer: Side = configs[0].peer.passive ? 1 : 0;
	const tcp: Tcp = {dialer, open: [true, true], unread: [[], []], ended: [undefined, undefined]};
	for (const speaker of speakers) {
		speaker.protocols.push(
			createEstablished(configs[speaker.side], sessionsUpAt(history.startedAt), tcp, dialer === speaker.side),
		);
	}
}

function createSimulation(history: History, pair: Pair, peering: Peering | undefined, at: number): Simulation {
	const {node, partner, family} = pair;
	const other = 'name' in partner ? partner.name : partner.address;
	const speaker = (side: Side, name: string, address: string, listenPort: number): Speaker => ({
		side,
		routerId: routerId(peering?.byName.get(name)?.address[4] || address, name),
		running: true,
		listenPort,
		protocols: [],
		ready: new Map(),
		wakeAt: undefined,
		busyUntil: at,
		outbox: [],
		undecided: new Set(),
		round: () => runRound(simulation, simulation.speakers[side]),
	});
	const [own, others] = [pair.configs[1][0]?.peer.address ?? '', pair.configs[0][0]?.peer.address ?? ''];
	const simulation: Simulation = {
		now: at,
		grid: gridOf(history.seed, 0, history.startedAt),
		way: 'open',
		held: [],
		random: createRandom(hashText(`${history.seed}/${node}/${other}/${family}`)),
		speakers: [
			speaker(0, node, own, peering ? portOf(node, peering) : dialledPort(pair, 1)),
			speaker(1, other, others, peering && 'name' in partner ? portOf(other, peering) : dialledPort(pair, 0)),
		],
		queue: [],
	};
	pair.simulation = simulation;
	return simulation;
}

function portOf(node: string, peering: Peering): number {
	return peering.byName.get(node)?.listenPort ?? peering.globalPort ?? 179;
}

/** The port that one side dials: an outside router listens there. */
function dialledPort(pair: Pair, side: Side): number {
	return pair.configs[side][0]?.peer.port ?? 179;
}
