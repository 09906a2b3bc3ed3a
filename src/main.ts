import {helpText} from './commands/help.ts';
import {catchSignals} from './commands/interrupts.ts';
import {processIo} from './commands/io.ts';
import {load} from './commands/load.ts';
import {type Invocation, parseCommandLine} from './commands/parse.ts';
import {isAborted, reportBug, reportError} from './commands/report-error.ts';

/** Colours are decided here, before Ink or a prompt is loaded: chalk inside Ink knows FORCE_COLOR but not NO_COLOR. */
function settleEnvironment(): void {
	const {env, stdin, stdout} = process;
	if (env.NO_COLOR && env.FORCE_COLOR === undefined) env.FORCE_COLOR = '0';
	// Ink shows nothing until the end where CI is set, even to a person at a terminal.
	if (stdin.isTTY && stdout.isTTY) {
		delete env.CI;
		delete env.CONTINUOUS_INTEGRATION;
	}
}

async function run({command, positionals, options}: Invocation, version: () => string): Promise<number> {
	const interrupts = catchSignals();
	const io = processIo(interrupts, {plain: options.plain === true, version});
	if (options.help) {
		io.write(helpText(command));
		return 0;
	}
	if (options.version || command === 'version') {
		io.print(version());
		return 0;
	}
	const body = await load[command]();
	try {
		const exitCode = await body({positionals, options}, io);
		return interrupts.exitCode() ?? exitCode;
	} catch (error) {
		const ended = interrupts.exitCode();
		// What was asked when the signal came had to be left unanswered; that is no failure of its own.
		if (ended === null || !isAborted(error)) throw error;
		return ended;
	} finally {
		await io.finish();
	}
}

async function fail(error: unknown): Promise<number> {
	const {text, exitCode} = reportError(error) ?? (await reportBug(error));
	process.stderr.write(text);
	return exitCode;
}

/** Ends the process once all is written: a practice cluster's time goes on and would keep it alive for ever. */
async function end(exitCode: number): Promise<never> {
	const flushed = (stream: NodeJS.WriteStream) =>
		new Promise<void>(resolve => (stream.destroyed ? resolve() : void stream.write('', () => resolve())));
	await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
	process.exit(exitCode);
}

/**
 * Does what the arguments ask for and ends the process.
 * @param version gives the program's version.
 */
export async function main(args: readonly string[], version: () => string): Promise<never> {
	for (const event of ['uncaughtException', 'unhandledRejection']) {
		process.on(event, async error => end(await fail(error)));
	}
	settleEnvironment();
	try {
		return await end(await run(parseCommandLine(args, process.env), version));
	} catch (error) {
		return await end(await fail(error));
	}
}
