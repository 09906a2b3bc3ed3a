import type {Exec, ExecResult} from '../../../cluster/exec.ts';

/** Milliseconds that a command of the engine's own may take; it takes some ten. */
const patience = 20_000;

/** A command that the engine needs failed: the machine is not as it must be, or this program is wrong. */
export class EngineError extends Error {
	override readonly name = 'EngineError';
}

/** A network namespace of the engine's: a node, by its number; the switch that joins all; what is outside the cluster. */
export type Part = number | 'switch' | 'outside';

/** The engine's hands on this machine. */
export type Host = {
	readonly namespace: (part: Part) => string;
	/** Runs a program here and gives its standard output. @throws EngineError */
	run(argv: readonly string[], input?: string): Promise<string>;
	/** The same in a namespace. @throws EngineError */
	runIn(part: Part, argv: readonly string[], input?: string): Promise<string>;
	/** Runs a program here and gives whatever comes of it; `timeout` in milliseconds. */
	attempt(argv: readonly string[], input: string, timeout: number): Promise<ExecResult>;
	/** Runs a program in a namespace and gives whatever comes of it. */
	tryIn(part: Part, argv: readonly string[], input: string, timeout: number): Promise<ExecResult>;
};

/** `name` is the engine's own on this machine; its namespaces' names begin with it. */
export function createHost(exec: Exec, name: string): Host {
	const namespace = (part: Part): string => `${name}-${part}`;
	const inside = (part: Part, argv: readonly string[]): readonly string[] => [
		'ip',
		'netns',
		'exec',
		namespace(part),
		...argv,
	];
	const attempt = ([file = '', ...args]: readonly string[], input: string, timeout: number): Promise<ExecResult> =>
		exec(file, args, {input, timeout});
	const run = async (argv: readonly string[], input = ''): Promise<string> => {
		const {stdout, stderr, exitCode, failure} = await attempt(argv, input, patience);
		if (exitCode === 0) return stdout;
		const words = (stderr || stdout).trim() || `exit code ${exitCode ?? failure}`;
		throw new EngineError(`${argv.join(' ')} failed: ${words}`);
	};
	return {
		namespace,
		attempt,
		run,
		runIn: (part, argv, input) => run(inside(part, argv), input),
		tryIn: (part, argv, input, timeout) => attempt(inside(part, argv), input, timeout),
	};
}

/** What `ip` or `bridge` reads with `-batch -`: a command a line. */
export function lines(text: readonly string[]): string {
	return text.map(line => `${line}\n`).join('');
}
