import {type Family, type PeerKind, peerTypes, type Session} from '../../../core/session.ts';
import type {BirdReport} from '../engine.ts';
import {sessionsOf} from './commands.ts';
import type {Daemon} from './daemon.ts';

const kinds = Object.entries(peerTypes) as readonly (readonly [PeerKind, Session['type']])[];

/** What a node's status reporter reads from a BIRD (node/pkg/status/populators); null where that BIRD is dead. */
export async function readReport(bird: Daemon, family: Family): Promise<BirdReport | null> {
	const {stdout, exitCode} = await bird.ask(['show', 'status']);
	const sessions = await sessionsOf(bird, family);
	if (exitCode !== 0 || !sessions) return null;
	const after = (words: string): string =>
		stdout
			.split('\n')
			.find(line => line.startsWith(words))
			?.slice(words.length)
			.trim() ?? '';
	return {
		version: /^BIRD (\S+)$/m.exec(stdout)?.[1] ?? '',
		routerId: after('Router ID is '),
		lastBoot: after('Last reboot on '),
		lastReconfiguration: after('Last reconfiguration on '),
		sessions: sessions.map(({address, type, state, since, info}) => ({
			address,
			kind: kinds.find(([, name]) => name === type)?.[0] ?? 'node',
			state,
			since,
			bgpState: state === 'down' ? 'Down' : (info.split(' ')[0] ?? ''),
		})),
	};
}
