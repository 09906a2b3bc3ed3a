import {readdirSync, readFileSync} from 'node:fs';

/** Milliseconds that a program gets to end after SIGHUP. */
const patience = 500;

/**
 * Ends the programs that were started in a practice shell and outlived it, such as `watch calicoctl node status` where
 * the shell was killed. They are known by the socket in their environment; only Linux shows that (/proc). Elsewhere the
 * tools end when the socket closes.
 */
export async function endLeftovers(socket: string): Promise<void> {
	const deadline = Date.now() + patience;
	for (const pid of processesWith(socket)) signal(pid, 'SIGHUP');
	while (processesWith(socket).length > 0) {
		if (Date.now() > deadline) for (const pid of processesWith(socket)) signal(pid, 'SIGKILL');
		await new Promise(resolve => setTimeout(resolve, 10));
	}
}

function processesWith(socket: string): readonly number[] {
	const setting = `PRACTICE_SOCKET=${socket}`;
	return pids().filter(pid => pid !== process.pid && environmentOf(pid).includes(setting));
}

function pids(): readonly number[] {
	try {
		return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [Number(name)] : []));
	} catch {
		return [];
	}
}

function environmentOf(pid: number): readonly string[] {
	try {
		return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
	} catch {
		// It has ended, or it is somebody else's. A zombie's reads as empty.
		return [];
	}
}

function signal(pid: number, name: NodeJS.Signals): void {
	try {
		process.kill(pid, name);
	} catch {
		// It has ended meanwhile.
	}
}
