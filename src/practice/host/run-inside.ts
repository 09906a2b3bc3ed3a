import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import {UserError} from '../../core/user-error.ts';

/** Milliseconds that a shell gets to end after SIGHUP. */
const patience = 1000;

export type InsideOptions = {
	readonly env: Readonly<Record<string, string>>;
	/** Where its standard output goes: this process's own, unless that is for something else. */
	readonly output?: 'stdout' | 'stderr';
	/** Ends the program early. */
	readonly signal: AbortSignal;
};

/**
 * Runs a program on this process's own terminal or pipes and gives its exit code, 128 and the number for a signal. The
 * program's `started` comes before its end. @throws UserError for a program that is not there.
 */
export function runInside(
	[file, ...args]: readonly [string, ...string[]],
	{env, signal, output = 'stdout'}: InsideOptions,
): Promise<number> {
	const child = spawn(file, args, {env, stdio: ['inherit', output === 'stdout' ? 1 : 2, 2]});
	// Should this process be ended at once, the shell must not stay on the terminal.
	const hangUp = (): void => void child.kill('SIGHUP');
	process.once('exit', hangUp);
	let timer: NodeJS.Timeout | undefined;
	const end = (): void => {
		// An interactive shell ignores SIGTERM; SIGHUP also reaches what it runs.
		hangUp();
		timer = setTimeout(() => child.kill('SIGKILL'), patience);
	};
	if (signal.aborted) end();
	else signal.addEventListener('abort', end, {once: true});
	return new Promise<number>((resolve, reject) => {
		child.on('error', (error: NodeJS.ErrnoException) => reject(notStarted(file, error)));
		child.on('exit', (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
	}).finally(() => {
		clearTimeout(timer);
		signal.removeEventListener('abort', end);
		process.off('exit', hangUp);
	});
}

function notStarted(file: string, error: NodeJS.ErrnoException): UserError {
	const missing = error.code === 'ENOENT';
	return new UserError(missing ? `There is no program ${file}.` : `${file} cannot be run: ${error.message}.`, {
		exitCode: missing ? 127 : 126,
	});
}
