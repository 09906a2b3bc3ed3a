import {type Looks, splitNodes} from '../cluster/look-at-nodes.ts';
import type {Cluster} from '../cluster/port.ts';
import {createRounds} from '../cluster/rounds.ts';
import {sanitize} from '../cluster/sanitize.ts';
import type {Clock} from '../core/clock.ts';
import {equalJson} from '../core/json.ts';
import {isEstablished, type Observation, type Session} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {addressIn, nodeStatusText} from '../plain/status-text.ts';
import {done} from './exit-codes.ts';
import type {Io} from './io.ts';
import {establishedText, peerJson, statusJson} from './status.ts';
import type {StatusView} from './status-view.ts';

type Watch = {
	readonly cluster: Cluster;
	readonly clock: Clock;
	readonly snapshot: Snapshot;
	readonly names: readonly string[];
	readonly view: StatusView;
	readonly json: boolean;
};

/** Milliseconds between two looks. */
const period = 1000;
const homeAndClear = '\u001B[H\u001B[2J';

/** `status --watch`: redraws in place on a terminal; elsewhere prints the tables once and then what changes. */
export async function watchStatus({cluster, clock, snapshot, names, view, json}: Watch, io: Io): Promise<number> {
	const {signal} = io.interrupts;
	const redraws = io.onTerminal && !io.plain && !json;
	const {visible, hidden} = await splitNodes(cluster, snapshot, names);
	const looks = new Map(hidden.map(look => [look.node, look]));
	/** The last time each node was seen. */
	const seen = new Map<string, Observation>();
	const round = createRounds(
		cluster,
		look => {
			looks.set(look.node, look);
		},
		signal,
	);
	const whole = () => wholeText({names, looks, seen, view, addressOf: addressIn(snapshot), now: clock.now()});
	let before: Looks | undefined;
	while (!signal.aborted && !io.closed()) {
		const count = looks.size;
		await round(visible);
		if (signal.aborted) break;
		// The first picture waits for as long as nodes go on answering.
		if (!redraws && !before && looks.size < names.length && looks.size > count) continue;
		if (redraws) io.print(`${homeAndClear}${whole()}`);
		else if (before)
			for (const change of changes(names, {before, seen, now: looks, view}))
				io.print(json ? JSON.stringify(change) : changeText(change, clock.now()));
		else {
			const nodes = statusJson(view.sort(names, looks), looks, view);
			io.print(json ? JSON.stringify({type: 'status', schemaVersion: 1, nodes}) : whole());
		}
		before = new Map(looks);
		for (const [name, look] of looks) if (look.sessions.known) seen.set(name, look);
		await clock.sleep(period, signal).catch(() => undefined);
	}
	return done;
}

type Whole = {
	readonly names: readonly string[];
	readonly looks: Looks;
	readonly seen: Looks;
	readonly view: StatusView;
	readonly addressOf: (name: string) => string;
	readonly now: number;
};

function wholeText({names, looks, seen, view, addressOf, now}: Whole): string {
	const tables = view.sort(names, looks).flatMap(name => {
		const look = view.filter(looks.get(name));
		if (!look && view.filters) return [];
		return [nodeStatusText(name, look, addressOf(name), lastSeen(look, seen.get(name), now))];
	});
	return `${tables.join('\n')}\n${establishedText(looks)}`;
}

/** How old the last state of a node is that cannot be seen now. */
function lastSeen(look: Observation | undefined, seen: Observation | undefined, now: number): string {
	if (look?.sessions.known !== false || !seen?.sessions.known) return '';
	const up = seen.sessions.value.filter(isEstablished).length;
	return `Last seen ${ageText(seen.at, now)}: ${up} of ${seen.sessions.value.length} session ends Established.\n`;
}

function ageText(at: number, now: number): string {
	return `${Math.max(0, Math.round((now - at) / 1000))} s ago`;
}

type PeerJson = ReturnType<typeof peerJson>;

type Change =
	| {readonly type: 'peer'; readonly node: string; readonly before: PeerJson | null; readonly now: PeerJson | null}
	/** `lastSeen`: when it was last seen, in milliseconds since 1970; null where it never was. */
	| {
			readonly type: 'node';
			readonly node: string;
			readonly error: string | null;
			readonly lastSeen: number | null;
	  };

type Passage = {readonly before: Looks; readonly seen: Looks; readonly now: Looks; readonly view: StatusView};

function changes(names: readonly string[], {before, seen, now, view}: Passage): readonly Change[] {
	return names.flatMap(node => {
		const is = now.get(node)?.sessions;
		const was = before.get(node)?.sessions;
		const error = is?.known ? null : (is?.reason ?? 'not looked at');
		const earlier = was?.known ? null : (was?.reason ?? 'not looked at');
		const turned: readonly Change[] =
			error === earlier ? [] : [{type: 'node', node, error, lastSeen: seen.get(node)?.at ?? null}];
		if (!is?.known) return turned;
		const old = view.filter(seen.get(node))?.sessions;
		const current = view.filter(now.get(node))?.sessions;
		return [...turned, ...peerChanges(node, old?.known ? old.value : [], current?.known ? current.value : [])];
	});
}

function peerChanges(node: string, was: readonly Session[], is: readonly Session[]): readonly Change[] {
	const byProtocol = (sessions: readonly Session[]) =>
		new Map(sessions.map(session => [`${session.family} ${session.protocol}`, peerJson(session)]));
	const [old, current] = [byProtocol(was), byProtocol(is)];
	return [...new Set([...old.keys(), ...current.keys()])].flatMap(key => {
		const [before = null, now = null] = [old.get(key), current.get(key)];
		return equalJson(before, now) ? [] : [{type: 'peer', node, before, now} as const];
	});
}

function changeText(change: Change, now: number): string {
	if (change.type === 'node') {
		const {node, error, lastSeen: at} = change;
		if (error === null) return sanitize(`${node}: can be looked at again`);
		return sanitize(`${node}: not known: ${error}; ${at === null ? 'never seen' : `last seen ${ageText(at, now)}`}`);
	}
	const {node, before, now: is} = change;
	const peer = is ?? before;
	const was = before ? `, was ${before.state} ${before.info}`.trimEnd() : ', new';
	return sanitize(
		`${node}  ${peer?.address} ${peer?.type}: ${is ? `${is.state} ${is.info} since ${is.since}${was}` : `gone${was}`}`,
	);
}
