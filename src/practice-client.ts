import {readFileSync} from 'node:fs';
import {connect, type Socket} from 'node:net';
import {constants} from 'node:os';
import type {ServedRequest, Start} from './practice/server.ts';

/**
 * Runs one command on the practice cluster behind the socket PRACTICE_SOCKET and ends as it does. Its arguments are the
 * command's name and arguments. It is started for every command, so it loads next to nothing.
 */
const [file = '', ...words] = process.argv.slice(2);
const {env} = process;

/** What a command through the socket comes to, as one line of JSON. */
type Line = {
	readonly stdout?: string;
	readonly stderr?: string;
	readonly exitCode?: number;
	readonly killed?: true;
	readonly start?: Start;
};

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

/** `-f -`, `--filename=-`, `ip -batch -`, and the same inside a command for ssh; `kubectl exec -i`. */
function readsInput(argv: readonly string[]): boolean {
	const parts = argv.flatMap(word => word.split(/[\s|;&]+/));
	const isInteractive = parts.includes('exec') && parts.some(part => /^-[it]*i[it]*$|^--stdin(?:=true)?$/.test(part));
	return isInteractive || parts.some(part => /^(?:-[fb]|.*=)?-$/.test(part));
}

/** Files that only this process can read: `/dev/stdin`, and bash's `<(…)`. */
const ownFile = /^(-f|--filename=)?(\/dev\/stdin|\/(?:dev|proc\/self)\/fd\/\d+)$/;

/** The command with the one such file as its input. */
async function prepare(): Promise<{readonly argv: readonly string[]; readonly input: string | undefined}> {
	const paths = [...new Set(words.flatMap(word => ownFile.exec(word)?.[2] ?? []))];
	const [path, ...more] = paths;
	if (path === undefined) {
		return {argv: words, input: readsInput(words) ? await readInput() : undefined};
	}
	if (more.length > 0 || readsInput(words)) fail(`${file}: the practice cluster reads one such file at a time`);
	const argv = words.map(word => word.replace(ownFile, (_all, flag: string = '') => `${flag}-`));
	return {argv, input: path === '/dev/stdin' ? await readInput() : readFileSync(path, 'utf8')};
}

async function readInput(): Promise<string> {
	let text = '';
	for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
	return text;
}

function firstLine(socket: Socket): Promise<string> {
	return new Promise(resolve => {
		let text = '';
		socket.setEncoding('utf8').on('data', (chunk: string) => {
			text += chunk;
			if (chunk.includes('\n')) resolve(text);
		});
		socket.on('close', () => {
			if (!text.includes('\n')) fail(`${file}: the practice cluster went away without an answer`);
		});
	});
}

/** Runs a program in this one's place. When the practice cluster goes, it goes too. */
async function start({argv, env: more}: Start, input: string | undefined, socket: Socket): Promise<void> {
	const [{spawn}, {interactiveShell}] = await Promise.all([
		import('node:child_process'),
		import('./practice/host/shells.ts'),
	]);
	const shell = argv ? {argv, env: {}} : interactiveShell(env, env.PRACTICE_FOLDER ?? '');
	const [program, ...args] = shell.argv;
	const child = spawn(program, args, {
		env: {...env, ...shell.env, ...more},
		stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
	});
	child.on('error', (error: NodeJS.ErrnoException) => {
		process.stderr.write(`${file}: ${program}: ${error.code === 'ENOENT' ? 'command not found' : error.message}\n`);
		process.exit(127);
	});
	child.stdin?.on('error', () => undefined).end(input);
	socket.on('close', () => child.kill('SIGHUP'));
	// Ctrl+C is for the program in front; this process ends when that does.
	process.on('SIGINT', () => undefined);
	for (const name of ['SIGHUP', 'SIGTERM'] as const) process.on(name, () => child.kill(name));
	child.on('exit', (code, name) => {
		socket.destroy();
		process.exit(code ?? 128 + (name ? constants.signals[name] : 0));
	});
}

async function run(path: string): Promise<void> {
	const {argv, input} = await prepare();
	const socket = connect(path);
	socket.on('error', error => fail(`${file}: ${error.message}`));
	const request: ServedRequest = {
		file,
		argv,
		directory: process.cwd(),
		...(input !== undefined && {input}),
		...(env.PRACTICE_NODE && {node: env.PRACTICE_NODE}),
		...(env.PRACTICE_ROOT && {root: true}),
	};
	socket.write(`${JSON.stringify(request)}\n`);
	const answer = JSON.parse(await firstLine(socket)) as Line;
	if (answer.start) return start(answer.start, input, socket);
	socket.destroy();
	if (answer.killed) process.kill(process.pid, 'SIGKILL');
	process.stdout.write(answer.stdout ?? '');
	process.stderr.write(answer.stderr ?? '');
	process.exitCode = answer.exitCode ?? 1;
}

if (!env.PRACTICE_SOCKET) fail(`${file}: PRACTICE_SOCKET is not set`);
await run(env.PRACTICE_SOCKET);
