import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecResult} from '../../../cluster/exec.ts';
import type {Family} from '../../../core/session.ts';
import {EngineError, type Host, type Part} from './host.ts';
import {isRunning} from './owner.ts';
import {pause} from './pause.ts';

/** Milliseconds that BIRD may take to start, to end, or to answer; it takes some ten. */
const patience = 10_000;

/** One BIRD of one machine. What is asked of it is done one after the other. */
export type Daemon = {
	/** Its control socket, whether or not it runs. */
	readonly socket: string;
	/** Starts it as Calico does, with -R (graceful recovery); nothing where it runs. @throws EngineError */
	start(): Promise<void>;
	/** Ends it with SIGKILL; nothing where it does not run. */
	kill(): Promise<void>;
	/** Gives it another bird.conf and has it read it, as confd does; nothing where it is the same. @throws EngineError */
	configure(text: string): Promise<void>;
	/** Asks it over its control socket. */
	ask(words: readonly string[]): Promise<ExecResult>;
};

export type DaemonOptions = {
	readonly host: Host;
	/** Where it runs, and what its files are called there. */
	readonly part: Part;
	readonly name: string;
	readonly family: Family;
	/** Where its files are. */
	readonly folder: string;
	/** The command that gives a program the node's own clock (clock.ts). */
	readonly onClock: readonly string[];
};

export function createDaemon({host, part, name, family, folder, onClock}: DaemonOptions): Daemon {
	const program = family === 4 ? 'bird' : 'bird6';
	const file = (ending: string): string => join(folder, `${name}-${program}.${ending}`);
	const [configuration, socket, pidFile] = [file('conf'), file('ctl'), file('pid')];
	let read = '';
	let running: number | undefined;
	let last: Promise<unknown> = Promise.resolve();
	const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
		const done = last.then(work);
		last = done.catch(() => undefined);
		return done;
	};
	const ask = (words: readonly string[]): Promise<ExecResult> =>
		host.attempt([family === 4 ? 'birdc' : 'birdc6', '-s', socket, ...words], '', patience);

	return {
		socket,
		ask,
		start: () =>
			inTurn(async () => {
				if (running !== undefined) return;
				rmSync(pidFile, {force: true});
				await host.runIn(part, [...onClock, program, '-R', '-c', configuration, '-s', socket, '-P', pidFile]);
				running = await waitFor(`${program} to start`, () => readPid(pidFile));
			}),
		kill: () =>
			inTurn(async () => {
				if (running === undefined) return;
				const pid = running;
				process.kill(pid, 'SIGKILL');
				await waitFor(`${program} to end`, () => (isRunning(pid) ? undefined : true));
				running = undefined;
			}),
		configure: text =>
			inTurn(async () => {
				if (text === read) return;
				writeFileSync(configuration, text);
				read = text;
				if (running === undefined) return;
				// confd sends BIRD a SIGHUP, which does the same and says nothing of errors.
				const {stdout, stderr} = await ask(['configure']);
				if (!/^Reconfigur/m.test(stdout))
					throw new EngineError(`${program} refuses ${configuration}: ${stdout}${stderr}`);
			}),
	};
}

async function waitFor<T>(what: string, look: () => T | undefined): Promise<T> {
	const end = performance.now() + patience;
	for (;;) {
		const found = look();
		if (found !== undefined) return found;
		if (performance.now() > end) throw new EngineError(`waited ${patience / 1000} s for ${what}`);
		await pause(5);
	}
}

function readPid(path: string): number | undefined {
	try {
		const text = readFileSync(path, 'utf8');
		// BIRD writes the whole line at once, and it ends so.
		return text.endsWith('\n') ? Number(text) : undefined;
	} catch {
		return undefined;
	}
}
