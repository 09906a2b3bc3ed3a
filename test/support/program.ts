import {spawn} from 'node:child_process';
import {mkdtempSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {writePrograms} from '../../src/practice/host/programs.ts';

/** The built program, as it is published; tests start a copy of their own (build-once.ts). */
export const program = process.env.PROGRAM_UNDER_TEST ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The small client of practice shells, built: beside the program, or alone for tests that need no more (build-once.ts). */
export const client = process.env.CLIENT_UNDER_TEST ?? join(dirname(program), 'practice-client.js');

/** Folder with executables that talk to a practice cluster behind a socket, as a practice shell's do. */
export const practiceBin = mkdtempSync(join(tmpdir(), 'calico-rr-tools-'));
writePrograms(practiceBin, ['calicoctl', 'kubectl', 'node-exec'], {node: process.execPath, client});

/** A folder with `node` and nothing else, to be all of PATH: the machine may have a kubectl or calicoctl. */
export const nodeBin = mkdtempSync(join(tmpdir(), 'calico-rr-bin-'));
symlinkSync(process.execPath, join(nodeBin, 'node'));

/**
 * An environment of its own: a new home and state folder, Node on PATH and no kubectl or calicoctl,
 * nothing of the machine that runs the tests (CI, NO_COLOR, KUBECONFIG).
 */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
	const home = mkdtempSync(join(tmpdir(), 'calico-rr-home-'));
	return {
		PATH: nodeBin,
		HOME: home,
		XDG_STATE_HOME: join(home, 'state'),
		LANG: 'C.UTF-8',
		TERM: 'xterm-256color',
		...more,
	};
}

export type Finished = {readonly exitCode: number | null; readonly stdout: string; readonly stderr: string};

/** A program without a terminal, under way. */
export type Running = {
	readonly pid: number;
	readonly finished: Promise<Finished>;
	/** What standard error holds so far. */
	readonly stderr: () => string;
	readonly stdout: () => string;
	readonly signal: (name: NodeJS.Signals) => void;
	readonly closeStdout: () => void;
};

type StartOptions = {
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
	readonly directory?: string;
};

/** Starts the built program with pipes for input and output. */
export function startProgram(args: readonly string[], {env, input = '', directory}: StartOptions = {}): Running {
	const child = spawn(process.execPath, [program, ...args], {
		env: env ?? cleanEnvironment(),
		cwd: directory ?? tmpdir(),
		stdio: 'pipe',
	});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.end(input);
	return {
		pid: child.pid ?? 0,
		finished: new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', exitCode => resolve({exitCode, stdout, stderr}));
		}),
		stderr: () => stderr,
		stdout: () => stdout,
		signal: name => void child.kill(name),
		closeStdout: () => void child.stdout.destroy(),
	};
}

/** Runs the built program to its end, without a terminal. */
export function runProgram(args: readonly string[], options?: StartOptions): Promise<Finished> {
	return startProgram(args, options).finished;
}

/** Waits until something is so, looking every 10 ms; never a sleep for luck. */
export async function until(what: string, isSo: () => boolean, timeout = 20_000): Promise<void> {
	const deadline = performance.now() + timeout;
	while (!isSo()) {
		if (performance.now() > deadline) throw new Error(`timed out: ${what}`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}
