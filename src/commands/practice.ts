import {UserError} from '../core/user-error.ts';
import {type AdjustableClock, createAdjustableClock} from '../practice/adjustable-clock.ts';
import type {PracticeCluster} from '../practice/cluster.ts';
import {practiceEnvironment} from '../practice/host/environment.ts';
import {keptFolders} from '../practice/host/folder.ts';
import {hostPractice, type PracticeHost} from '../practice/host/host.ts';
import {keepPractice, readSettings, stopPractice} from '../practice/host/kept.ts';
import {runInside} from '../practice/host/run-inside.ts';
import type {Command} from './command.ts';
import {failed} from './exit-codes.ts';
import type {Io} from './io.ts';
import {isLeftBehind, openShell, type Place, whileMaking} from './open-shell.ts';
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
	// Ctrl+C is for what runs inside.
	io.interrupts.leaveSigint();
	const {signal} = io.interrupts;
	const kept = await keptFor(options, io);
	if (kept !== undefined) {
		if (io.canAsk) io.write(banner('It stays; this ends it: calico-rr-wizard practice stop'));
		return runIn({folder: kept, env: practiceEnvironment(io.env, readSettings(kept))}, signal);
	}
	const {host, cluster} = await startHost(options, io, {kept: false});
	try {
		if (io.canAsk) io.write(banner('Leave with exit or Ctrl+D: that ends the cluster.'));
		return await whileMaking(cluster, signal, either => runIn(host, either));
	} finally {
		await host.close();
	}
}

/** The folder of the kept cluster to work on: the one that is there, unless another is asked for, or a new one. */
async function keptFor(options: Options, io: Io): Promise<string | undefined> {
	const [there] = keptFolders(io.env);
	const asked = (['practice', 'seed', 'speed', 'practice-api', 'via'] as const).filter(
		name => options[name] !== undefined,
	);
	if (there === undefined) return options.keep ? keepPractice(programFiles(), hostFlags(options), io.env) : undefined;
	if (asked.length === 0) return there.folder;
	if (!options.keep) return undefined;
	throw new UserError('A practice cluster is kept already, and it is as it was made.', {
		next: [`Leave --${asked[0]} away to use it, or end it first: calico-rr-wizard practice stop`],
	});
}

function hostFlags({practice, seed, speed = 1, ...options}: Options): readonly string[] {
	const given = {practice, seed, speed, 'practice-api': options['practice-api'], via: options.via};
	return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

async function serveKept(_words: readonly string[], options: Options, io: Io): Promise<number> {
	const {signal} = io.interrupts;
	const {host, cluster} = await startHost(options, io, {kept: true});
	await cluster();
	io.print(host.folder);
	if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}));
	await host.close();
	return 0;
}

async function stop(_words: readonly string[], _options: Options, io: Io): Promise<number> {
	const stopped = await stopPractice(io.env);
	io.print(stopped ? 'The practice cluster has ended.' : 'No practice cluster is kept.');
	return stopped ? 0 : failed;
}

type Hosted = {readonly host: PracticeHost; readonly cluster: () => Promise<PracticeCluster>};

async function startHost(options: Options, io: Io, {kept}: {readonly kept: boolean}): Promise<Hosted> {
	const speed = options.speed ?? (io.onTerminal ? 1 : unwatchedSpeed);
	if (speed === 'jump') {
		throw new UserError('The time of a practice shell cannot jump.', {
			next: ["Give a number, such as --speed 10; inside, 'lab time +60' skips a minute."],
		});
	}
	const clock = createAdjustableClock({speed, start: Date.now() - runningFor});
	let made: Promise<PracticeCluster> | undefined;
	const cluster = () => {
		made ??= makeCluster(options, clock);
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
	return {host, cluster};
}

async function makeCluster(options: Options, clock: AdjustableClock): Promise<PracticeCluster> {
	const {createPracticeCluster} = await import('../practice/cluster.ts');
	const cluster = createPracticeCluster({...practiceOptions(options), clock});
	await clock.skip(runningFor);
	return cluster;
}

/** Milliseconds that the cluster has run when the shell opens: a learner finds every session up, as the tutorial does. */
const runningFor = 600_000;

/** Fits a narrow terminal. */
function banner(leaving: string): string {
	return `This is a practice cluster. These tools work on it alone:
calicoctl kubectl birdcl ip ping ssh sudo calico-rr-wizard
Files and other programs are your own machine's.
Look around: calicoctl get nodes; stand on a node: ssh NODE
Faster than real time: lab time x10
${leaving}

`;
}
