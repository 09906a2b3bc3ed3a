import {sanitize} from '../cluster/sanitize.ts';
import type {Clock} from '../core/clock.ts';
import {equalJson} from '../core/json.ts';
import type {Session} from '../core/session.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {addressIn, type Looks, statusText} from '../plain/status-text.ts';
import {done} from './exit-codes.ts';
import type {Io} from './io.ts';
import {establishedText, peerJson, statusJson} from './status.ts';

type Watch = {
	readonly look: () => Promise<Looks>;
	readonly names: readonly string[];
	readonly snapshot: Snapshot;
	readonly clock: Clock;
	readonly json: boolean;
};

/** Milliseconds between two looks. */
const period = 1000;
const homeAndClear = '\u001B[H\u001B[2J';

/** `status --watch`: redraws in place on a terminal; elsewhere prints the tables once and then what changes. */
export async function watchStatus({look, names, snapshot, clock, json}: Watch, io: Io): Promise<number> {
	const redraws = io.onTerminal && !io.plain && !json;
	let before: Looks | undefined;
	while (!io.interrupts.signal.aborted && !io.closed()) {
		const now = await look();
		const whole = () => `${statusText(names, now, addressIn(snapshot))}\n${establishedText(now)}`;
		if (redraws) io.print(`${homeAndClear}${whole()}`);
		else if (before)
			for (const change of changes(names, before, now)) io.print(json ? JSON.stringify(change) : changeText(change));
		else io.print(json ? JSON.stringify({type: 'status', schemaVersion: 1, nodes: statusJson(names, now)}) : whole());
		before = now;
		await clock.sleep(period, io.interrupts.signal).catch(() => undefined);
	}
	return done;
}

type PeerJson = ReturnType<typeof peerJson>;

type Change =
	| {readonly type: 'peer'; readonly node: string; readonly before: PeerJson | null; readonly now: PeerJson | null}
	| {readonly type: 'node'; readonly node: string; readonly error: string | null};

function changes(names: readonly string[], before: Looks, now: Looks): readonly Change[] {
	return names.flatMap(node => {
		const [was, is] = [before.get(node)?.sessions, now.get(node)?.sessions];
		const error = is?.known ? null : (is?.reason ?? 'not looked at');
		const earlier = was?.known ? null : (was?.reason ?? 'not looked at');
		const turned: readonly Change[] = error === earlier ? [] : [{type: 'node', node, error}];
		if (!was?.known || !is?.known) return turned;
		return [...turned, ...peerChanges(node, was.value, is.value)];
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

function changeText(change: Change): string {
	if (change.type === 'node') {
		return sanitize(
			`${change.node}: ${change.error === null ? 'can be looked at again' : `not known: ${change.error}`}`,
		);
	}
	const {node, before, now} = change;
	const peer = now ?? before;
	const was = before ? `, was ${before.state} ${before.info}`.trimEnd() : ', new';
	return sanitize(
		`${node}  ${peer?.address} ${peer?.type}: ${now ? `${now.state} ${now.info} since ${now.since}${was}` : `gone${was}`}`,
	);
}
