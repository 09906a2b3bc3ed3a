import {ClusterError} from '../cluster/errors.ts';
import {redact} from '../cluster/redact.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';
import {UserError} from '../core/user-error.ts';
import {failed} from './exit-codes.ts';
import {Interrupted} from './interrupts.ts';

/** What a user is told about an error, and how the process ends. */
export type Report = {readonly text: string; readonly exitCode: number};

/**
 * The one place where errors become words: what happened, what the tool said, what to do next. Undefined for anything
 * that is no UserError, ClusterError or interruption: a defect of this program.
 */
export function reportError(error: unknown): Report | undefined {
	if (error instanceof Interrupted) return {text: '', exitCode: error.exitCode};
	if (error instanceof UserError) {
		return {text: lines(error.message, [], error.next), exitCode: error.exitCode};
	}
	if (error instanceof ClusterError) {
		const {command, words, next} = error.detail;
		const said = sanitizeLines(words)
			.split('\n')
			.filter(line => line.trim() !== '');
		return {
			text: lines(
				error.message,
				said.length > 0 ? [`${sanitize(command.file)} said:`, ...said.map(line => `  ${line}`)] : [],
				next,
			),
			exitCode: failed,
		};
	}
	return undefined;
}

/** Whether a tool was ended before it answered, since somebody wanted to stop. */
export function isAborted(error: unknown): boolean {
	return error instanceof ClusterError && error.kind === 'aborted';
}

function lines(message: string, said: readonly string[], next: readonly string[]): string {
	return [sanitize(message), ...said, ...next.map(each => sanitize(each))].map(line => `${line}\n`).join('');
}

/**
 * Keeps a defect's stack in a log file that only the user can read, and says where.
 * Even where no file can be written, no stack reaches the screen.
 */
export async function reportBug(error: unknown): Promise<Report> {
	const sentence = `This is a mistake in calico-rr-wizard, not in what you did: ${sanitize(redact(String(error))).slice(0, 200)}.`;
	const path = await writeLog(error).catch(() => undefined);
	const next = path
		? `The details are in ${path}; please send them with a report.`
		: 'The details could not be written to a log file.';
	return {text: `${sentence}\n${next}\n`, exitCode: failed};
}

async function writeLog(error: unknown): Promise<string> {
	const [{mkdir, writeFile}, {join}, {default: envPaths}] = await Promise.all([
		import('node:fs/promises'),
		import('node:path'),
		import('env-paths'),
	]);
	const folder = envPaths('calico-rr-wizard', {suffix: ''}).log;
	await mkdir(folder, {recursive: true, mode: 0o700});
	const path = join(folder, `error-${new Date().toISOString().replaceAll(':', '-')}-${process.pid}.log`);
	const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
	const text = `${process.argv.slice(2).join(' ')}\nNode ${process.version}\n${cause}\n`;
	await writeFile(path, redact(text), {mode: 0o600});
	return path;
}
