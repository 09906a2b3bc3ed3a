import {quoteForShell} from '../cluster/node-shell.ts';
import type {Command} from '../cluster/port.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';

/** A command's program and arguments as they can be typed into a shell. */
export function typedLine({file, args}: Command): string {
	return [file, ...args].map(word => quoteForShell(sanitize(word))).join(' ');
}

/** A command as it can be typed into a shell; what it reads from standard input follows as a here-document. */
export function commandLine(command: Command): string {
	const {input} = command;
	const line = typedLine(command);
	return input === undefined ? line : `${line} <<'EOF'\n${sanitizeLines(input).trimEnd()}\nEOF`;
}
