import type {ClusterIdentity} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {UserError} from '../core/user-error.ts';
import {Cancelled} from '../plain/questions.ts';
import {confirmationWord} from '../wizard/steps.ts';
import type {Io} from './io.ts';
import type {Options} from './table.ts';

/**
 * Whether the cluster may be changed as just shown: by `--yes`, or by a word typed.
 * @throws UserError (exit code 2) where nobody can be asked.
 */
export async function agreed({yes, json}: Options, identity: ClusterIdentity, io: Io): Promise<boolean> {
	if (yes || (identity.practice && !io.canAsk)) return true;
	if (!io.canAsk || json) {
		throw new UserError('The cluster is changed only after a yes, and there is no terminal to ask on.', {
			next: ['Give --yes.'],
		});
	}
	const word = confirmationWord(identity);
	const {createPrompts} = await import('../plain/prompts.ts');
	try {
		const typed = await createPrompts(io.interrupts.signal).line({
			text: `Type ${sanitize(word)} to change the cluster, or nothing to leave:`,
			check: value => (['', word].includes(value.trim()) ? undefined : `Type ${sanitize(word)}, or nothing.`),
		});
		return typed.trim() === word;
	} catch (error) {
		if (error instanceof Cancelled) return false;
		throw error;
	}
}
