import type {Recording} from '../apply/recording.ts';
import type {Interrupts} from './interrupts.ts';

/** The process as a command sees it. */
export type Io = {
	/** Writes a line of the result to standard output. */
	readonly print: (line: string) => void;
	/** Writes text to standard output as it is. */
	readonly write: (text: string) => void;
	/** Writes a line about how it goes to standard error. */
	readonly progress: (line: string) => void;
	/** Resolves when standard output has taken what was written: results can be larger than a pipe. */
	readonly drained: () => Promise<void>;
	/** Nobody reads standard output any more. */
	readonly closed: () => boolean;
	/** A person can be asked: standard input and output are both terminals. */
	readonly canAsk: boolean;
	/** Standard output is a terminal. */
	readonly onTerminal: boolean;
	/** Width of the terminal that sentences are broken for; null where there is none, or where they are read aloud. */
	readonly columns: number | null;
	/** Nothing may be redrawn (`--plain`, TERM=dumb, INK_SCREEN_READER). */
	readonly plain: boolean;
	readonly env: NodeJS.ProcessEnv;
	readonly interrupts: Interrupts;
	/** The version of this program. */
	readonly version: () => string;
	/** Where `record` keeps every tool call and event; absent where nothing is recorded. */
	readonly recording?: Recording;
	/** Has something done before the process ends, however the command ended. It must not throw. */
	readonly atEnd: (task: () => Promise<void>) => void;
};

/** The real process's Io, and what is to be done at its end. */
export type ProcessIo = Io & {readonly finish: () => Promise<void>};

/**
 * The real process. Who reads our output may go away (`| head`): a migration under way must not die of that, so a
 * closed pipe is never an error here, and what would have been written is dropped.
 */
export function processIo(
	interrupts: Interrupts,
	{plain, version}: {readonly plain: boolean; readonly version: () => string},
): ProcessIo {
	const {stdin, stdout, stderr, env} = process;
	const isPlain = plain || env.TERM === 'dumb' || env.INK_SCREEN_READER === 'true';
	const closed = new Set<NodeJS.WritableStream>();
	const tasks: (() => Promise<void>)[] = [];
	for (const stream of [stdout, stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') throw error;
			closed.add(stream);
		});
	}
	const writeTo = (stream: NodeJS.WritableStream, text: string) => {
		if (!closed.has(stream)) stream.write(text);
	};
	return {
		print: line => writeTo(stdout, `${line}\n`),
		write: text => writeTo(stdout, text),
		progress: line => writeTo(stderr, `${line}\n`),
		closed: () => closed.has(stdout),
		drained: async () => {
			if (stdout.writableNeedDrain) await new Promise<void>(resolve => whenWritable(stdout, resolve));
		},
		canAsk: stdin.isTTY === true && stdout.isTTY === true,
		onTerminal: stdout.isTTY === true,
		columns: stdout.isTTY && !isPlain ? stdout.columns : null,
		plain: isPlain,
		env,
		interrupts,
		version,
		atEnd: task => void tasks.push(task),
		finish: async () => void (await Promise.all(tasks.map(task => task()))),
	};
}

function whenWritable(stream: NodeJS.WritableStream, resolve: () => void): void {
	const settle = () => {
		stream.off('drain', settle);
		stream.off('error', settle);
		resolve();
	};
	stream.on('drain', settle);
	stream.on('error', settle);
}
