import {tmpdir} from 'node:os';
import {type IPty, spawn} from '@lydell/node-pty';
import {Unicode11Addon} from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import {cleanEnvironment, program} from './program.ts';

/** An asciinema v2 recording: seconds since the start, `o` for output, `r` for a resize. */
export type CastEvent = readonly [seconds: number, type: 'o' | 'r', data: string];

export type TerminalOptions = {
	readonly cols?: number;
	readonly rows?: number;
	readonly env?: Readonly<Record<string, string>>;
};

/** What a key sends, as xterm does. */
export const keys = {
	up: '\u001B[A',
	down: '\u001B[B',
	right: '\u001B[C',
	left: '\u001B[D',
	enter: '\r',
	escape: '\u001B',
	space: ' ',
	tab: '\t',
	shiftTab: '\u001B[Z',
	backspace: '\u007F',
	ctrlC: '\u0003',
	ctrlD: '\u0004',
	pageDown: '\u001B[6~',
	pageUp: '\u001B[5~',
} as const;

/** The built program (or another) in a real pseudo-terminal, seen through a real terminal emulator. */
export class TestTerminal {
	readonly events: CastEvent[] = [];
	/** The exit code, once the program has ended and all its output is on the screen. */
	readonly exit: Promise<number>;
	/** All output as it came. */
	raw = '';
	readonly #pty: IPty;
	readonly #screen: InstanceType<typeof xterm.Terminal>;
	readonly #started = performance.now();
	#pending: Promise<void> = Promise.resolve();
	#ended = false;

	constructor(
		args: readonly string[],
		{cols = 100, rows = 30, env = {}}: TerminalOptions = {},
		file = process.execPath,
	) {
		this.#screen = new xterm.Terminal({cols, rows, allowProposedApi: true, scrollback: 1000});
		// xterm's own table thinks some characters are 1 wide that terminals draw 2 wide.
		this.#screen.loadAddon(new Unicode11Addon());
		this.#screen.unicode.activeVersion = '11';
		const environment = cleanEnvironment(env);
		const all = file === process.execPath ? [program, ...args] : [...args];
		this.#pty = spawn(file, all, {
			cols,
			rows,
			cwd: tmpdir(),
			env: environment,
			name: environment.TERM ?? 'xterm-256color',
		});
		this.#pty.onData(data => {
			this.raw += data;
			this.events.push([this.seconds(), 'o', data]);
			this.#pending = this.#pending.then(() => new Promise(resolve => this.#screen.write(data, resolve)));
		});
		// The terminal's answers (cursor position, device attributes) go back to the program.
		this.#screen.onData(data => this.#pty.write(data));
		this.exit = new Promise(resolve => {
			this.#pty.onExit(({exitCode, signal}) => {
				this.#ended = true;
				void this.#pending.then(() => resolve(signal ? 128 + signal : exitCode));
			});
		});
	}

	/** Seconds since the start, as the events have them. */
	seconds(): number {
		return (performance.now() - this.#started) / 1000;
	}

	/** The visible screen as text. */
	text(): string {
		const buffer = this.#screen.buffer.active;
		const lines = Array.from({length: this.#screen.rows}, (_, row) => this.#line(buffer.viewportY + row));
		return lines.join('\n').trimEnd();
	}

	/** All that can be scrolled to, the visible screen included. */
	history(): string {
		const {length} = this.#screen.buffer.active;
		return Array.from({length}, (_, row) => this.#line(row))
			.join('\n')
			.trimEnd();
	}

	#line(row: number): string {
		return this.#screen.buffer.active.getLine(row)?.translateToString(true) ?? '';
	}

	/** Whether a full-screen program has the screen. */
	get isAlternate(): boolean {
		return this.#screen.buffer.active.type === 'alternate';
	}

	/** The screen once it shows that; an error with the last screen in it otherwise. */
	async waitFor(expected: string | RegExp, timeout = 20_000): Promise<string> {
		return this.waitUntil(
			`the screen to show ${expected}`,
			text => (typeof expected === 'string' ? text.includes(expected) : expected.test(text)),
			timeout,
		);
	}

	/** The screen once it is as it should be. */
	async waitUntil(what: string, isSo: (text: string) => boolean, timeout = 20_000): Promise<string> {
		const deadline = performance.now() + timeout;
		for (;;) {
			const over = this.#ended || performance.now() > deadline;
			await this.#pending;
			const text = this.text();
			if ((over || !this.#isDrawing()) && isSo(text)) return text;
			if (over)
				throw new Error(
					`${this.#ended ? 'the program ended' : 'timed out'} waiting for ${what}; the screen was:\n${text}`,
				);
			await new Promise(resolve => setTimeout(resolve, 10));
		}
	}

	/** Whether a frame has begun and not ended: its text may come in several pieces (synchronized output, mode 2026). */
	#isDrawing(): boolean {
		return this.raw.lastIndexOf('\u001B[?2026h') > this.raw.lastIndexOf('\u001B[?2026l');
	}

	press(text: string): void {
		this.#pty.write(text);
	}

	resize(cols: number, rows: number): void {
		this.events.push([this.seconds(), 'r', `${cols}x${rows}`]);
		this.#pty.resize(cols, rows);
		this.#screen.resize(cols, rows);
	}

	signal(name: NodeJS.Signals): void {
		this.#pty.kill(name);
	}

	/** The process of the program. */
	get pid(): number {
		return this.#pty.pid;
	}

	/** Closes the terminal's window: the program's side of it is gone, and the kernel sends SIGHUP. */
	hangUp(): void {
		(this.#pty as IPty & {destroy(): void}).destroy();
	}

	/** Ends the program if it has not ended. */
	async close(): Promise<void> {
		if (!this.#ended) this.#pty.kill('SIGKILL');
		await this.exit;
	}
}
