import {quoteForShell} from '../cluster/node-shell.ts';
import type {Command} from '../cluster/port.ts';

/** A command as one could type it; what goes to its standard input stands in the diff above it. */
export function commandLine({file, args, input}: Command): string {
	const typed = [file, ...args].map(quoteForShell).join(' ');
	return input === undefined ? typed : `${typed} < the YAML above`;
}
