import {type Continued, createJournal, type Journal, journalFolder} from '../apply/journal.ts';
import {type Lock, livingOwner, lockedError, lockPath, takeLock} from '../apply/lock.ts';
import type {ClusterIdentity} from '../cluster/port.ts';
import type {Plan} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Locks the cluster and begins the journal of a run on it; the lock goes when the journal is closed, or the process ends.
 * The built-in practice cluster lives in this process alone and needs no lock.
 * @throws UserError (exit code 1) where another run is under way, or the journal cannot be written.
 */
export function openJournal(plan: Plan, identity: ClusterIdentity, env: Environment, continues?: Continued): Journal {
	const folder = journalFolder(env);
	let lock: Lock | undefined;
	try {
		lock = identity.practice ? undefined : takeLock(lockPath(identity, env));
		const journal = createJournal(folder, plan, identity, {continues});
		lock?.name(journal.path);
		return lock ? locked(journal, lock) : journal;
	} catch (error) {
		lock?.release();
		if (error instanceof UserError) throw error;
		// Without a journal nothing could be taken back after a crash, so nothing is begun.
		throw new UserError(`The journal cannot be written in ${folder}: ${(error as Error).message}.`, {
			exitCode: 1,
			next: ['Nothing was changed. Set XDG_STATE_HOME to a folder that can be written.'],
		});
	}
}

function locked(journal: Journal, lock: Lock): Journal {
	const {tookOver} = lock;
	return {
		...journal,
		...(tookOver && {
			notice: `Took over the lock on this cluster from process ${tookOver.pid} on ${tookOver.host}, which took it at ${tookOver.since} and does not live any more.`,
		}),
		close() {
			try {
				journal.close();
			} finally {
				lock.release();
			}
		},
	};
}

/**
 * Says at once that another run is under way, before anything is made of what it left so far.
 * @throws UserError (exit code 1)
 */
export function refuseLocked(identity: ClusterIdentity, env: Environment): void {
	if (identity.practice) return;
	const path = lockPath(identity, env);
	const owner = livingOwner(path);
	if (owner) throw lockedError(owner, path);
}
