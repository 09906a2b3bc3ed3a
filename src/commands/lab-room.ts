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
	/** Serves the lab's cluster to other processes, which wait where it is still on its way to its start. */
	host(lab: Lab): Promise<PracticeHost>;
	readonly progress: () => Progress;
	/** Ends the lab that is open, and leaves nothing of it behind. */
	leave(): Promise<void>;
};

/** The lab that was entered, and what there is of it so far. */
type Open = {
	readonly lab: Lab;
	session?: Promise<LabSession>;
	ready?: LabSession;
	host?: Promise<PracticeHost>;
};

/** Makes the room. What is solved in it is written down for good. `kept` is what its lab is kept as, if it outlives its shell. */
export function createLabRoom(ground: LabGround, io: Io, kept?: string): LabRoom {
	const {clock} = ground;
	const file = progressFile(io.env);
	let open: Open | null = null;
	const leave = async (): Promise<void> => {
		const left = open;
		open = null;
		ground.abandon?.();
		await (await left?.host)?.close();
		// A lab that could not be brought to its start has nothing to close.
		await (await left?.session?.catch(() => undefined))?.close();
	};
	const take = async (lab: Lab): Promise<Open> => {
		if (open?.lab !== lab) {
			await leave();
			open = {lab};
		}
		return open;
	};
	const sessionOf = async (entered: Open): Promise<LabSession> => {
		const {lab} = entered;
		entered.session ??= openLab(lab, ground, state => keepSolved(file, lab.name, state.points));
		entered.ready = await entered.session;
		return entered.ready;
	};
	// A command that comes while the lab is left is answered by that lab, and opens no other.
	const serve = (entered: Open): Promise<PracticeHost> =>
		hostPractice({
			cluster: async () => {
				const session = await sessionOf(entered);
				session.attend();
				return session.cluster();
			},
			clock,
			onLab: async argv => handleLab(await sessionOf(entered), argv),
			datastore: (entered.lab.cluster?.datastore ?? 'etcd') === 'etcd' ? 'etcd' : 'kubernetes',
			env: io.env,
			files: programFiles(),
			kept,
		});
	return {
		clock,
		session: () => open?.ready ?? null,
		enter: async lab => sessionOf(await take(lab)),
		host: async lab => {
			const entered = await take(lab);
			entered.host ??= serve(entered);
			return entered.host;
		},
		progress: () => readProgress(file),
		leave,
	};
}
