import {writeSync} from 'node:fs';

/**
 * Shows an empty screen of our own and gives the way back to the normal one, which is also taken when the process ends
 * in any other way. Ink 6 has no such option.
 */
export function enterAlternateScreen(stdout: NodeJS.WriteStream & {readonly fd: number}): () => void {
	write(stdout.fd, '\u001B[?1049h\u001B[H');
	let isLeft = false;
	const leave = (): void => {
		if (isLeft) return;
		isLeft = true;
		process.off('exit', leave);
		write(stdout.fd, '\u001B[?1049l\u001B[?25h');
	};
	process.once('exit', leave);
	return leave;
}

function write(fd: number, text: string): void {
	try {
		writeSync(fd, text);
	} catch {
		// A terminal that is gone (SIGHUP) needs no restoring.
	}
}

/**
 * The stream as Ink shall have it. "Erase the scrollback" (CSI 3J) is taken out: Ink 6 sends it whenever the terminal
 * becomes lower than the last frame, and it would take the user's shell history off the normal screen. And once the
 * terminal is gone nothing is written any more: the error (EIO) would end a run that is still going back.
 */
export function guardedStream(stdout: NodeJS.WriteStream, isGone: () => boolean): NodeJS.WriteStream {
	return new Proxy(stdout, {
		get(target, property) {
			if (property === 'write') {
				return (data: string | Uint8Array, ...rest: readonly unknown[]) => {
					if (!isGone())
						return target.write(typeof data === 'string' ? data.replaceAll('\u001B[3J', '') : data, ...(rest as []));
					for (const done of rest) if (typeof done === 'function') done();
					return true;
				};
			}
			const value: unknown = Reflect.get(target, property, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
}
