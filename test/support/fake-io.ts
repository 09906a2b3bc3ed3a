import type {Io} from '../../src/commands/io.ts';

/** An Io that keeps what is written. */
export function fakeIo(overrides: Partial<Io> = {}): {
	readonly io: Io;
	readonly stdout: () => string;
	readonly stderr: () => string;
} {
	let [out, err] = ['', ''];
	const io: Io = {
		print: line => {
			out += `${line}\n`;
		},
		write: text => {
			out += text;
		},
		progress: line => {
			err += `${line}\n`;
		},
		drained: async () => undefined,
		closed: () => false,
		canAsk: false,
		onTerminal: false,
		columns: null,
		plain: false,
		env: {},
		interrupts: {
			signal: new AbortController().signal,
			exitCode: () => null,
			onSignal: () => undefined,
			leaveSigint: () => () => undefined,
		},
		version: () => '0.0.0',
		atEnd: () => undefined,
		...overrides,
	};
	return {io, stdout: () => out, stderr: () => err};
}
