import type {Command} from './port.ts';

/** Why a tool refused or failed, told apart from what it printed. */
export type ClusterErrorKind =
	| 'missing'
	| 'exists'
	| 'conflict'
	| 'forbidden'
	| 'invalid'
	| 'version-mismatch'
	| 'unreachable'
	| 'timeout'
	| 'tool-not-found'
	| 'aborted'
	| 'unreadable-answer'
	/** The server cannot try this write without doing it. */
	| 'no-dry-run'
	| 'failed';

/** What is known about a tool's failure beside its kind. */
export type ClusterErrorDetail = {
	readonly command: Command;
	/** What the tool printed, noise taken out, otherwise as it came. */
	readonly words: string;
	readonly exitCode: number | null;
	/** What the user can do next. */
	readonly next: readonly string[];
	/** False when the command may or may not have taken effect (killed, timed out). */
	readonly settled: boolean;
};

/** A tool's failure, with its own words. */
export class ClusterError extends Error {
	override readonly name = 'ClusterError';
	readonly kind: ClusterErrorKind;
	readonly detail: ClusterErrorDetail;
	/** `message` is one sentence of ours. */
	constructor(kind: ClusterErrorKind, message: string, detail: ClusterErrorDetail) {
		super(message);
		this.kind = kind;
		this.detail = detail;
	}
}
