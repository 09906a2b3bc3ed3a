/** How a command goes wrong. */
export type FaultKind =
	/** It exits 1 with an error and has changed nothing. */
	| 'fail'
	/** It never ends, and has changed nothing. */
	| 'hang-without-effect'
	/** It never ends, but what it was to do is done. */
	| 'hang-after-effect'
	/** It is killed before it did anything. */
	| 'killed'
	/** It is killed when all is done, before it could say so. */
	| 'answer-lost';

/** A fault that tests put into a practice cluster. */
export type Fault = {
	/** Which commands: the file and its arguments, or an expression for them joined by blanks. */
	readonly match: RegExp | ((file: string, argv: readonly string[], input: string) => boolean);
	readonly kind: FaultKind;
	/** How many commands it strikes; 1 unless given. */
	readonly times?: number;
	/** How many matching commands go well before. */
	readonly after?: number;
	/** What `fail` prints to stderr, and its exit code, 1 unless given. */
	readonly stderr?: string;
	readonly exitCode?: number;
};

/** The faults of a practice cluster that are still to strike. */
export type Faults = {
	add(fault: Fault): void;
	clear(): void;
	/** The fault that strikes this command, counted as struck; undefined where it goes well. */
	take(file: string, argv: readonly string[], input: string): Fault | undefined;
};

export function createFaults(): Faults {
	let pending: {readonly fault: Fault; pass: number; left: number}[] = [];
	return {
		add: fault => {
			pending.push({fault, pass: fault.after ?? 0, left: fault.times ?? 1});
		},
		clear: () => {
			pending = [];
		},
		take: (file, argv, input) => {
			for (const entry of pending) {
				const {match} = entry.fault;
				const matches = match instanceof RegExp ? match.test([file, ...argv].join(' ')) : match(file, argv, input);
				if (!matches) continue;
				if (entry.pass > 0) {
					entry.pass -= 1;
					continue;
				}
				entry.left -= 1;
				if (entry.left <= 0) pending = pending.filter(other => other !== entry);
				return entry.fault;
			}
			return undefined;
		},
	};
}
