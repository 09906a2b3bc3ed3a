import {UserError} from '../core/user-error.ts';
import type {PracticeCluster} from '../practice/cluster.ts';
import {hostPractice, type PracticeHost} from '../practice/host/host.ts';
import {stopPractice} from '../practice/host/kept.ts';
import {runInside} from '../practice/host/run-inside.ts';
import type {Command} from './command.ts';
import {done, failed} from './exit-codes.ts';
import {shellGround} from './ground.ts';
import type {Io} from './io.ts';
import {keptCluster, serveUntilStopped} from './kept-cluster.ts';
import {isLeftBehind, openShell, type Place, stays, whileMaking} from './open-shell.ts';
import {practiceOptions, unwatchedSpeed} from './practice-options.ts';
import {programFiles} from './program-files.ts';
import type {Options} from './table.ts';

type Action = (words: readonly string[], options: Options, io: Io) => Promise<number>;

/** What `practice` knows. `host` serves a kept cluster; the program starts it itself. */
const actions: Readonly<Record<string, Action>> = {shell, run: runCommand, stop, host: serveKept};

/** `practice [shell]`, `practice run -- COMMAND…`, `practice stop`. */
export const practice: Command = async ({positionals, options}, io) => {
	const [name = 'shell', ...words] = positionals;
	const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
	if (!action) {
		throw new UserError(`There is no 'practice ${name}'.`, {
			next: ['Use practice shell, practice run -- COMMAND, or practice stop.'],
		});
	}
	if (name !== 'run' && words.length > 0) throw new UserError(`practice ${name} takes no '${words[0]}'.`);
	return action(words, options, io);
};

async function shell(_words: readonly string[], options: Options, io: Io): Promise<number> {
	if (!io.canAsk) {
		throw new UserError('practice shell needs a terminal.', {
			next: ['Without one, run a command: calico-rr-wizard practice run -- calicoctl get nodes'],
		});
	}
	const exitCode = await inPractice(options, io, (place, signal) => openShell(place, io, signal));
	isLeftBehind();
	return exitCode;
}

async function runCommand([file, ...args]: readonly string[], options: Options, io: Io): Promise<number> {
	if (file === undefined) {
		throw new UserError('practice run needs a command.', {
			next: ['For example: calico-rr-wizard practice run -- calicoctl get nodes'],
		});
	}
	return inPractice(options, io, ({env}, signal) => runInside([file, ...args], {env, signal}));
}

/** Runs something on the kept cluster, or on one of its own that ends with it. */
async function inPractice(
	options: Options,
	io: Io,
	runIn: (place: Place, signal: AbortSignal) => Promise<number>,
): Promise<number> {
	const {signal} = io.interrupts;
	const kept = await keptCluster({what: keptAs, command: ['practice', 'host'], madeBy}, options, io);
	if (kept) {
		io.interrupts.leaveSigint();
		if (io.canAsk) io.write(banner(stays, options));
		return runIn(kept, signal);
	}
	const {host, cluster, close} = await startHost(options, io, {speed: io.onTerminal ? 1 : unwatchedSpeed});
	try {
		// Real BIRD may not be there, and takes its time: that is said, and Ctrl+C ends it, before a shell is in front.
		if (options.engine === 'bird') await cluster();
		// Ctrl+C is for what runs inside.
		io.interrupts.leaveSigint();
		if (io.canAsk) io.write(banner('Leave with exit or Ctrl+D: that ends the cluster.', options));
		return await whileMaking(cluster, signal, either => runIn(host, either));
	} finally {
		await close();
	}
}

const keptAs = 'practice';
const madeBy = ['practice', 'engine', 'seed', 'speed', 'practice-api', 'via'] as const;

async function serveKept(_words: readonly string[], options: Options, io: Io): Promise<number> {
	const {host, cluster, close} = await startHost(options, io, {speed: 1, kept: keptAs});
	try {
		await cluster();
		await serveUntilStopped(host.folder, io);
	} finally {
		await close();
	}
	return done;
}

async function stop(_words: readonly string[], _options: Options, io: Io): Promise<number> {
	const stopped = await stopPractice(io.env);
	io.print(stopped ? 'The practice cluster has ended.' : 'No practice cluster is kept.');
	return stopped ? done : failed;
}

type Hosted = {
	readonly host: PracticeHost;
	/** Makes the cluster, or gives it back where it is made. */
	readonly cluster: () => Promise<PracticeCluster>;
	/** Ends both, and leaves nothing of them behind. */
	readonly close: () => Promise<void>;
};

/** `speed` is what holds where the flag is not given. */
type Hosting = {readonly speed: number; readonly kept?: string};

async function startHost(options: Options, io: Io, {speed, kept}: Hosting): Promise<Hosted> {
	const {clock, start} = shellGround(options, io, speed);
	let made: Promise<PracticeCluster> | undefined;
	const cluster = () => {
		made ??= Promise.resolve(start(practiceOptions(options)));
		return made;
	};
	const host = await hostPractice({
		cluster,
		clock,
		datastore: practiceOptions(options).datastore === 'etcd' ? 'etcd' : 'kubernetes',
		env: io.env,
		files: programFiles(),
		kept,
	});
	return {
		host,
		cluster,
		close: async () => {
			await host.close();
			// One that could not be made has nothing to close.
			await (await made?.catch(() => undefined))?.engine.close();
		},
	};
}

/** Fits a narrow terminal. */
function banner(leaving: string, {engine}: Options): string {
	return `This is a practice cluster. These tools work on it alone:
calicoctl kubectl birdcl ip ping ssh sudo calico-rr-wizard
Files and other programs are your own machine's.
Look around: calicoctl get nodes; stand on a node: ssh NODE
${engine === 'bird' ? 'Its nodes run real BIRD, in real time.' : 'Faster than real time: lab time x10'}
${leaving}

`;
}
