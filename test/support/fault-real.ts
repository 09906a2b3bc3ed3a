import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {statSync} from 'node:fs';
import {delimiter} from 'node:path';
import type {ExecResult} from '../../src/cluster/exec.ts';
import {type Call, callOf, type Ended, type OnCall, type Victim} from './fault-process.ts';
import {quickBin, serveTools, type ToolCall} from './fault-tools.ts';
import {argsOf, createFaultWorld, type FaultWorld, type WorldOptions} from './fault-world.ts';
import {nodeBin, program} from './program.ts';

/** Their `bash`, and where the machine keeps what a shell is found by (`env`). */
const systemBin = ['/usr/bin', '/bin'];

/** Milliseconds of practice time that a command takes: sessions come up within some looks, however slow the machine is. */
const callTime = 3000;

/** Patience of a gate in seconds: even a busy machine looks some times in it. */
const patience = ['--gate-timeout', '15'] as const;

/**
 * A world in which the program runs as it is published: a process of its own, as are its tools, with real signals and
 * files. The cluster is in this process, so that what shall happen to the program happens exactly at a call. Only what
 * is looked at afterwards (`ask`) runs within this process, one after the other.
 */
export function createRealWorld(options: WorldOptions): FaultWorld {
	const world = createFaultWorld(options);
	return {
		...world,
		clock: {now: () => performance.now(), sleep: world.clock.sleep},
		ask: command => alone(() => world.ask(command)),
		run: async (command, {onCall} = {}) => {
			const isRun = command !== 'doctor' && command !== 'hold status';
			const args = [...argsOf(command, options), ...(isRun ? patience : [])];
			return runReal(args, world, onCall);
		},
	};
}

let last: Promise<unknown> = Promise.resolve();

/** Processes within this one share its modules and listeners, so that only one of them may be under way. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
	const done = last.then(work);
	last = done.catch(() => undefined);
	return done;
}

async function runReal(args: readonly string[], world: FaultWorld, onCall?: OnCall): Promise<Ended> {
	const calls: Call[] = [];
	let isDead = false;
	let isFullForOne = false;
	const victim: Victim = {
		die() {
			isDead = true;
			child.kill('SIGKILL');
		},
		signal: name => void child.kill(name),
		fillDisk(lines) {
			// The kernel takes what fits and refuses the rest with EFBIG, as a full disk does with ENOSPC.
			const journal = world.journals().at(-1);
			limitFiles(child, journal ? statSync(journal).size + 20 : 0);
			isFullForOne = lines === 1;
		},
	};
	const perform = async (request: ToolCall): Promise<ExecResult> => {
		const reply = world.practice.run(request);
		return reply === 'silence' ? never : reply;
	};
	const tools = await serveTools(async request => {
		await world.practice.clock.sleep(callTime);
		// What was on its way when the program was killed goes no further: its machine is dead.
		if (isDead) return never;
		const call = callOf(request, '', calls);
		calls.push(call);
		if (isFullForOne && calls.at(-2)?.role === 'write') {
			// Between the write and this call its outcome was to be written down.
			isFullForOne = false;
			limitFiles(child, 'unlimited');
		}
		return onCall ? onCall(call, victim, () => perform(request)) : perform(request);
	});
	const child = spawn(process.execPath, [program, ...args], {
		env: {
			...world.env,
			PATH: [quickBin, nodeBin, ...systemBin].join(delimiter),
			LANG: 'C.UTF-8',
			PRACTICE_PORT: String(tools.port),
		},
		cwd: world.env.HOME,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	try {
		const exitCode = await new Promise<number | null>((resolve, reject) => {
			child.on('error', reject);
			child.on('close', code => resolve(code));
		});
		return {exitCode, stdout, stderr, calls};
	} finally {
		isDead = true;
		tools.close();
	}
}

const never = new Promise<never>(() => undefined);

/** No file of the process may grow beyond this; the limit can be lifted again. */
function limitFiles({pid}: ChildProcess, bytes: number | 'unlimited'): void {
	const {status, stderr} = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
	if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}
