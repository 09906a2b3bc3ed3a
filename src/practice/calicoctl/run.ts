import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import type {ExecResult} from '../../cluster/exec.ts';
import {NotModelledError} from '../datastore/errors.ts';
import type {NodeAnswer} from '../node/answers.ts';
import {type Arguments, parseArguments, readOptions, usageOf} from './arguments.ts';
import {runGet} from './get.ts';
import {type Host, type Outcome, Refusal} from './host.ts';
import {runLabel} from './label.ts';
import {runPatch} from './patch.ts';
import {runVersion} from './version.ts';
import {runApply, runCreate, runDelete, runReplace, runValidate} from './write-commands.ts';

/** The exit code for what the practice cluster does not know; calicoctl itself has only 0 and 1. */
const notModelled = 70;

const commands: Readonly<Record<string, (host: Host, options: Arguments) => Outcome>> = {
	get: runGet,
	apply: runApply,
	create: runCreate,
	replace: runReplace,
	delete: runDelete,
	patch: runPatch,
	label: runLabel,
	validate: runValidate,
	version: runVersion,
};

/** Commands that calicoctl has and the practice cluster has not. */
const otherCommands = ['ipam', 'convert', 'datastore', 'cluster'];

const globalOptions = {
	'--help': {short: '-h'},
	'--version': {},
	'--log-level': {short: '-l', value: true},
	'--context': {value: true},
	'--allow-version-mismatch': {},
} as const;

const usage = 'Usage:\n  calicoctl [options] <command> [<args>...]\n';

/** Runs one calicoctl command against the practice cluster's datastore, as calicoctl of the host's version would. */
export function runCalicoctl(argv: readonly string[], host: Host): NodeAnswer {
	try {
		return dispatch(argv, host);
	} catch (error) {
		if (error instanceof NotModelledError) return {stdout: '', stderr: `${error.message}\n`, exitCode: notModelled};
		if (error instanceof Refusal) return refused(error.stdout, error.message);
		throw error;
	}
}

function dispatch(argv: readonly string[], host: Host): NodeAnswer {
	const read = readOptions(globalOptions, argv, true);
	if (!read) return refused('', usage.trimEnd());
	const {words, given} = read;
	if (given.has('--help')) return {stdout: usage, stderr: '', exitCode: 0};
	if (given.has('--version')) {
		return {stdout: "Run 'calicoctl version' to see version information.\n", stderr: '', exitCode: 0};
	}
	const [command, ...rest] = words;
	if (command === undefined) return refused('', usage.trimEnd());
	// The options before the command that also belong behind it are handed on.
	const handedOn = given.has('--allow-version-mismatch') ? ['--allow-version-mismatch'] : [];
	if (command === 'node') return runNode(rest, host);
	const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
	if (!run) {
		if (otherCommands.includes(command)) throw new NotModelledError(`calicoctl ${command}`);
		return refused('', `unknown command: "${command}"\n${usage}`);
	}
	const options = parseArguments(command, [...withOldFlag(command, rest), ...handedOn]);
	if (!options) return refused('', usageOf(command).trimEnd());
	if (options.has('--help')) return {stdout: usageOf(command), stderr: '', exitCode: 0};
	const config = options.value('--config');
	if (config !== undefined && !existsSync(resolve(host.directory, config))) {
		// The one error that the tool prints to stdout.
		return {stdout: `Error reading config file: ${config}\n`, stderr: '', exitCode: 1};
	}
	const {stdout, error} = run(host, options);
	return error === undefined ? {stdout, stderr: '', exitCode: 0} : refused(stdout, error);
}

/** `get -a` is an old name of `get -A`. */
function withOldFlag(command: string, argv: readonly string[]): readonly string[] {
	return command === 'get' ? argv.map(word => (word === '-a' ? '-A' : word)) : argv;
}

function runNode([subcommand, ...rest]: readonly string[], host: Host): NodeAnswer {
	if (subcommand !== 'status') throw new NotModelledError(`calicoctl node ${subcommand ?? ''}`.trimEnd());
	const options = parseArguments('node status', rest);
	if (!options) return refused('', usageOf('node status').trimEnd());
	if (options.has('--help')) return {stdout: usageOf('node status'), stderr: '', exitCode: 0};
	return host.nodeStatus();
}

const jsonNoise = 'error unmarshaling JSON: while decoding JSON: json: ';

/** An error as calicoctl's last step words it (massageError in calicoctl.go). */
function refused(stdout: string, message: string): ExecResult {
	const unknownField = /unknown field "([^"]+)"/.exec(message)?.[1];
	const words =
		unknownField === undefined
			? message.replace(new RegExp(`^${jsonNoise}`), '')
			: `field in document is not recognized or is in the wrong location: ${unknownField}`;
	return {stdout, stderr: `${words}\n`, exitCode: 1};
}
