import type {Exec, ExecResult} from '../../src/cluster/exec.ts';
import type {Command} from '../../src/commands/command.ts';
import {catchSignals} from '../../src/commands/interrupts.ts';
import {parseCommandLine} from '../../src/commands/parse.ts';
import {reportError} from '../../src/commands/report-error.ts';
import type {Clock} from '../../src/core/clock.ts';
import {fakeIo} from './fake-io.ts';

/** What a call to a tool is for, told by the step that is under way. */
export type Role = 'read' | 'write' | 'gate' | 'hold';

/** One call that a process made. */
export type Call = {
	readonly index: number;
	readonly role: Role;
	readonly step: string;
	/** How many writes were called before it. */
	readonly after: number;
	readonly file: string;
	readonly argv: readonly string[];
	readonly input: string;
};

/** What harm can be done to a process of the program: to one within this process, or to a real one. */
export type Victim = {
	/** SIGKILL: no call is answered any more, no timer fires, nothing is written. */
	die(): void;
	/** Any other signal: its own handlers decide. */
	signal(name: NodeJS.Signals): void;
	/** No room is left for its journal, for so many lines: what is written is cut short, then refused. */
	fillDisk(lines: number): void;
};

/** A process of the program within this one: it can die at any call, and nothing of it lives on. */
export type FaultProcess = Victim & {
	readonly exec: Exec;
	readonly clock: Clock;
	readonly calls: readonly Call[];
	isDead(): boolean;
	/** Writes to the disk as the disk allows; what `fs.writeSync` would do is `write`. */
	readonly disk: (text: string, write: (text: string) => number) => number;
};

/** Does a call as the world wishes; `perform` does it as it should be done. */
export type OnCall = (call: Call, process: Victim, perform: () => Promise<ExecResult>) => Promise<ExecResult>;

/** Writes a journal line as the world wishes. */
export type OnDisk = (line: string, index: number, process: FaultProcess, write: (text: string) => number) => number;

export type Ended = {
	/** Null where it was killed. */
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly calls: readonly Call[];
};

let current: FaultProcess | undefined;

/** `fs.writeSync` as the process's disk allows, for a mock of node:fs; `writeSync` is the real one. */
export function diskWrite(
	writeSync: (file: number, text: string) => number,
	file: number,
	data: Uint8Array,
	offset = 0,
): number {
	const text = Buffer.from(data).subarray(offset).toString();
	return currentProcess().disk(text, part => writeSync(file, part));
}

/** The process whose code runs now: what mocked modules hand out. */
export function currentProcess(): FaultProcess {
	if (!current) throw new Error('no process is under way');
	return current;
}

/** Milliseconds of real time for one run; its clock jumps, so that only the first, which loads everything, takes more than some tenths of a second. */
const longestRun = 60_000;
const forever = new Promise<never>(() => undefined);
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'] as const;
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
	apply: async () => (await import('../../src/commands/apply.ts')).apply,
	rollback: async () => (await import('../../src/commands/rollback.ts')).rollback,
	hold: async () => (await import('../../src/commands/hold.ts')).hold,
	doctor: async () => (await import('../../src/commands/doctor.ts')).doctor,
	plan: async () => (await import('../../src/commands/plan.ts')).plan,
	resume: async () => {
		// Looked up by name: it is a test of `resume` as soon as the program has one.
		const path: string = '../../src/commands/resume.ts';
		return (await import(/* @vite-ignore */ path)).resume;
	},
};

type World = {
	readonly exec: Exec;
	readonly clock: Clock;
	readonly env: Readonly<Record<string, string>>;
	readonly onCall?: OnCall | undefined;
	readonly onDisk?: OnDisk | undefined;
};

/** Runs the program's own command line in this process, against a world that may do it harm, to its end or death. */
export async function runProcess(args: readonly string[], world: World): Promise<Ended> {
	const calls: Call[] = [];
	let [dead, step, lines] = [false, '', 0];
	let disk: ReturnType<typeof fullDisk> | undefined;
	let tellDeath = (): void => undefined;
	const death = new Promise<null>(resolve => {
		tellDeath = () => resolve(null);
	});
	const before = new Map(signals.map(name => [name, new Set<unknown>(process.listeners(name as 'exit'))]));
	const ownListeners = (name: (typeof signals)[number]) =>
		process.listeners(name as 'exit').filter(listener => !before.get(name)?.has(listener));
	const whileAlive = async <T>(answer: Promise<T>): Promise<T> => {
		try {
			const value = await answer;
			return dead ? await forever : value;
		} catch (error) {
			if (dead) return await forever;
			throw error;
		}
	};
	const self: FaultProcess = {
		calls,
		isDead: () => dead,
		die() {
			dead = true;
			tellDeath();
		},
		signal(name) {
			for (const listener of ownListeners(name as 'SIGINT')) (listener as unknown as (name: string) => void)(name);
		},
		exec: async (file, argv, options) => {
			if (dead) return forever;
			const call = callOf({file, argv, input: options.input ?? ''}, step, calls);
			calls.push(call);
			const perform = () => world.exec(file, argv, options);
			return whileAlive(world.onCall ? world.onCall(call, self, perform) : perform());
		},
		clock: {
			now: world.clock.now,
			sleep: (milliseconds, signal) => (dead ? forever : whileAlive(world.clock.sleep(milliseconds, signal))),
		},
		disk: (text, write) => {
			if (dead) return Buffer.byteLength(text);
			if (disk) return disk(text, write);
			return world.onDisk ? world.onDisk(text, lines++, self, write) : write(text);
		},
		fillDisk(refused) {
			disk = fullDisk(refused);
		},
	};
	current = self;
	const {io, stdout, stderr} = fakeIo({env: world.env, interrupts: catchSignals()});
	const print = (line: string): void => {
		if (dead) return;
		const started = /^\{"at":\d+,"type":"step-started".*?"step":"([^"]+)"/.exec(line);
		if (started?.[1]) step = started[1];
		io.print(line);
	};
	const body = async (): Promise<number> => {
		const {command, positionals, options} = parseCommandLine(args);
		try {
			const run = await loaders[command]?.();
			if (!run) throw new Error(`no ${command} in this test`);
			const code = await run({positionals, options}, {...io, print});
			return io.interrupts.exitCode() ?? code;
		} catch (error) {
			const report = reportError(error);
			if (!report) throw error;
			io.progress(report.text);
			return report.exitCode;
		}
	};
	let patience: NodeJS.Timeout | undefined;
	const tooLong = new Promise<never>((_, reject) => {
		patience = setTimeout(() => reject(new Error(`no end of ${args[0]}: ${stderr().slice(-1500)}`)), longestRun);
	});
	const ending = body().catch(error => (dead ? forever : Promise.reject(error)));
	const exitCode = await Promise.race([ending, death, tooLong]).finally(() => clearTimeout(patience));
	dead = true;
	// An end by itself runs the handlers of `exit`; SIGKILL runs none.
	for (const name of signals) {
		for (const listener of ownListeners(name)) {
			process.off(name as 'exit', listener as () => void);
			if (name === 'exit' && exitCode !== null) (listener as (code: number) => void)(exitCode);
		}
	}
	return {exitCode, stdout: stdout(), stderr: stderr(), calls};
}

/** A disk that is full for so many lines. write(2) first takes what there is room for, and only then says that there is none. */
function fullDisk(lines: number): (text: string, write: (text: string) => number) => number {
	let [refusals, short] = [0, true];
	return (text, write) => {
		if (refusals >= lines) return write(text);
		if (short) {
			short = false;
			return write(text.slice(0, Math.ceil(text.length / 2)));
		}
		short = true;
		refusals += 1;
		throw Object.assign(new Error('ENOSPC: no space left on device, write'), {code: 'ENOSPC'});
	};
}

/** A command as the next call of a process; `step` is the one under way. */
export function callOf(command: Pick<Call, 'file' | 'argv' | 'input'>, step: string, earlier: readonly Call[]): Call {
	const after = earlier.filter(call => call.role === 'write').length;
	return {...command, index: earlier.length, role: roleOf(command, step), step, after};
}

function roleOf({file, argv, input}: Pick<Call, 'file' | 'argv' | 'input'>, step: string): Role {
	const [verb = ''] = argv;
	if (file === 'node-exec' || verb === 'exec') return /^(?:hold|release)-routes$/.test(step) ? 'hold' : 'gate';
	if (`${argv} ${input}`.toLowerCase().includes('caliconodestatus')) return 'gate';
	return ['create', 'patch', 'delete'].includes(verb) && !argv.includes('--dry-run=server') ? 'write' : 'read';
}
