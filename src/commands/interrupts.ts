/** Signals that ask the program to end, with the exit code a shell expects: 128 and the signal's number. */
const exitCodes = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const;

/** What the program was asked by signals. */
export type Interrupts = {
	/** Aborts at the first signal. Its reason is an Interrupted. */
	readonly signal: AbortSignal;
	/** Exit code of the first signal; null as long as none came. */
	readonly exitCode: () => number | null;
	/** Calls back at every signal, the first included. */
	readonly onSignal: (listener: () => void) => void;
	/** From now on SIGINT (Ctrl+C) is for the program in front alone, until what this gives is called. */
	readonly leaveSigint: () => () => void;
};

/** Why something stopped: a signal, or a person who cancelled. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
	readonly exitCode: number;
	constructor(exitCode: number) {
		super('interrupted');
		this.exitCode = exitCode;
	}
}

/**
 * Takes over SIGINT, SIGTERM and SIGHUP. The first lets a run finish its write and go back, the second lets it stop;
 * a third ends the process at once, should something hang.
 */
export function catchSignals(): Interrupts {
	const controller = new AbortController();
	const listeners: (() => void)[] = [];
	let first: number | null = null;
	let count = 0;
	let leavesSigint = false;
	for (const [name, code] of Object.entries(exitCodes)) {
		process.on(name, () => {
			if (leavesSigint && name === 'SIGINT') return;
			count += 1;
			first ??= code;
			if (count >= 3) process.exit(code);
			controller.abort(new Interrupted(code));
			for (const listener of listeners) listener();
		});
	}
	return {
		signal: controller.signal,
		exitCode: () => first,
		onSignal: listener => void listeners.push(listener),
		leaveSigint: () => {
			leavesSigint = true;
			return () => {
				leavesSigint = false;
			};
		},
	};
}
