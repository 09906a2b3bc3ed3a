import {createServer, type Socket} from 'node:net';
import {fileURLToPath} from 'node:url';
import type {ExecResult} from '../../src/cluster/exec.ts';
import type {Call} from './fault-process.ts';

/** Folder with executables `calicoctl`, `kubectl` and `node-exec` that cost little to start. */
export const quickBin = fileURLToPath(new URL('bin-quick', import.meta.url));

/** A command that one of the tools in bin-quick was called with. */
export type ToolCall = Pick<Call, 'file' | 'argv' | 'input'>;

/** Where the tools of one process of the program are answered. */
export type ToolServer = {
	readonly port: number;
	/** Also ends every tool that still waits for its answer. */
	close(): void;
};

/** Answers the tools in bin-quick, on this machine alone. An answer that never comes leaves a tool hanging. */
export async function serveTools(answer: (call: ToolCall) => Promise<ExecResult>): Promise<ToolServer> {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		// A tool that was killed is no fault of this server.
		socket.on('error', () => socket.destroy());
		let text = '';
		let isAsked = false;
		socket.setEncoding('utf8').on('data', async (chunk: string) => {
			text += chunk;
			const call = isAsked ? undefined : parseCall(text);
			if (!call) return;
			isAsked = true;
			const result = await answer(call).catch((error: Error) => ({
				stdout: '',
				stderr: `practice cluster: ${error.stack}\n`,
				exitCode: 70,
			}));
			const {stdout, stderr, exitCode} = result;
			const code = 'failure' in result && result.failure === 'killed' ? 'killed' : (exitCode ?? 127);
			if (socket.writable) socket.end(`${[code, stdout, stderr].join('\0')}\0`);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('the server has no port');
	return {
		port: address.port,
		close() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}

/** Number of arguments, then program, arguments and input, each ended by a NUL; undefined where more is to come. */
function parseCall(text: string): ToolCall | undefined {
	const parts = text.split('\0');
	const words = Number(parts[0]);
	if (parts.length < words + 4) return undefined;
	const [, file = '', ...rest] = parts;
	return {file, argv: rest.slice(0, words), input: rest[words] ?? ''};
}
