import {checkbox, input, select} from '@inquirer/prompts';
import {Cancelled, type Prompts} from './questions.ts';

/** ASCII marks: a screen reader says them, and every terminal has them. */
const theme = {prefix: {idle: '?', done: '>'}, icon: {cursor: '>', checked: '[x]', unchecked: '[ ]'}} as const;

/**
 * Prompts on the terminal. Loads a large package: to be imported where somebody can be asked.
 * @param signal ends the question that is open.
 */
export function createPrompts(signal: AbortSignal): Prompts {
	const ask = async <T>(question: () => Promise<T>): Promise<T> => {
		try {
			return await question();
		} catch (error) {
			// ExitPromptError: Ctrl+C. AbortPromptError: our signal.
			if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name)) throw new Cancelled('cancelled');
			throw error;
		}
	};
	return {
		many: ({text, options, chosen, check}) =>
			ask(() =>
				checkbox(
					{
						message: text,
						theme,
						pageSize: 12,
						loop: false,
						choices: options.map(({value, label}) => ({value, name: label, checked: chosen.includes(value)})),
						validate: selected => check(selected.map(({value}) => value)) ?? true,
					},
					{signal},
				),
			),
		one: ({text, options, chosen}) =>
			ask(() =>
				select(
					{
						message: text,
						theme: {prefix: theme.prefix, icon: {cursor: theme.icon.cursor}},
						loop: false,
						choices: options.map(({value, label, hint}) => ({
							value,
							name: label,
							...(hint ? {description: hint} : {}),
						})),
						...(chosen === undefined ? {} : {default: chosen}),
					},
					{signal},
				),
			),
		line: ({text, start, check}) =>
			ask(() =>
				input(
					{
						message: text,
						theme: {prefix: theme.prefix},
						...(start === undefined ? {} : {default: start}),
						validate: value => check(value) ?? true,
					},
					{signal},
				),
			),
	};
}
