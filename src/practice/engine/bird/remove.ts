import {spawnSync} from 'node:child_process';
import {lstatSync, readdirSync, readlinkSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {isAlive, ownerOf} from './owner.ts';

/** Where `ip netns` keeps its names (ip-netns(8)). */
const namespaces = '/run/netns';

/**
 * Removes an engine's namespaces and its folder: the processes in them, then the names. The links between namespaces go
 * with them. All of it at once and without waiting: the process may be on its way out, where nothing is waited for.
 */
export function removeEngine(engine: string, path: string): void {
	remove(name => name === engine || name.startsWith(`${engine}-`), path);
}

/** Removes what runs left that are dead: killed with SIGKILL, or with the machine's power. */
export function removeLeftovers(path: string): void {
	remove(name => {
		const owner = ownerOf(name);
		return owner !== undefined && !isAlive(owner);
	}, path);
}

function remove(isMeant: (name: string) => boolean, path: string): void {
	const names = list(namespaces).filter(isMeant);
	for (const pid of processesIn(names)) kill(pid);
	if (names.length > 0) {
		const input = names.map(name => `netns del ${name}\n`).join('');
		spawnSync('ip', ['-force', '-batch', '-'], {input, env: {PATH: path}, stdio: ['pipe', 'ignore', 'ignore']});
	}
	for (const name of list(tmpdir()).filter(isMeant)) {
		const folder = join(tmpdir(), name);
		const found = lstatSync(folder, {throwIfNoEntry: false});
		// Anyone may make a folder of that name in /tmp; only our own is ours.
		if (found?.isDirectory() && found.uid === process.getuid?.()) rmSync(folder, {recursive: true, force: true});
	}
}

/** IDs of the processes that live in these namespaces, found as `ip netns pids` finds them. */
function processesIn(names: readonly string[]): readonly number[] {
	const wanted = new Set(names.flatMap(name => inodeOf(join(namespaces, name))));
	if (wanted.size === 0) return [];
	return list('/proc').flatMap(pid => {
		if (!/^\d+$/.test(pid)) return [];
		try {
			const [, inode] = /^net:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/ns/net`)) ?? [];
			return inode !== undefined && wanted.has(inode) ? [Number(pid)] : [];
		} catch {
			// It has ended meanwhile.
			return [];
		}
	});
}

/** A namespace's number; none where its name is only a file, since it was never mounted or is no more. */
function inodeOf(path: string): readonly string[] {
	const own = readlinkSync('/proc/self/ns/net');
	const inode = statSync(path, {throwIfNoEntry: false})?.ino;
	return inode === undefined || own === `net:[${inode}]` ? [] : [String(inode)];
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended meanwhile.
	}
}

function list(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
