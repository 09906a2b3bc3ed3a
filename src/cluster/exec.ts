/** What a finished command left behind. */
export type ExecResult = {
	readonly stdout: string;
	readonly stderr: string;
	/** The program's exit code; null where it has none: see `failure`. */
	readonly exitCode: number | null;
	/** Why there is no exit code. `timeout` and `aborted` say nothing about whether the command took effect. */
	readonly failure?: 'not-found' | 'not-executable' | 'timeout' | 'aborted' | 'killed';
};

export type ExecOptions = {
	readonly input?: string;
	readonly signal?: AbortSignal;
	/** Milliseconds of real time after which the command is killed. Always given. */
	readonly timeout: number;
};

/** The one thin port to the outside: runs a program without a shell. Never throws for a failing program. */
export type Exec = (file: string, args: readonly string[], options: ExecOptions) => Promise<ExecResult>;
