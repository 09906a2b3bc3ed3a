import {isatty} from 'node:tty';

/** Exit code of SIGHUP. */
const hangup = 129;

/**
 * Whether the terminal is gone, so that there is nothing to draw on and nowhere to print to. SIGHUP alone does not say
 * so: `kill -HUP` sends it too.
 */
export function isHungUp(signal: AbortSignal): boolean {
	return signal.aborted && signal.reason === hangup && !isatty(process.stdout.fd);
}

/** Node 20 aborts when it restores a terminal that is gone (ResetStdio); ending by the signal itself avoids that. */
export function dieOfHangup(): void {
	process.once('exit', () => {
		process.removeAllListeners('SIGHUP');
		process.kill(process.pid, 'SIGHUP');
	});
}
