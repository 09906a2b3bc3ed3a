/** Something the user can mend: what happened, what it means, what to do next. Anything else that is thrown is a bug. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly next: readonly string[];
	readonly exitCode: number;
	constructor(message: string, {next = [], exitCode = 2}: {next?: readonly string[]; exitCode?: number} = {}) {
		super(message);
		this.next = next;
		this.exitCode = exitCode;
	}
}
