import type {Seen, Session} from '../../core/session.ts';
import {reasonOf, type SessionSource} from '../observe.ts';
import {parseNodeStatus} from '../parse/node-status.ts';

/** Sessions from `calicoctl node status`, which shows the node it runs on. It reads no datastore and no configuration. */
export function nodeStatusSessions(binary: string): SessionSource {
	return async (node, families, ask): Promise<Seen<readonly Session[]>> => {
		const result = await ask(node, [binary, 'node', 'status']);
		if (/super user privileges/i.test(result.stdout)) {
			return {known: false, reason: '"calicoctl node status" needs root'};
		}
		if (result.exitCode !== 0) return {known: false, reason: reasonOf(result)};
		const parsed = parseNodeStatus(result.stdout);
		if (!parsed.ok) return {known: false, reason: `the answer could not be read: ${parsed.error.message}`};
		const report = parsed.value;
		if (!report.running) return {known: false, reason: report.reason};
		const sessions: Session[] = [];
		for (const family of [4, 6] as const) {
			const status = family === 4 ? report.v4 : report.v6;
			if (status.state === 'peers') sessions.push(...status.sessions);
			// A node without an IPv6 address may well run no BIRD for it.
			else if (family === 4 || families.includes(6)) return {known: false, reason: status.reason};
		}
		return {known: true, value: sessions};
	};
}
