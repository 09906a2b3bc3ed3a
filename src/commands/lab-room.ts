import {handleLab} from '../lab/handle.ts';
import {keepSolved, type Progress, progressFile, readProgress} from '../lab/progress.ts';
import {type LabSession, openLab} from '../lab/session.ts';
import type {Lab} from '../lab/types.ts';
import type {LabGround} from '../lab/world.ts';
import type {AdjustableClock} from '../practice/adjustable-clock.ts';
import {hostPractice, type PracticeHost} from '../practice/host/host.ts';
import type {Io} from './io.ts';
import {programFiles} from './program-files.ts';

/** Where one lab at a time lives: its session, and the place from which commands reach its cluster. */
export type LabRoom = {
	readonly clock: AdjustableClock;
	/** Opens the lab, or gives it back where it is open already. */
	enter(lab: Lab): Promise<LabSession>;
	/** The lab that is open; null for none. */
	session(): LabSession | null;
	/** Serves the open lab's cluster to other processes; the same place as long as the lab is open. */
	host(): Promise<PracticeHost>;
	readonly progress: () => Progress;
	/** Ends the lab that is open, and leaves nothing of it behind. */
	leave(): Promise<void>;
};

/** Makes the room. What is solved in it is written down for good. */
export function createLabRoom(ground: LabGround, io: Io): LabRoom {
	const {clock} = ground;
	const file = progressFile(io.env);
	let open: {readonly lab: Lab; readonly session: Promise<LabSession>} | null = null;
	let current: LabSession | null = null;
	let hosted: Promise<PracticeHost> | null = null;
	const leave = async (): Promise<void> => {
		const [session, host] = [open?.session, hosted];
		open = null;
		current = null;
		hosted = null;
		await (await host)?.close();
		await (await session)?.close();
	};
	return {
		clock,
		session: () => current,
		enter: async lab => {
			if (open?.lab !== lab) {
				await leave();
				open = {lab, session: openLab(lab, ground, state => keepSolved(file, lab.name, state.points))};
			}
			const entered = open;
			const session = await entered.session;
			if (open === entered) current = session;
			return session;
		},
		host: () => {
			const session = current;
			if (!session) throw new Error('no lab is open');
			hosted ??= hostPractice({
				cluster: () => {
					session.attend();
					return session.cluster();
				},
				clock,
				onLab: argv => handleLab(session, argv),
				datastore: (session.lab.cluster?.datastore ?? 'etcd') === 'etcd' ? 'etcd' : 'kubernetes',
				env: io.env,
				files: programFiles(),
			});
			return hosted;
		},
		progress: () => readProgress(file),
		leave,
	};
}
