import {chmodSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {createInterface} from 'node:readline';
import type {PracticeCluster, Reply, Request} from './cluster.ts';

/** A practice cluster behind a Unix socket. */
export type PracticeServer = {
	readonly path: string;
	/** Closes the socket and every connection on it. */
	close(): Promise<void>;
};

/**
 * Lets other processes use the cluster: each connection sends one line of JSON a command,
 * `{file, argv, input, directory}`, and gets one line back, `{stdout, stderr, exitCode}`, or `{"killed":true}`.
 * A command that never ends gets no line. The socket is for this user only (mode 0600); its folder should be too.
 */
export async function servePractice(cluster: PracticeCluster, path: string): Promise<PracticeServer> {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		// A caller that goes away early is no fault: what it asked for is done all the same.
		socket.on('error', () => socket.destroy());
		createInterface({input: socket, crlfDelay: Number.POSITIVE_INFINITY}).on('line', async line => {
			const answer = await answerTo(cluster, line);
			if (answer !== undefined && socket.writable) socket.write(`${answer}\n`);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(path, resolve);
	});
	chmodSync(path, 0o600);
	return {
		path,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}

async function answerTo(cluster: PracticeCluster, line: string): Promise<string | undefined> {
	const reply = await runLine(cluster, line);
	if (reply === 'silence') return undefined;
	if (reply.failure) return JSON.stringify({killed: true});
	const {stdout, stderr, exitCode} = reply;
	return JSON.stringify({stdout, stderr, exitCode});
}

async function runLine(cluster: PracticeCluster, line: string): Promise<Awaited<Reply>> {
	try {
		// What connects is this program's own small client.
		return await cluster.run(JSON.parse(line) as Request);
	} catch (error) {
		// A bug in the practice cluster must reach the one who asked, not end the process that serves the others.
		return {stdout: '', stderr: `practice cluster: ${error instanceof Error ? error.stack : error}\n`, exitCode: 70};
	}
}
