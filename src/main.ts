#!/usr/bin/env node
import {readFileSync} from 'node:fs';
import type {Command} from './commands/command.ts';
import {helpText} from './commands/help.ts';
import {catchSignals} from './commands/interrupts.ts';
import {processIo} from './commands/io.ts';
import {type Invocation, parseCommandLine} from './commands/parse.ts';
import {reportBug, reportError} from './commands/report-error.ts';
import type {CommandName} from './commands/table.ts';

/** Each command is loaded only when it is asked for: `--version` and `--help` must load nothing heavy. */
const load: Readonly<Record<CommandName, () => Promise<Command>>> = {
	wizard: async () => (await import('./commands/wizard.ts')).wizard,
	plan: async () => (await import('./commands/plan.ts')).plan,
	apply: async () => (await import('./commands/apply.ts')).apply,
	rollback: async () => (await import('./commands/rollback.ts')).rollback,
	status: async () => (await import('./commands/status.ts')).status,
	predict: async () => (await import('./commands/predict.ts')).predict,
	completion: async () => (await import('./commands/completion.ts')).completion,
	help: async () => (await import('./commands/help.ts')).help,
	version: async () => async (_, io) => {
		io.print(version());
		return 0;
	},
};

function version(): string {
	return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

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

async function run({command, positionals, options}: Invocation): Promise<number> {
	const interrupts = catchSignals();
	const io = processIo(interrupts, {plain: options.plain === true});
	if (options.help) {
		io.write(helpText(command));
		return 0;
	}
	if (options.version) {
		io.print(version());
		return 0;
	}
	const body = await load[command]();
	const exitCode = await body({positionals, options}, io);
	return interrupts.exitCode() ?? exitCode;
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

for (const event of ['uncaughtException', 'unhandledRejection']) {
	process.on(event, async error => end(await fail(error)));
}
settleEnvironment();
try {
	await end(await run(parseCommandLine(process.argv.slice(2))));
} catch (error) {
	await end(await fail(error));
}
