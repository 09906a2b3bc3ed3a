import {NotModelledError} from '../datastore/errors.ts';
import type {Arguments} from './arguments.ts';
import {klogLine} from './klog.ts';
import type {Outcome} from './outcome.ts';

/** How often kubectl 1.32 asks for the API groups, each time with a line of its log, before each command gives up. */
const attempts: Readonly<Record<string, number>> = {
	get: 5,
	patch: 5,
	label: 5,
	annotate: 5,
	delete: 7,
	exec: 4,
	'auth can-i': 2,
	'auth whoami': 0,
	'api-resources': 1,
	'api-versions': 1,
	version: 0,
	create: 0,
	apply: 0,
	replace: 0,
};

/** What kubectl cannot do at all, and how it says so. */
export type Trouble = {
	/** Why it could not ask for the API groups. */
	readonly groups: string;
	/** The last line. */
	readonly last: string;
	/** The last line of commands that ask no groups. */
	readonly plain: string;
};

/** No process listens there. */
export function refusedBy(server: string): Trouble {
	const {hostname, host} = new URL(server);
	if (hostname !== '127.0.0.1' && hostname !== 'localhost') {
		throw new NotModelledError(`an API server at ${server}`);
	}
	const groups = `Get "${server}/api?timeout=32s": dial tcp ${host}: connect: connection refused`;
	const last = `The connection to the server ${host} was refused - did you specify the right host or port?`;
	return {groups, last, plain: last};
}

/** The API server answers 401 to everything. */
export const unauthorized: Trouble = {
	groups: 'the server has asked for the client to provide credentials',
	last: 'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
	plain: 'error: You must be logged in to the server (Unauthorized)',
};

/** What a command prints when it cannot even learn what the API server serves. */
export function failWith(options: Arguments, trouble: Trouble, now: number): Outcome {
	const {command} = options;
	const count = options.value('raw') === undefined ? (attempts[command] ?? 5) : 0;
	const message = `"Unhandled Error" err="couldn't get current server API group list: ${escaped(trouble.groups)}"`;
	const line = klogLine('E', now, 'memcache.go:265', message);
	const noise = Array.from({length: count}, () => line).join('');
	return {stdout: heading(command), stderr: `${noise}${warning(options)}${lastLine(options, trouble)}\n`, exitCode: 1};
}

function heading(command: string): string {
	return command === 'api-resources' ? 'NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND\n' : '';
}

function warning({command, words}: Arguments): string {
	return command === 'auth can-i' ? `Warning: the server doesn't have a resource type '${words[1] ?? ''}'\n\n` : '';
}

function lastLine(options: Arguments, {groups, last, plain}: Trouble): string {
	switch (options.command) {
		case 'create':
		case 'apply':
		case 'replace': {
			const reason = groups.replace('/api?', '/openapi/v2?');
			return `error: error validating "${sourceOf(options)}": error validating data: failed to download openapi: ${reason}; if you choose to ignore these errors, turn validation off with --validate=false`;
		}
		case 'api-versions':
			return `error: couldn't get available api versions from server: ${groups}`;
		case 'auth can-i':
			return plain;
		default:
			return options.value('raw') === undefined ? last : plain;
	}
}

function sourceOf(options: Arguments): string {
	const filename = options.value('filename') ?? '-';
	return filename === '-' ? 'STDIN' : filename;
}

function escaped(text: string): string {
	return text.replaceAll('"', '\\"');
}
