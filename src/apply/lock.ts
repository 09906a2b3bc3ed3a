import {createHash} from 'node:crypto';
import {closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeFileSync} from 'node:fs';
import {homedir, hostname} from 'node:os';
import {join} from 'node:path';
import type {ClusterIdentity} from '../cluster/port.ts';
import {isObject} from '../core/json.ts';
import {UserError} from '../core/user-error.ts';

/** Who holds the lock on a cluster. */
export type LockOwner = {
	readonly pid: number;
	readonly host: string;
	/** When the process began, in the kernel's own words: a process ID is used again. '' where it cannot be told. */
	readonly started: string;
	/** When the lock was taken, in ISO 8601. */
	readonly since: string;
	/** The run's journal, where to look what it does; null before it has one. */
	readonly journal: string | null;
};

/** A lock that this process holds. */
export type Lock = {
	/** The owner whose lock was taken over, since it is dead; null where there was none. */
	readonly tookOver: LockOwner | null;
	/** Writes down where the run's journal is. */
	name(journal: string): void;
	release(): void;
};

/** Milliseconds after which a lock without readable words in it is one that nobody is writing any more. */
const writingTime = 5000;

/** The lock's file: by the cluster's own ID, so that no name or configuration that leads to it makes a difference. */
export function lockPath(
	{guid, via, name}: ClusterIdentity,
	env: Readonly<Record<string, string | undefined>>,
): string {
	const state = env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state');
	const id = guid === 'unknown' ? `${via} ${name}` : guid;
	const file = createHash('sha256').update(id).digest('hex').slice(0, 32);
	return join(state, 'calico-rr-wizard', 'locks', `${file}.json`);
}

/**
 * The living owner of a lock; undefined where there is none. A process on another machine that shares the folder
 * cannot be looked at: it counts as living.
 */
export function livingOwner(path: string): LockOwner | undefined {
	const found = lockOf(path);
	return found?.alive ? found.owner : undefined;
}

/** A lock's owner, and whether it lives; undefined where there is none, or it is being written in this moment. */
export function lockOf(path: string): {readonly owner: LockOwner; readonly alive: boolean} | undefined {
	const owner = readLock(path);
	return owner && owner !== 'unreadable' ? {owner, alive: isAlive(owner)} : undefined;
}

/**
 * Takes the lock; one whose owner is dead is taken over.
 * @throws UserError (exit code 1) where its owner lives: who, since when, and what to do.
 */
export function takeLock(path: string): Lock {
	mkdirSync(join(path, '..'), {recursive: true, mode: 0o700});
	const own: LockOwner = {...thisProcess(), since: new Date().toISOString(), journal: null};
	const tookOver = create(path, own) ? null : takeOver(path, own);
	let mine: LockOwner = own;
	const release = () => {
		process.off('exit', release);
		const found = readLock(path);
		if (found && found !== 'unreadable' && isSame(found, mine)) remove(path);
	};
	// Signals end the process by way of its own exit; only SIGKILL and a crash of the machine leave the file.
	process.on('exit', release);
	return {
		tookOver,
		name(journal) {
			mine = {...mine, journal};
			writeFileSync(path, JSON.stringify(mine), {mode: 0o600});
		},
		release,
	};
}

/** The words for a living owner. */
export function lockedError(owner: LockOwner, path: string): UserError {
	const here = owner.host === hostname();
	return new UserError(
		`Another run is under way on this cluster: process ${owner.pid} on ${owner.host}, since ${owner.since}.`,
		{
			exitCode: 1,
			next: [
				'Nothing was changed. Wait until it has ended; it says how it goes where it was started.',
				...(owner.journal ? [`Its journal: ${owner.journal}`] : []),
				...(here
					? []
					: [`It cannot be seen from here whether it lives. If you know that it does not, delete the file ${path}.`]),
			],
		},
	);
}

/**
 * Takes over from a dead owner. Two processes may find the same dead one: only who holds the file beside the lock may
 * replace it, so that neither removes the other's new one.
 */
function takeOver(path: string, own: LockOwner): LockOwner | null {
	const guard = `${path}.taking-over`;
	if (!create(guard, own)) {
		const other = readLock(guard);
		if (other === 'unreadable' || (other && isAlive(other))) throw busy(path);
		remove(guard);
		if (!create(guard, own)) throw busy(path);
	}
	try {
		const found = readLock(path);
		if (found === 'unreadable') throw busy(path);
		if (found && isAlive(found)) throw lockedError(found, path);
		remove(path);
		if (!create(path, own)) throw busy(path);
		return found ?? null;
	} finally {
		remove(guard);
	}
}

function busy(path: string): UserError {
	return new UserError('Another run is beginning on this cluster in this moment.', {
		exitCode: 1,
		next: [`Nothing was changed. Try again in ${writingTime / 1000} s; the lock is ${path}.`],
	});
}

/** Makes the file with who holds it; false where it is there already. */
function create(path: string, owner: LockOwner): boolean {
	let file: number;
	try {
		file = openSync(path, 'wx', 0o600);
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	}
	try {
		writeFileSync(file, JSON.stringify(owner));
	} catch (error) {
		remove(path);
		throw error;
	} finally {
		closeSync(file);
	}
	return true;
}

function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}

/** Who holds it. Words that cannot be read are being written, or, after a while, what a crash left: then nobody does. */
function readLock(path: string): LockOwner | 'unreadable' | undefined {
	try {
		const text = readFileSync(path, 'utf8');
		const owner = parseOwner(text);
		if (owner) return owner;
		return Date.now() - statSync(path).mtimeMs < writingTime ? 'unreadable' : undefined;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') return undefined;
		throw error;
	}
}

function parseOwner(text: string): LockOwner | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isObject(value)) return undefined;
	const {pid, host, started, since, journal} = value;
	if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
	if (typeof host !== 'string' || typeof started !== 'string' || typeof since !== 'string') return undefined;
	return {pid, host, started, since, journal: typeof journal === 'string' ? journal : null};
}

function isSame(left: LockOwner, right: LockOwner): boolean {
	return left.pid === right.pid && left.host === right.host && left.since === right.since;
}

function thisProcess(): Pick<LockOwner, 'pid' | 'host' | 'started'> {
	const {pid} = process;
	return {pid, host: hostname(), started: startOf(pid)?.started ?? ''};
}

function isAlive({pid, host, started}: LockOwner): boolean {
	if (host !== hostname()) return true;
	try {
		process.kill(pid, 0);
	} catch (error) {
		// EPERM: it lives, and belongs to somebody else.
		if (codeOf(error) === 'ESRCH') return false;
	}
	const now = startOf(pid);
	if (!now) return true;
	// A zombie is dead, and only waits for its parent to notice.
	return !['Z', 'X'].includes(now.state) && (started === '' || started === now.started);
}

/** State and start of a process, the latter in clock ticks since this boot (proc_pid_stat(5), fields 3 and 22). */
function startOf(pid: number): {readonly state: string; readonly started: string} | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is the command in parentheses and may hold blanks and parentheses itself.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		return {state: fields[0] ?? '', started: `${boot} ${fields[19] ?? ''}`};
	} catch {
		// No such process, or no Linux: then only its ID tells.
		return undefined;
	}
}

function codeOf(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
