import {chmodSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {createInterface} from 'node:readline';
import type {Reply, Request} from './cluster.ts';

/** A practice cluster behind a Unix socket. */
export type PracticeServer = {
	readonly path: string;
	/** Closes the socket and every connection on it. */
	close(): Promise<void>;
};

/** A command as it comes through the socket. */
export type ServedRequest = Request & {
	/** The node whose shell it is typed in; the cluster's own where nothing is said. */
	readonly node?: string;
	/** It is typed by root. */
	readonly root?: boolean;
};

/** The caller shall start a program itself, with this more in its environment, and end as that program does. */
export type Start = {
	/** The program and its arguments; null is the shell of who practises. */
	readonly argv: readonly [string, ...string[]] | null;
	readonly env: Readonly<Record<string, string>>;
};

/** What a command through the socket comes to. */
export type Answer = Awaited<Reply> | {readonly start: Start};

/** What answers commands: a practice cluster, or something in front of one. */
export type Answering = {run(request: ServedRequest): Answer | Promise<Answer>};

/**
 * Lets other processes use the cluster: each connection sends one line of JSON a command, a ServedRequest, and gets one
 * line back: `{stdout, stderr, exitCode}`, `{"killed":true}` or `{start}`. A command that never ends gets no line. The
 * socket is for this user only (mode 0600); its folder should be too.
 */
export async function servePractice(cluster: Answering, path: string): Promise<PracticeServer> {
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		// A caller that goes away early is no fault: what it asked for is done all the same.
		socket.on('error', () => socket.destroy());
		const lines = createInterface({input: socket, crlfDelay: Number.POSITIVE_INFINITY});
		// It hands its input's errors on, and one that nobody listens to ends the process.
		lines.on('error', () => undefined);
		lines.on('line', async line => {
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

async function answerTo(cluster: Answering, line: string): Promise<string | undefined> {
	const answer = await runLine(cluster, line);
	if (answer === 'silence') return undefined;
	if ('start' in answer) return JSON.stringify(answer);
	if (answer.failure) return JSON.stringify({killed: true});
	const {stdout, stderr, exitCode} = answer;
	return JSON.stringify({stdout, stderr, exitCode});
}

async function runLine(cluster: Answering, line: string): Promise<Answer> {
	try {
		// What connects is this program's own small client.
		return await cluster.run(JSON.parse(line) as ServedRequest);
	} catch (error) {
		// A bug in the practice cluster must reach the one who asked, not end the process that serves the others.
		return {stdout: '', stderr: `practice cluster: ${error instanceof Error ? error.stack : error}\n`, exitCode: 70};
	}
}
