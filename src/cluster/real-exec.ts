import {type Buffer, constants} from 'node:buffer';
import {setMaxListeners} from 'node:events';
import type {Readable} from 'node:stream';
import {execa} from 'execa';
import type {Exec, ExecOptions, ExecResult} from './exec.ts';
import {redact} from './redact.ts';

type Failure = NonNullable<ExecResult['failure']>;

/** Bytes of each stream, at most. 5,000 nodes as JSON are about 5 MB. */
const longestOutput = Math.min(64 * 1024 * 1024, constants.MAX_STRING_LENGTH);

const settings = {
	// We collect the output: execa would quote all of it in its error's message, and 64 MiB of it crash V8 there.
	buffer: false,
	extendEnv: false,
	reject: false,
	windowsHide: true,
	/**
	 * A child in our own process group would receive the terminal's Ctrl+C (SIGINT goes to the whole foreground group)
	 * and die in the middle of a write that we mean to finish. In a group of its own it does not; it has no terminal
	 * either, so `ssh` or a login plugin fails instead of asking for a password across our screen; and a signal to
	 * the group reaches what the child itself started. In return we must end it ourselves: see `endGroup`.
	 */
	detached: process.platform !== 'win32',
} as const;

function start(file: string, args: readonly string[], input: string, env: NodeJS.ProcessEnv) {
	return execa(file, args, {...settings, env, input});
}
type Child = ReturnType<typeof start>;

/**
 * Makes the Exec that starts real programs: no shell, arguments as they are, stdin closed after `input`, always a
 * timeout. It resolves for every outcome. `env` is passed on whole (default: ours).
 * @param grace milliseconds between SIGTERM and SIGKILL.
 */
export function createRealExec({
	env = process.env,
	grace = 2000,
}: {
	readonly env?: NodeJS.ProcessEnv;
	readonly grace?: number;
} = {}): Exec {
	const running = new Set<Child>();
	// A detached child outlives us; reads would only be wasted, writes are unknown to us either way.
	const endAll = () => {
		for (const child of running) endGroup(child, 'SIGTERM');
	};
	return async (file, args, options) => {
		if (options.signal?.aborted) return {stdout: '', stderr: '', exitCode: null, failure: 'aborted'};
		const child = start(file, args, options.input ?? '', env);
		if (running.size === 0) process.once('exit', endAll);
		running.add(child);
		try {
			return await waitFor(child, options, grace);
		} finally {
			running.delete(child);
			if (running.size === 0) process.removeListener('exit', endAll);
		}
	};
}

async function waitFor(child: Child, {signal, timeout}: ExecOptions, grace: number): Promise<ExecResult> {
	let stopped: Failure | undefined;
	let killTimer: NodeJS.Timeout | undefined;
	const stop = (why: Failure) => {
		if (stopped !== undefined) return;
		stopped = why;
		endGroup(child, 'SIGTERM');
		killTimer = setTimeout(() => {
			endGroup(child, 'SIGKILL');
			// Something outside the group may still hold the pipes open; we do not wait for it.
			child.stdout.destroy();
			child.stderr.destroy();
		}, grace);
	};
	const stdout = collect(child.stdout, () => stop('killed'));
	const stderr = collect(child.stderr, () => stop('killed'));
	const onAbort = () => stop('aborted');
	const timer = setTimeout(() => stop('timeout'), timeout);
	// One signal ends many commands at once; from the eleventh listener on Node warns across the screen.
	if (signal) setMaxListeners(0, signal);
	signal?.addEventListener('abort', onAbort, {once: true});
	try {
		const ended = await child;
		// What a tool complains of may quote a URL with its password, a token or a certificate.
		const output = {stdout: stdout(), stderr: redact(stderr())};
		if (stopped === 'killed') {
			return {stdout: '', stderr: 'it printed more than 64 MiB', exitCode: null, failure: 'killed'};
		}
		if (stopped !== undefined) return {...output, exitCode: null, failure: stopped};
		if (ended.exitCode !== undefined) return {...output, exitCode: ended.exitCode};
		if (ended.isTerminated) return {...output, exitCode: null, failure: 'killed'};
		// It never ran: not there, or not a program (EACCES), too long a command line (E2BIG), …
		const failure = ended.code === 'ENOENT' ? 'not-found' : 'not-executable';
		return {stdout: '', stderr: ended.originalMessage ?? '', exitCode: null, failure};
	} finally {
		clearTimeout(timer);
		clearTimeout(killTimer);
		signal?.removeEventListener('abort', onAbort);
	}
}

/** Gathers a stream; the function it gives reads what has come, invalid UTF-8 as U+FFFD and without a byte order mark. */
function collect(stream: Readable, onTooLong: () => void): () => string {
	const chunks: Buffer[] = [];
	let length = 0;
	stream.on('data', (chunk: Buffer) => {
		length += chunk.length;
		if (length > longestOutput) {
			chunks.length = 0;
			onTooLong();
		} else chunks.push(chunk);
	});
	return () => {
		const decoder = new TextDecoder();
		return chunks.map(chunk => decoder.decode(chunk, {stream: true})).join('') + decoder.decode();
	};
}

/** Signals the child and all that it started. */
function endGroup(child: Child, name: 'SIGTERM' | 'SIGKILL'): void {
	if (child.pid === undefined) return;
	try {
		if (settings.detached) process.kill(-child.pid, name);
		else child.kill(name);
	} catch {
		// It is gone already (ESRCH).
	}
}
