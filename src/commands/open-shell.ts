import {isatty} from 'node:tty';
import {runInside} from '../practice/host/run-inside.ts';
import {interactiveShell} from '../practice/host/shells.ts';
import {dieOfHangup} from '../tui/hangup.ts';
import type {Io} from './io.ts';

/** Said above a shell whose cluster is kept. */
export const stays = 'It stays; this ends it: calico-rr-wizard practice stop';

/** Where a shell's commands reach a practice cluster. */
export type Place = {readonly folder: string; readonly env: Readonly<Record<string, string>>};

/**
 * Milliseconds that a shell gets to start before the cluster is made, which takes a processor to itself; a command that
 * comes earlier has it made at once.
 */
const shellStart = 200;

/** Runs something at once and has its cluster made behind it; a cluster that cannot be made ends it and is the error. */
export async function whileMaking(
	make: () => Promise<unknown>,
	signal: AbortSignal,
	run: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
	const broken = new AbortController();
	const making = setTimeout(() => {
		make().catch(error => broken.abort(error));
	}, shellStart);
	try {
		const exitCode = await run(AbortSignal.any([signal, broken.signal]));
		broken.signal.throwIfAborted();
		return exitCode;
	} finally {
		clearTimeout(making);
	}
}

/** Opens the learner's own shell on a practice cluster and gives its exit code. `signal` ends it early. */
export async function openShell({folder, env}: Place, io: Io, signal: AbortSignal): Promise<number> {
	const {argv, env: more} = interactiveShell(io.env, folder);
	return runInside(argv, {env: {...env, ...more}, signal});
}

/** Whether a shell has ended because its terminal was closed: this process must not touch the terminal any more. */
export function isLeftBehind(): boolean {
	const isGone = !isatty(process.stdin.fd);
	if (isGone) dieOfHangup();
	return isGone;
}
