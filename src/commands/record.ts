import {createRecording, type Recording, recordingPath} from '../apply/recording.ts';
import {quoteForShell} from '../cluster/node-shell.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {UserError} from '../core/user-error.ts';
import type {Command} from './command.ts';
import {failed} from './exit-codes.ts';
import type {Io} from './io.ts';
import {load} from './load.ts';
import {type Invocation, parseCommandLine} from './parse.ts';
import {onCluster} from './table.ts';

/** `record -- COMMAND`: runs one of this program's own commands and keeps every tool call and event in a file. */
export const record: Command = async ({positionals, options}, io) => {
	if (positionals.length === 0) throw new UserError('record needs a command to run.', {next: [example]});
	const invocation = parseCommandLine(positionals, io.env);
	const name = invocation.command;
	if (!isRecordable(name) || invocation.options.help || invocation.options.version) {
		throw new UserError('There is nothing to record in that: it works on no cluster.', {
			next: [`These commands do: ${onCluster.join(', ')}.`],
		});
	}
	const now = new Date();
	const path = options.output ?? recordingPath(io.env, now);
	const recording = begin(path, {now, command: positionals, io});
	// What the cluster is asked for at the end is a part of the recording too, and must come before its file is closed.
	const last: (() => Promise<void>)[] = [];
	try {
		const command = await load[name]();
		const plain = io.plain || invocation.options.plain === true;
		return await command(invocation, {...io, plain, recording, atEnd: task => void last.push(task)});
	} finally {
		await Promise.all(last.map(task => task()));
		end(recording, io);
	}
};

const example = 'For example: calico-rr-wizard record -- apply --practice';

function isRecordable(name: Invocation['command']): name is Exclude<Invocation['command'], 'version'> {
	return onCluster.includes(name);
}

type Beginning = {readonly now: Date; readonly command: readonly string[]; readonly io: Io};

/** @throws UserError where the file cannot be begun; nothing has been run by then. */
function begin(path: string, {now, command, io}: Beginning): Recording {
	try {
		return createRecording(path, {version: io.version(), command, now});
	} catch (error) {
		const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
		throw new UserError(
			exists
				? `${path} is there already, and a recording is never written over.`
				: `The recording cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
			{exitCode: failed, next: ['Nothing was run. Name another file with --output FILE.']},
		);
	}
}

function end(recording: Recording, io: Io): void {
	const failure = recording.close();
	const path = quoteForShell(sanitize(recording.path));
	if (failure !== undefined)
		io.progress(sanitize(`The recording is not complete; what is missing could not be written: ${failure}.`));
	io.progress(`Recording: ${path}\nTo see it again: calico-rr-wizard replay ${path}`);
}
