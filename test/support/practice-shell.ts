import {mkdtempSync, readdirSync, readFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {cleanEnvironment, nodeBin} from './program.ts';
import {TestTerminal} from './terminal.ts';

/** An environment with a shell, the system's tools, and a runtime folder of its own. */
export function shellEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
	return cleanEnvironment({
		PATH: [nodeBin, '/usr/bin', '/bin'].join(delimiter),
		SHELL: '/bin/bash',
		XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'run-')),
		...more,
	});
}

/** What is left of practice clusters below that environment's runtime folder: files, and processes started there. */
export function leftovers({XDG_RUNTIME_DIR = ''}: Readonly<Record<string, string>>): readonly string[] {
	const processes = readdirSync('/proc').flatMap(name => {
		try {
			const mine = readFileSync(`/proc/${name}/environ`, 'utf8')
				.split('\0')
				.includes(`XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR}`);
			return mine ? [`${name} ${readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')}`] : [];
		} catch {
			// No process, or one that has ended.
			return [];
		}
	});
	return [...readdirSync(XDG_RUNTIME_DIR), ...processes];
}

/** A practice shell in a pseudo-terminal, with somebody who types. */
export class PracticeShell {
	readonly terminal: TestTerminal;
	readonly env: Readonly<Record<string, string>>;

	private constructor(terminal: TestTerminal, env: Readonly<Record<string, string>>) {
		this.terminal = terminal;
		this.env = env;
	}

	/** Opens a shell and waits for its first prompt. */
	static async open(
		args: readonly string[] = [],
		env = shellEnvironment(),
		command: readonly string[] = ['practice', 'shell'],
	): Promise<PracticeShell> {
		const terminal = new TestTerminal([...command, ...args], {cols: 160, rows: 60, env});
		const shell = new PracticeShell(terminal, env);
		await terminal.waitUntil('the first prompt', () => shell.#prompts() > 0);
		return shell;
	}

	/** Types lines, waits for the next prompt, and gives what was shown in between, the typed text included. */
	type(text: string, timeout?: number): Promise<string> {
		return this.press(`${text.replaceAll('\n', '\r')}\r`, timeout);
	}

	/** Presses keys, waits for the next prompt, and gives what was shown in between. */
	async press(keys: string, timeout?: number): Promise<string> {
		const [prompts, shown] = [this.#prompts(), this.terminal.raw.length];
		this.terminal.press(keys);
		await this.terminal.waitUntil(`a prompt after ${keys}`, () => this.#prompts() > prompts, timeout);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's control sequences
		return this.terminal.raw.slice(shown).replaceAll(/\u001B\[[\d;?]*[A-Za-z]|\r/g, '');
	}

	/** How often a prompt has been drawn. */
	#prompts(): number {
		return this.terminal.raw.match(/practice [^\r\n]*[#$] /g)?.length ?? 0;
	}
}
