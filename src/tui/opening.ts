import {sanitize} from '../cluster/sanitize.ts';
import {enterAlternateScreen} from './alternate-screen.ts';

/**
 * Takes the screen over and says whose it is, before Ink is there: Ink takes longer to load than all the rest
 * together, and keys pressed meanwhile would be echoed by the terminal and lost. Ink draws over these words.
 * @returns the way back to the normal screen.
 */
export function openScreen(cluster: string): () => void {
	const {stdin, stdout} = process;
	stdin.setRawMode(true);
	const leave = enterAlternateScreen(stdout);
	stdout.write(`calico-rr-wizard  ${sanitize(cluster)}\r`);
	return leave;
}
