import {UserError} from '../core/user-error.ts';
import {practiceEnvironment} from '../practice/host/environment.ts';
import {keptFolders} from '../practice/host/folder.ts';
import {keepPractice, readSettings} from '../practice/host/kept.ts';
import type {Io} from './io.ts';
import type {Place} from './open-shell.ts';
import {programFiles} from './program-files.ts';
import type {FlagName, Options} from './table.ts';

export type KeptRequest = {
	/** What the cluster is kept as, and found again by: `practice`, or one lab. */
	readonly what: string;
	/** The command of this program that serves it, its flags aside. */
	readonly command: readonly string[];
	/** The flags that it is made by. */
	readonly madeBy: readonly FlagName[];
};

/**
 * The kept cluster to work on: the one that is there, unless another is asked for, or with --keep a new one; undefined
 * for one that ends with its shell.
 * @throws UserError where one is kept and --keep asks for another.
 */
export async function keptCluster(
	{what, command, madeBy}: KeptRequest,
	options: Options,
	io: Io,
): Promise<Place | undefined> {
	const flags = madeBy.flatMap(name => (options[name] === undefined ? [] : [`--${name}=${options[name]}`]));
	const there = keptFolders(io.env).find(kept => kept.what === what);
	if (there && flags.length > 0 && options.keep) {
		throw new UserError('A practice cluster is kept already, and it is as it was made.', {
			next: [`Leave ${flags[0]?.split('=')[0]} away to use it, or end it first: calico-rr-wizard practice stop`],
		});
	}
	if (there && flags.length === 0) return placeIn(there.folder, io);
	if (!options.keep) return undefined;
	if (options.engine === 'bird') io.progress('Real BIRD is being started; the shell opens when the cluster is there.');
	const {env, interrupts} = io;
	return placeIn(await keepPractice(programFiles(), [...command, ...flags], {env, signal: interrupts.signal}), io);
}

function placeIn(folder: string, io: Io): Place {
	return {folder, env: practiceEnvironment(io.env, readSettings(folder))};
}

/** Prints the folder of a cluster that is kept, for the process that asked for it, and waits until it shall end. */
export async function serveUntilStopped(folder: string, io: Io): Promise<void> {
	const {signal} = io.interrupts;
	io.print(folder);
	if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}));
}
