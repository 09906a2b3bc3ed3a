import {spawn} from 'node:child_process';
import {closeSync, existsSync, openSync, readFileSync, readSync, unlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {UserError} from '../../core/user-error.ts';
import {isAlive, keptFolders, removeFolder} from './folder.ts';
import {settingsFile} from './host.ts';
import type {ProgramFiles} from './programs.ts';

/** Milliseconds that a kept cluster gets to end and tidy up. */
const patience = 5000;

/**
 * Starts a process of the program that serves a practice cluster and outlives this one; gives the cluster's folder.
 * `command` is what that process is told; `signal` ends it while it is on its way.
 * @throws UserError where that process ends before it serves, with its words.
 */
export async function keepPractice(
	{node, cli}: ProgramFiles,
	command: readonly string[],
	{env, signal}: {readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal},
): Promise<string> {
	// A pipe would end with this process, and the other one would break on the next word that it has.
	const path = join(tmpdir(), `calico-rr-practice-${process.pid}-words`);
	const words = openSync(path, 'wx+', 0o600);
	unlinkSync(path);
	const child = spawn(node, [cli, ...command], {detached: true, cwd: '/', env, stdio: ['ignore', 'pipe', words]});
	let said = '';
	let stop = (): void => undefined;
	const folder = await new Promise<string>((resolve, reject) => {
		stop = () => {
			child.kill();
			reject(signal.reason);
		};
		signal.addEventListener('abort', stop);
		child.stdout?.setEncoding('utf8').on('data', (text: string) => {
			said += text;
			if (said.endsWith('\n')) resolve(said.trimEnd());
		});
		child.once('error', reject);
		child.once('exit', () => {
			const told = readFrom(words).split('\n').filter(Boolean);
			reject(new UserError('The practice cluster could not be started.', {next: told, exitCode: 1}));
		});
	}).finally(() => {
		// Once it serves it outlives whatever ends this process.
		signal.removeEventListener('abort', stop);
		closeSync(words);
	});
	child.stdout?.destroy();
	child.unref();
	return folder;
}

function readFrom(file: number): string {
	const buffer = Buffer.alloc(10_000);
	return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
}

/** The settings of a kept cluster's shells. */
export function readSettings(folder: string): Readonly<Record<string, string>> {
	// The file is this program's own, in a folder that only its owner can write to.
	return JSON.parse(readFileSync(settingsFile(folder), 'utf8')) as Readonly<Record<string, string>>;
}

/** Ends every kept practice cluster with what runs on it. False where there is none. */
export async function stopPractice(env: NodeJS.ProcessEnv): Promise<boolean> {
	const kept = keptFolders(env);
	for (const {pid} of kept) process.kill(pid, 'SIGTERM');
	const deadline = Date.now() + patience;
	for (const {pid, folder} of kept) {
		while (isAlive(pid) || existsSync(folder)) {
			if (Date.now() > deadline) {
				if (isAlive(pid)) process.kill(pid, 'SIGKILL');
				removeFolder(folder);
			}
			await new Promise(resolve => setTimeout(resolve, 10));
		}
	}
	return kept.length > 0;
}
