import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A practice cluster that some process serves: its folder and that process. */
export type HostedFolder = {readonly folder: string; readonly pid: number; readonly kept: boolean};

/** One that outlives its shell, and what it is kept as. */
export type KeptFolder = HostedFolder & {readonly what: string};

/** The longest path that a socket may have: 104 bytes with the end on macOS, 108 on Linux (sockaddr_un). */
const longestSocketPath = 103;
const namePattern = /^calico-rr-practice-(kept-)?(\d+)-\w+$/;

/** The socket in a practice cluster's folder. */
export function socketIn(folder: string): string {
	return join(folder, 'socket');
}

/** Where practice clusters have their folders: XDG_RUNTIME_DIR, which a session's end empties, else the folder for temporary files. */
export function runtimeFolder(env: NodeJS.ProcessEnv): string {
	const wanted = [env.XDG_RUNTIME_DIR, tmpdir()].find(path => path && existsSync(path)) ?? '/tmp';
	const longest = socketIn(join(wanted, `calico-rr-practice-kept-${2 ** 22}-XXXXXX`));
	return Buffer.byteLength(longest) <= longestSocketPath ? wanted : '/tmp';
}

/**
 * A new folder for a practice cluster that this process serves; only its owner can look into it. `kept` is what it is
 * kept as, for `keptFolders`; undefined where it goes with its shell.
 */
export function makeFolder(env: NodeJS.ProcessEnv, kept: string | undefined): string {
	const parent = runtimeFolder(env);
	for (const {folder, pid} of hostedFolders(env)) if (!isAlive(pid)) removeFolder(folder);
	const folder = mkdtempSync(join(parent, `calico-rr-practice-${kept === undefined ? '' : 'kept-'}${process.pid}-`));
	chmodSync(folder, 0o700);
	for (const name of ['bin', 'home']) mkdirSync(join(folder, name), {mode: 0o700});
	if (kept !== undefined) writeFileSync(whatFile(folder), kept, {mode: 0o600});
	return folder;
}

/** Takes the folder away; what is not there any more is as good. */
export function removeFolder(folder: string): void {
	rmSync(folder, {recursive: true, force: true});
}

/** The practice clusters that outlive their shells and are served now. */
export function keptFolders(env: NodeJS.ProcessEnv): readonly KeptFolder[] {
	return hostedFolders(env)
		.filter(({kept, pid}) => kept && isAlive(pid))
		.map(hosted => ({...hosted, what: readWhat(hosted.folder)}));
}

function whatFile(folder: string): string {
	return join(folder, 'kept-as');
}

/** '' for one that is just being made or taken away. */
function readWhat(folder: string): string {
	try {
		return readFileSync(whatFile(folder), 'utf8');
	} catch {
		return '';
	}
}

/** This user's folders, those included whose process was killed and could not tidy up. */
function hostedFolders(env: NodeJS.ProcessEnv): readonly HostedFolder[] {
	const parent = runtimeFolder(env);
	return readdirSync(parent).flatMap(name => {
		const [, kept, pid] = namePattern.exec(name) ?? [];
		const folder = join(parent, name);
		if (pid === undefined || statSync(folder, {throwIfNoEntry: false})?.uid !== process.getuid?.()) return [];
		return [{folder, pid: Number(pid), kept: kept !== undefined}];
	});
}

/** Whether the process is there. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it is there and somebody else's.
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}
